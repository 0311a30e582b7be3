// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The telescope mount with one managed vector of whichever kind there is.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define RAIL_SLEW 0x00
#define RAIL_AZIMUTH 0x04
#define RAIL_IRQ 0x08
#define RAIL_SETTLED BIT(0)

struct rail {
	struct pci_dev *pdev;
	void __iomem *regs;
	spinlock_t lock;
	u32 azimuth;
};

static irqreturn_t rail_isr(int irq, void *data)
{
	struct rail *rail = data;

	if (!(readl(rail->regs + RAIL_IRQ) & RAIL_SETTLED))
		return IRQ_NONE;
	spin_lock(&rail->lock);
	rail->azimuth = readl(rail->regs + RAIL_AZIMUTH);
	spin_unlock(&rail->lock);
	writel(RAIL_SETTLED, rail->regs + RAIL_IRQ);
	return IRQ_HANDLED;
}

static int rail_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct rail *rail;
	int ret;

	rail = devm_kzalloc(&pdev->dev, sizeof(*rail), GFP_KERNEL);
	if (!rail)
		return -ENOMEM;
	rail->pdev = pdev;
	spin_lock_init(&rail->lock);
	pci_set_drvdata(pdev, rail);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	rail->regs = pcim_iomap_region(pdev, 0, "rail");
	if (IS_ERR(rail->regs))
		return PTR_ERR(rail->regs);

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret < 0)
		return ret;

	ret = request_irq(pci_irq_vector(pdev, 0), rail_isr, IRQF_SHARED, "rail", rail);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no IRQ\n");

	writel(1, rail->regs + RAIL_SLEW);
	return 0;
}

static void rail_remove_ok(struct pci_dev *pdev)
{
	struct rail *rail = pci_get_drvdata(pdev);

	writel(0, rail->regs + RAIL_SLEW);
	free_irq(pci_irq_vector(pdev, 0), rail);
}

static const struct pci_device_id rail_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0720) },
	{ }
};
MODULE_DEVICE_TABLE(pci, rail_ids);

static struct pci_driver rail_driver = {
	.name = "rail",
	.id_table = rail_ids,
	.probe = rail_probe_ok,
	.remove = rail_remove_ok,
};
module_pci_driver(rail_driver);

MODULE_DESCRIPTION("Telescope mount");
