// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The weather vane frees its managed IRQ early, where it has to, with the managed
 * call, and leaves all else to devres. Disabling an IRQ does not free it.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define VANE_ID 0x00
#define VANE_DIRECTION 0x04

struct vane {
	void __iomem *regs;
	int irq;
	u32 direction;
};

static irqreturn_t vane_isr(int irq, void *data)
{
	struct vane *vane = data;

	vane->direction = readl(vane->regs + VANE_DIRECTION);
	return IRQ_HANDLED;
}

static int vane_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vane *vane;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	vane = devm_kzalloc(&pdev->dev, sizeof(*vane), GFP_KERNEL);
	if (!vane)
		return -ENOMEM;
	vane->regs = pcim_iomap(pdev, 0, 0);
	if (!vane->regs)
		return -ENOMEM;

	vane->irq = pdev->irq;
	ret = devm_request_irq(&pdev->dev, vane->irq, vane_isr, IRQF_SHARED, "vane", vane);
	if (ret)
		return ret;

	if (readl(vane->regs + VANE_ID) == ~0u) {
		devm_free_irq(&pdev->dev, vane->irq, vane);
		return -ENODEV;
	}
	pci_set_drvdata(pdev, vane);
	return 0;
}

static void vane_remove_ok(struct pci_dev *pdev)
{
	struct vane *vane = pci_get_drvdata(pdev);

	/* A disabled IRQ is still requested. */
	disable_irq(vane->irq);
	devm_free_irq(&pdev->dev, vane->irq, vane);
}

static const struct pci_device_id vane_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0930) },
	{ }
};
MODULE_DEVICE_TABLE(pci, vane_ids);

static struct pci_driver vane_driver = {
	.name = "vane",
	.id_table = vane_ids,
	.probe = vane_probe_ok,
	.remove = vane_remove_ok,
};
module_pci_driver(vane_driver);

MODULE_DESCRIPTION("Weather vane");
