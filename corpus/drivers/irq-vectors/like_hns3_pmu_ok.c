// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/perf/hisilicon/hns3_pmu.c, on managed vectors: the
 * function that registers the IRQ has two steps left.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define TALLY_BAR 2
#define TALLY_COUNTERS 16
#define TALLY_OVERFLOW(n) (0x100 + (n) * 16)
#define TALLY_VALUE(n) (0x108 + (n) * 16)

struct tally_pmu {
	struct pci_dev *pdev;
	void __iomem *base;
	int irq;
	unsigned int on_cpu;
	u64 sum[TALLY_COUNTERS];
};

static irqreturn_t tally_overflow(int irq, void *data)
{
	struct tally_pmu *pmu = data;
	bool mine = false;
	int n;

	for (n = 0; n < TALLY_COUNTERS; n++) {
		if (!readl(pmu->base + TALLY_OVERFLOW(n)))
			continue;
		pmu->sum[n] += readq(pmu->base + TALLY_VALUE(n));
		writel(0, pmu->base + TALLY_OVERFLOW(n));
		mine = true;
	}
	return IRQ_RETVAL(mine);
}

static int tally_register_irq(struct pci_dev *pdev, struct tally_pmu *pmu)
{
	int line, ret;

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0) {
		pci_err(pdev, "MSI not available: %d\n", ret);
		return ret;
	}

	line = pci_irq_vector(pdev, 0);
	ret = devm_request_irq(&pdev->dev, line, tally_overflow, 0, "tally", pmu);
	if (ret) {
		pci_err(pdev, "IRQ %d refused: %d\n", line, ret);
		return ret;
	}

	pmu->irq = line;
	return irq_set_affinity(line, cpumask_of(pmu->on_cpu));
}

static int tally_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tally_pmu *pmu;
	int ret;

	pmu = devm_kzalloc(&pdev->dev, sizeof(*pmu), GFP_KERNEL);
	if (!pmu)
		return -ENOMEM;
	pmu->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	ret = pcim_iomap_regions(pdev, BIT(TALLY_BAR), "tally");
	if (ret)
		return ret;
	pmu->base = pcim_iomap_table(pdev)[TALLY_BAR];
	pci_set_drvdata(pdev, pmu);

	return tally_register_irq(pdev, pmu);
}

static const struct pci_device_id tally_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0801) },
	{ }
};
MODULE_DEVICE_TABLE(pci, tally_ids);

static struct pci_driver tally_driver = {
	.name = "tally",
	.id_table = tally_ids,
	.probe = tally_probe_ok,
};
module_pci_driver(tally_driver);

MODULE_DESCRIPTION("Counter unit of a network controller");
