// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/hwtracing/ptt/hisi_ptt.c: a trace unit whose action
 * takes the device as its void pointer and hands it straight on, and which
 * keeps the line in a field.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define SPOOR_DMA_IRQ 0
#define SPOOR_STATUS 0x890
#define SPOOR_FULL_MASK GENMASK(3, 0)
#define SPOOR_BUFFERS 4

struct spoor {
	struct pci_dev *pdev;
	void __iomem *iobase;
	int trace_irq;
	spinlock_t lock;
	u32 filled[SPOOR_BUFFERS];
};

static irqreturn_t spoor_isr(int irq, void *context)
{
	struct spoor *spoor = context;
	u32 full = readl(spoor->iobase + SPOOR_STATUS) & SPOOR_FULL_MASK;
	int buf;

	if (!full)
		return IRQ_NONE;

	scoped_guard(spinlock, &spoor->lock) {
		for (buf = 0; buf < SPOOR_BUFFERS; buf++) {
			if (full & BIT(buf))
				spoor->filled[buf]++;
		}
	}
	writel(full, spoor->iobase + SPOOR_STATUS);
	return IRQ_HANDLED;
}

static void spoor_vectors_gone(void *pdev)
{
	pci_free_irq_vectors(pdev);
}

static int spoor_setup_irq(struct spoor *spoor)
{
	struct pci_dev *pdev = spoor->pdev;
	int ret;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0) {
		pci_err(pdev, "vector not allocated: %d\n", ret);
		return ret;
	}

	ret = devm_add_action_or_reset(&pdev->dev, spoor_vectors_gone, pdev);
	if (ret < 0)
		return ret;

	spoor->trace_irq = pci_irq_vector(pdev, SPOOR_DMA_IRQ);
	ret = devm_request_irq(&pdev->dev, spoor->trace_irq, spoor_isr, 0, "spoor", spoor);
	if (ret)
		pci_err(pdev, "line %d not requested: %d\n", spoor->trace_irq, ret);
	return ret;
}

static int spoor_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct spoor *spoor;
	int ret;

	spoor = devm_kzalloc(&pdev->dev, sizeof(*spoor), GFP_KERNEL);
	if (!spoor)
		return -ENOMEM;
	spoor->pdev = pdev;
	spin_lock_init(&spoor->lock);
	pci_set_drvdata(pdev, spoor);

	ret = pcim_enable_device(pdev);
	if (ret) {
		pci_err(pdev, "not enabled: %d\n", ret);
		return ret;
	}

	ret = pcim_iomap_regions(pdev, BIT(2), "spoor");
	if (ret)
		return ret;
	spoor->iobase = pcim_iomap_table(pdev)[2];

	pci_set_master(pdev);
	return spoor_setup_irq(spoor);
}

static const struct pci_device_id spoor_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0810) },
	{ }
};
MODULE_DEVICE_TABLE(pci, spoor_ids);

static struct pci_driver spoor_driver = {
	.name = "spoor",
	.id_table = spoor_ids,
	.probe = spoor_probe_bad,
};
module_pci_driver(spoor_driver);

MODULE_DESCRIPTION("Trace unit");
