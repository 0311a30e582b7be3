// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A light sensor that never frees its vectors and yet does not leak them in a
 * hybrid tree: pcim_enable_device() silently manages what the unmanaged call
 * allocates. In a tree without that side effect it leaks.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define TERN_LUX 0x00
#define TERN_THRESHOLD 0x04
#define TERN_IRQ 0x08
#define TERN_CROSSED BIT(0)

struct tern {
	struct pci_dev *pdev;
	void __iomem *regs;
	spinlock_t lock;
	u32 lux;
};

static irqreturn_t tern_isr(int irq, void *data)
{
	struct tern *tern = data;

	if (!(readl(tern->regs + TERN_IRQ) & TERN_CROSSED))
		return IRQ_NONE;

	spin_lock(&tern->lock);
	tern->lux = readl(tern->regs + TERN_LUX);
	spin_unlock(&tern->lock);
	writel(TERN_CROSSED, tern->regs + TERN_IRQ);
	return IRQ_HANDLED;
}

static int tern_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct tern *tern;
	int ret;

	tern = devm_kzalloc(dev, sizeof(*tern), GFP_KERNEL);
	if (!tern)
		return -ENOMEM;
	tern->pdev = pdev;
	spin_lock_init(&tern->lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	tern->regs = pcim_iomap_region(pdev, 0, "tern");
	if (IS_ERR(tern->regs))
		return PTR_ERR(tern->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return dev_err_probe(dev, ret, "no MSI\n");

	ret = devm_request_irq(dev, pci_irq_vector(pdev, 0), tern_isr, 0, "tern", tern);
	if (ret)
		return ret;

	writel(500, tern->regs + TERN_THRESHOLD);
	return 0;
}

static const struct pci_device_id tern_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0601) },
	{ PCI_VDEVICE(TARN, 0x0602) },
	{ }
};
MODULE_DEVICE_TABLE(pci, tern_ids);

static struct pci_driver tern_driver = {
	.name = "tern",
	.id_table = tern_ids,
	.probe = tern_probe_bad,
};
module_pci_driver(tern_driver);

MODULE_DESCRIPTION("Light sensor");
