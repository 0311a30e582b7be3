// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A fan controller that frees its vectors as the single statement of an if:
 * without braces, with braces, and with an else whose side has to survive.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define GROUSE_SPEED 0x00
#define GROUSE_EVENT 0x04
#define GROUSE_POLL 0x08
#define GROUSE_STALL BIT(0)

struct grouse {
	struct pci_dev *pdev;
	void __iomem *regs;
	bool vectors;
	int irq;
	unsigned int stalls;
};

static irqreturn_t grouse_isr(int irq, void *data)
{
	struct grouse *grouse = data;

	if (!(readl(grouse->regs + GROUSE_EVENT) & GROUSE_STALL))
		return IRQ_NONE;
	writel(GROUSE_STALL, grouse->regs + GROUSE_EVENT);
	grouse->stalls++;
	return IRQ_HANDLED;
}

static int grouse_spin_up(struct grouse *grouse)
{
	writel(120, grouse->regs + GROUSE_SPEED);
	return readl(grouse->regs + GROUSE_SPEED) ? 0 : -EIO;
}

static int grouse_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct grouse *grouse;
	int ret;

	grouse = devm_kzalloc(&pdev->dev, sizeof(*grouse), GFP_KERNEL);
	if (!grouse)
		return -ENOMEM;
	grouse->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	grouse->regs = pcim_iomap_region(pdev, 0, "grouse");
	if (IS_ERR(grouse->regs))
		return PTR_ERR(grouse->regs);

	grouse->vectors = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI) == 1;

	ret = grouse_spin_up(grouse);
	if (ret) {
		if (grouse->vectors)
			pci_free_irq_vectors(pdev);
		return ret;
	}

	if (grouse->vectors) {
		grouse->irq = pci_irq_vector(pdev, 0);
		ret = request_irq(grouse->irq, grouse_isr, 0, "grouse", grouse);
	} else {
		writel(1, grouse->regs + GROUSE_POLL);
	}
	if (ret) {
		if (grouse->vectors) {
			pci_free_irq_vectors(pdev);
		}
		return ret;
	}

	pci_set_drvdata(pdev, grouse);
	return 0;
}

static void grouse_remove_bad(struct pci_dev *pdev)
{
	struct grouse *grouse = pci_get_drvdata(pdev);

	writel(0, grouse->regs + GROUSE_SPEED);
	if (grouse->vectors)
		free_irq(grouse->irq, grouse);

	if (grouse->vectors)
		pci_free_irq_vectors(pdev);
	else
		writel(0, grouse->regs + GROUSE_POLL);
}

static const struct pci_device_id grouse_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0340) },
	{ }
};
MODULE_DEVICE_TABLE(pci, grouse_ids);

static struct pci_driver grouse_driver = {
	.name = "grouse",
	.id_table = grouse_ids,
	.probe = grouse_probe_bad,
	.remove = grouse_remove_bad,
};
module_pci_driver(grouse_driver);

MODULE_DESCRIPTION("Fan controller");
