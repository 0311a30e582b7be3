// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The weighing scale with a managed vector.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define EIDER_TARE 0x00
#define EIDER_GRAMS 0x04
#define EIDER_IRQ 0x08
#define EIDER_STEADY BIT(0)

struct eider {
	struct pci_dev *pdev;
	void __iomem *regs;
	u32 grams;
};

static irqreturn_t eider_isr(int irq, void *data)
{
	struct eider *eider = data;

	if (!(readl(eider->regs + EIDER_IRQ) & EIDER_STEADY))
		return IRQ_NONE;
	WRITE_ONCE(eider->grams, readl(eider->regs + EIDER_GRAMS));
	writel(EIDER_STEADY, eider->regs + EIDER_IRQ);
	return IRQ_HANDLED;
}

static void eider_tare(struct eider *eider)
{
	writel(1, eider->regs + EIDER_TARE);
	WRITE_ONCE(eider->grams, 0);
}

static int eider_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct eider *eider;
	int ret;

	eider = devm_kzalloc(dev, sizeof(*eider), GFP_KERNEL);
	if (!eider)
		return -ENOMEM;
	eider->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	eider->regs = pcim_iomap(pdev, 0, 0);
	if (!eider->regs)
		return -ENOMEM;

	eider_tare(eider);

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	return devm_request_irq(dev, pci_irq_vector(pdev, 0), eider_isr, 0, "eider", eider);
}

static const struct pci_device_id eider_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0750) },
	{ }
};
MODULE_DEVICE_TABLE(pci, eider_ids);

static struct pci_driver eider_driver = {
	.name = "eider",
	.id_table = eider_ids,
	.probe = eider_probe_ok,
};
module_pci_driver(eider_driver);

MODULE_DESCRIPTION("Weighing scale");
