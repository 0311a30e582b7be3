// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The modem card with one managed vector; the test asks for an error, since
 * the result is now a number of vectors.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define SNIPE_HOOK 0x00
#define SNIPE_LINE 0x04
#define SNIPE_RING BIT(0)

struct snipe {
	struct pci_dev *pdev;
	void __iomem *regs;
	unsigned int rings;
};

static irqreturn_t snipe_isr(int irq, void *data)
{
	struct snipe *snipe = data;

	if (!(readl(snipe->regs + SNIPE_LINE) & SNIPE_RING))
		return IRQ_NONE;
	writel(SNIPE_RING, snipe->regs + SNIPE_LINE);
	snipe->rings++;
	return IRQ_HANDLED;
}

static int snipe_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct snipe *snipe;
	int ret;

	snipe = devm_kzalloc(&pdev->dev, sizeof(*snipe), GFP_KERNEL);
	if (!snipe)
		return -ENOMEM;
	snipe->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	snipe->regs = pcim_iomap_region(pdev, 0, "snipe");
	if (IS_ERR(snipe->regs))
		return PTR_ERR(snipe->regs);

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0) {
		dev_err(&pdev->dev, "no MSI: %d\n", ret);
		return ret;
	}

	ret = request_irq(pci_irq_vector(pdev, 0), snipe_isr, 0, "snipe", snipe);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, snipe);
	writel(1, snipe->regs + SNIPE_HOOK);
	return 0;
}

static void snipe_remove_ok(struct pci_dev *pdev)
{
	struct snipe *snipe = pci_get_drvdata(pdev);

	writel(0, snipe->regs + SNIPE_HOOK);
	free_irq(pci_irq_vector(pdev, 0), snipe);
}

static const struct pci_device_id snipe_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0701) },
	{ }
};
MODULE_DEVICE_TABLE(pci, snipe_ids);

static struct pci_driver snipe_driver = {
	.name = "snipe",
	.id_table = snipe_ids,
	.probe = snipe_probe_ok,
	.remove = snipe_remove_ok,
};
module_pci_driver(snipe_driver);

MODULE_DESCRIPTION("Modem card");
