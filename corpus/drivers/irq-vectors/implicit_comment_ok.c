// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The storage bridge with managed vectors. A comment that names
 * pci_free_irq_vectors() is not a call of it.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define ROOK_HALT 0x00
#define ROOK_CAUSE 0x04

struct rook {
	struct pci_dev *pdev;
	void __iomem *regs;
	int irq;
	u32 causes;
};

static irqreturn_t rook_isr(int irq, void *data)
{
	struct rook *rook = data;
	u32 cause = readl(rook->regs + ROOK_CAUSE);

	if (!cause)
		return IRQ_NONE;
	rook->causes |= cause;
	writel(cause, rook->regs + ROOK_CAUSE);
	return IRQ_HANDLED;
}

static int rook_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct rook *rook;
	int ret;

	rook = devm_kzalloc(&pdev->dev, sizeof(*rook), GFP_KERNEL);
	if (!rook)
		return -ENOMEM;
	rook->pdev = pdev;
	pci_set_drvdata(pdev, rook);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	rook->regs = pcim_iomap_region(pdev, 0, "rook");
	if (IS_ERR(rook->regs))
		return PTR_ERR(rook->regs);

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (ret < 0)
		return ret;

	rook->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(rook->irq, rook_isr, IRQF_SHARED, "rook", rook);
	if (ret)
		return ret;

	writel(0, rook->regs + ROOK_HALT);
	return 0;
}

static void rook_remove_ok(struct pci_dev *pdev)
{
	struct rook *rook = pci_get_drvdata(pdev);

	writel(1, rook->regs + ROOK_HALT);
	free_irq(rook->irq, rook);
	/*
	 * No pci_free_irq_vectors(pdev) here: the vectors go when devres
	 * releases the device.
	 */
	dev_dbg(&pdev->dev, "left out: pci_free_irq_vectors(pdev);\n");
}

static const struct pci_device_id rook_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0630) },
	{ }
};
MODULE_DEVICE_TABLE(pci, rook_ids);

static struct pci_driver rook_driver = {
	.name = "rook",
	.id_table = rook_ids,
	.probe = rook_probe_ok,
	.remove = rook_remove_ok,
};
module_pci_driver(rook_driver);

MODULE_DESCRIPTION("Storage bridge");
