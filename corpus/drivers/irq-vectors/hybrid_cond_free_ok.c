// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The barcode reader with managed vectors; the test still guards the other
 * statement that it guarded.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>

#define TEAL_MSI_CTRL 0x00
#define TEAL_CODE 0x04
#define TEAL_HAVE_CODE BIT(31)

static bool want_msi = true;
module_param(want_msi, bool, 0444);
MODULE_PARM_DESC(want_msi, "use message signaled interrupts");

struct teal {
	struct pci_dev *pdev;
	void __iomem *regs;
	bool msi;
	int irq;
	u32 code;
};

static irqreturn_t teal_isr(int irq, void *data)
{
	struct teal *teal = data;
	u32 code = readl(teal->regs + TEAL_CODE);

	if (!(code & TEAL_HAVE_CODE))
		return IRQ_NONE;
	teal->code = code & ~TEAL_HAVE_CODE;
	writel(TEAL_HAVE_CODE, teal->regs + TEAL_CODE);
	return IRQ_HANDLED;
}

static void teal_leave_msi(struct teal *teal)
{
	if (teal->msi)
		writel(0, teal->regs + TEAL_MSI_CTRL);
}

static int teal_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct teal *teal;
	int ret;

	teal = devm_kzalloc(&pdev->dev, sizeof(*teal), GFP_KERNEL);
	if (!teal)
		return -ENOMEM;
	teal->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	teal->regs = pcim_iomap_region(pdev, 0, "teal");
	if (IS_ERR(teal->regs))
		return PTR_ERR(teal->regs);

	teal->irq = pdev->irq;
	if (want_msi) {
		ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
		if (ret == 1) {
			teal->msi = true;
			teal->irq = pci_irq_vector(pdev, 0);
			writel(1, teal->regs + TEAL_MSI_CTRL);
		}
	}

	ret = request_irq(teal->irq, teal_isr, teal->msi ? 0 : IRQF_SHARED, "teal", teal);
	if (ret) {
		teal_leave_msi(teal);
		return ret;
	}

	pci_set_drvdata(pdev, teal);
	return 0;
}

static void teal_remove_ok(struct pci_dev *pdev)
{
	struct teal *teal = pci_get_drvdata(pdev);

	free_irq(teal->irq, teal);
	teal_leave_msi(teal);
}

static const struct pci_device_id teal_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0330) },
	{ }
};
MODULE_DEVICE_TABLE(pci, teal_ids);

static struct pci_driver teal_driver = {
	.name = "teal",
	.id_table = teal_ids,
	.probe = teal_probe_ok,
	.remove = teal_remove_ok,
};
module_pci_driver(teal_driver);

MODULE_DESCRIPTION("Barcode reader");
