// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A motor controller. Its devres action stops the motors and turns the link
 * off, and frees the vectors in between: the action has to stay.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define STOAT_AXIS(n) (0x100 + (n) * 0x10)
#define STOAT_LINK 0x04
#define STOAT_EVENT 0x08
#define STOAT_AXES 4

struct stoat {
	struct pci_dev *pdev;
	void __iomem *regs;
	spinlock_t lock;
	u32 faults;
};

static irqreturn_t stoat_fault(int irq, void *data)
{
	struct stoat *stoat = data;
	u32 event = readl(stoat->regs + STOAT_EVENT);

	if (!event)
		return IRQ_NONE;
	guard(spinlock)(&stoat->lock);
	stoat->faults |= event;
	writel(event, stoat->regs + STOAT_EVENT);
	return IRQ_HANDLED;
}

static void stoat_halt(struct stoat *stoat)
{
	int axis;

	for (axis = 0; axis < STOAT_AXES; axis++)
		writel(0, stoat->regs + STOAT_AXIS(axis));
}

static void stoat_power_down(void *data)
{
	struct stoat *stoat = data;

	stoat_halt(stoat);
	pci_free_irq_vectors(stoat->pdev);
	writel(0, stoat->regs + STOAT_LINK);
}

static int stoat_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct stoat *stoat;
	int irq, ret;

	stoat = devm_kzalloc(&pdev->dev, sizeof(*stoat), GFP_KERNEL);
	if (!stoat)
		return -ENOMEM;
	stoat->pdev = pdev;
	spin_lock_init(&stoat->lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	stoat->regs = pcim_iomap_region(pdev, 0, "stoat");
	if (IS_ERR(stoat->regs))
		return PTR_ERR(stoat->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, STOAT_AXES, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	writel(1, stoat->regs + STOAT_LINK);
	ret = devm_add_action_or_reset(&pdev->dev, stoat_power_down, stoat);
	if (ret)
		return ret;

	irq = pci_irq_vector(pdev, 0);
	if (irq < 0)
		return irq;

	return devm_request_irq(&pdev->dev, irq, stoat_fault, 0, "stoat", stoat);
}

static const struct pci_device_id stoat_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0220) },
	{ }
};
MODULE_DEVICE_TABLE(pci, stoat_ids);

static struct pci_driver stoat_driver = {
	.name = "stoat",
	.id_table = stoat_ids,
	.probe = stoat_probe_bad,
};
module_pci_driver(stoat_driver);

MODULE_DESCRIPTION("Motor controller");
