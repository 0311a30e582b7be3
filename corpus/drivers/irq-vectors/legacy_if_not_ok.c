// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The label printer with a managed vector. Without MSI, pci_irq_vector() gives
 * the line of the device.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define KNOT_FEED 0x00
#define KNOT_STATE 0x04
#define KNOT_OUT_OF_PAPER BIT(1)

struct knot {
	struct pci_dev *pdev;
	void __iomem *regs;
	bool msi;
	bool out_of_paper;
};

static irqreturn_t knot_isr(int irq, void *data)
{
	struct knot *knot = data;

	if (!(readl(knot->regs + KNOT_STATE) & KNOT_OUT_OF_PAPER))
		return IRQ_NONE;
	knot->out_of_paper = true;
	writel(KNOT_OUT_OF_PAPER, knot->regs + KNOT_STATE);
	return IRQ_HANDLED;
}

static int knot_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct knot *knot;
	unsigned long flags = IRQF_SHARED;
	int ret;

	knot = devm_kzalloc(&pdev->dev, sizeof(*knot), GFP_KERNEL);
	if (!knot)
		return -ENOMEM;
	knot->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	knot->regs = pcim_iomap(pdev, 0, 0);
	if (!knot->regs)
		return -ENOMEM;

	if (pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI) > 0) {
		knot->msi = true;
		flags = 0;
	}

	ret = request_irq(pci_irq_vector(pdev, 0), knot_isr, flags, "knot", knot);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, knot);
	dev_info(&pdev->dev, "%s\n", knot->msi ? "MSI" : "shared line");
	return 0;
}

static void knot_remove_ok(struct pci_dev *pdev)
{
	struct knot *knot = pci_get_drvdata(pdev);

	writel(0, knot->regs + KNOT_FEED);
	free_irq(pci_irq_vector(pdev, 0), knot);
}

static const struct pci_device_id knot_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0710) },
	{ }
};
MODULE_DEVICE_TABLE(pci, knot_ids);

static struct pci_driver knot_driver = {
	.name = "knot",
	.id_table = knot_ids,
	.probe = knot_probe_ok,
	.remove = knot_remove_ok,
};
module_pci_driver(knot_driver);

MODULE_DESCRIPTION("Label printer");
