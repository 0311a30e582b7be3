// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A cash drawer that enables its device by hand. pci_enable_msi() is old but
 * right there: nothing is managed, and each call has its counterpart.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define SCAUP_OPEN 0x00
#define SCAUP_STATE 0x04
#define SCAUP_CHANGED BIT(0)

struct scaup {
	void __iomem *regs;
	bool msi;
	unsigned int changes;
};

static irqreturn_t scaup_isr(int irq, void *data)
{
	struct scaup *scaup = data;

	if (!(readl(scaup->regs + SCAUP_STATE) & SCAUP_CHANGED))
		return IRQ_NONE;
	writel(SCAUP_CHANGED, scaup->regs + SCAUP_STATE);
	scaup->changes++;
	return IRQ_HANDLED;
}

static int scaup_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct scaup *scaup;
	int ret;

	scaup = kzalloc(sizeof(*scaup), GFP_KERNEL);
	if (!scaup)
		return -ENOMEM;

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;

	scaup->regs = pci_iomap(pdev, 0, 0);
	if (!scaup->regs) {
		ret = -ENOMEM;
		goto err_disable;
	}

	scaup->msi = !pci_enable_msi(pdev);

	ret = request_irq(pdev->irq, scaup_isr, IRQF_SHARED, "scaup", scaup);
	if (ret)
		goto err_msi;

	pci_set_drvdata(pdev, scaup);
	writel(0, scaup->regs + SCAUP_OPEN);
	return 0;

err_msi:
	if (scaup->msi)
		pci_disable_msi(pdev);
	pci_iounmap(pdev, scaup->regs);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(scaup);
	return ret;
}

static void scaup_remove_ok(struct pci_dev *pdev)
{
	struct scaup *scaup = pci_get_drvdata(pdev);

	free_irq(pdev->irq, scaup);
	if (scaup->msi)
		pci_disable_msi(pdev);
	pci_iounmap(pdev, scaup->regs);
	pci_disable_device(pdev);
	kfree(scaup);
}

static const struct pci_device_id scaup_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0760) },
	{ }
};
MODULE_DEVICE_TABLE(pci, scaup_ids);

static struct pci_driver scaup_driver = {
	.name = "scaup",
	.id_table = scaup_ids,
	.probe = scaup_probe_ok,
	.remove = scaup_remove_ok,
};
module_pci_driver(scaup_driver);

MODULE_DESCRIPTION("Cash drawer");
