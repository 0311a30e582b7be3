// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The fingerprint reader with one managed MSI-X vector and no table.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define DUNNOCK_LIGHT 0x00
#define DUNNOCK_TOUCH 0x04
#define DUNNOCK_TOUCHED BIT(0)

struct dunnock {
	struct pci_dev *pdev;
	void __iomem *regs;
	unsigned int vector;
	unsigned long touches;
};

static irqreturn_t dunnock_isr(int irq, void *data)
{
	struct dunnock *dunnock = data;

	if (!(readl(dunnock->regs + DUNNOCK_TOUCH) & DUNNOCK_TOUCHED))
		return IRQ_NONE;
	writel(DUNNOCK_TOUCHED, dunnock->regs + DUNNOCK_TOUCH);
	dunnock->touches++;
	return IRQ_HANDLED;
}

static int dunnock_get_vector(struct dunnock *dunnock)
{
	int ret;

	ret = pcim_alloc_irq_vectors(dunnock->pdev, 1, 1, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	dunnock->vector = pci_irq_vector(dunnock->pdev, 0);
	return 0;
}

static int dunnock_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dunnock *dunnock;
	int ret;

	dunnock = devm_kzalloc(&pdev->dev, sizeof(*dunnock), GFP_KERNEL);
	if (!dunnock)
		return -ENOMEM;
	dunnock->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	dunnock->regs = pcim_iomap_region(pdev, 2, "dunnock");
	if (IS_ERR(dunnock->regs))
		return PTR_ERR(dunnock->regs);

	ret = dunnock_get_vector(dunnock);
	if (ret)
		return ret;

	ret = request_irq(dunnock->vector, dunnock_isr, 0, "dunnock", dunnock);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, dunnock);
	writel(1, dunnock->regs + DUNNOCK_LIGHT);
	return 0;
}

static void dunnock_remove_ok(struct pci_dev *pdev)
{
	struct dunnock *dunnock = pci_get_drvdata(pdev);

	writel(0, dunnock->regs + DUNNOCK_LIGHT);
	free_irq(dunnock->vector, dunnock);
}

static const struct pci_device_id dunnock_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0740) },
	{ }
};
MODULE_DEVICE_TABLE(pci, dunnock_ids);

static struct pci_driver dunnock_driver = {
	.name = "dunnock",
	.id_table = dunnock_ids,
	.probe = dunnock_probe_ok,
	.remove = dunnock_remove_ok,
};
module_pci_driver(dunnock_driver);

MODULE_DESCRIPTION("Fingerprint reader");
