// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A label printer that uses MSI when !pci_enable_msi() says so, and the shared
 * line otherwise.
 */
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

static int knot_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
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

	if (!pci_enable_msi(pdev)) {
		knot->msi = true;
		flags = 0;
	}

	ret = request_irq(pdev->irq, knot_isr, flags, "knot", knot);
	if (ret) {
		if (knot->msi)
			pci_disable_msi(pdev);
		return ret;
	}

	pci_set_drvdata(pdev, knot);
	dev_info(&pdev->dev, "%s\n", knot->msi ? "MSI" : "shared line");
	return 0;
}

static void knot_remove_bad(struct pci_dev *pdev)
{
	struct knot *knot = pci_get_drvdata(pdev);

	writel(0, knot->regs + KNOT_FEED);
	free_irq(pdev->irq, knot);
	if (knot->msi)
		pci_disable_msi(pdev);
}

static const struct pci_device_id knot_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0710) },
	{ }
};
MODULE_DEVICE_TABLE(pci, knot_ids);

static struct pci_driver knot_driver = {
	.name = "knot",
	.id_table = knot_ids,
	.probe = knot_probe_bad,
	.remove = knot_remove_bad,
};
module_pci_driver(knot_driver);

MODULE_DESCRIPTION("Label printer");
