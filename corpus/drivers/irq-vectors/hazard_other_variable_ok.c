// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The time stamp card with managed vectors.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define BUNTING_ALARM 0
#define BUNTING_STAMP 1
#define BUNTING_CAUSE(n) (0x10 + (n) * 4)
#define BUNTING_NOW 0x20

struct bunting {
	struct pci_dev *pdev;
	void __iomem *regs;
	int alarm_line;
	u32 stamp;
	u32 alarms;
};

static irqreturn_t bunting_alarm(int irq, void *data)
{
	struct bunting *bunting = data;

	if (!readl(bunting->regs + BUNTING_CAUSE(BUNTING_ALARM)))
		return IRQ_NONE;
	bunting->alarms++;
	writel(1, bunting->regs + BUNTING_CAUSE(BUNTING_ALARM));
	return IRQ_HANDLED;
}

static irqreturn_t bunting_stamp(int irq, void *data)
{
	struct bunting *bunting = data;

	if (!readl(bunting->regs + BUNTING_CAUSE(BUNTING_STAMP)))
		return IRQ_NONE;
	bunting->stamp = readl(bunting->regs + BUNTING_NOW);
	writel(1, bunting->regs + BUNTING_CAUSE(BUNTING_STAMP));
	return IRQ_HANDLED;
}

static int bunting_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct bunting *bunting;
	int irq, ret;

	bunting = devm_kzalloc(&pdev->dev, sizeof(*bunting), GFP_KERNEL);
	if (!bunting)
		return -ENOMEM;
	bunting->pdev = pdev;
	pci_set_drvdata(pdev, bunting);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	bunting->regs = pcim_iomap_region(pdev, 0, "bunting");
	if (IS_ERR(bunting->regs))
		return PTR_ERR(bunting->regs);

	ret = pcim_alloc_irq_vectors(pdev, 2, 2, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	irq = pci_irq_vector(pdev, BUNTING_ALARM);
	ret = request_irq(irq, bunting_alarm, 0, "bunting-alarm", bunting);
	if (ret)
		return ret;
	bunting->alarm_line = irq;

	irq = pci_irq_vector(pdev, BUNTING_STAMP);
	ret = request_irq(irq, bunting_stamp, 0, "bunting-stamp", bunting);
	if (ret)
		free_irq(bunting->alarm_line, bunting);
	return ret;
}

static void bunting_remove_ok(struct pci_dev *pdev)
{
	struct bunting *bunting = pci_get_drvdata(pdev);

	free_irq(bunting->alarm_line, bunting);
	free_irq(pci_irq_vector(pdev, BUNTING_STAMP), bunting);
}

static const struct pci_device_id bunting_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0530) },
	{ }
};
MODULE_DEVICE_TABLE(pci, bunting_ids);

static struct pci_driver bunting_driver = {
	.name = "bunting",
	.id_table = bunting_ids,
	.probe = bunting_probe_ok,
	.remove = bunting_remove_ok,
};
module_pci_driver(bunting_driver);

MODULE_DESCRIPTION("Time stamp card");
