// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The framegrabber with managed vectors: devres gives back the IRQ, which is
 * the newer of the two, and then the vectors.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define SHRIKE_CTRL 0x00
#define SHRIKE_IRQ 0x04
#define SHRIKE_FIELD 0x08
#define SHRIKE_GRAB BIT(0)

struct shrike {
	struct pci_dev *pdev;
	void __iomem *regs;
	spinlock_t lock;
	u32 field;
	unsigned long fields;
};

static irqreturn_t shrike_isr(int irq, void *data)
{
	struct shrike *shrike = data;
	u32 cause = readl(shrike->regs + SHRIKE_IRQ);

	if (!cause)
		return IRQ_NONE;

	writel(cause, shrike->regs + SHRIKE_IRQ);
	spin_lock(&shrike->lock);
	shrike->field = readl(shrike->regs + SHRIKE_FIELD);
	shrike->fields++;
	spin_unlock(&shrike->lock);
	return IRQ_HANDLED;
}

static int shrike_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct shrike *shrike;
	int ret;

	shrike = devm_kzalloc(dev, sizeof(*shrike), GFP_KERNEL);
	if (!shrike)
		return -ENOMEM;
	shrike->pdev = pdev;
	spin_lock_init(&shrike->lock);
	pci_set_drvdata(pdev, shrike);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);

	shrike->regs = pcim_iomap_region(pdev, 0, "shrike");
	if (IS_ERR(shrike->regs))
		return PTR_ERR(shrike->regs);

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	ret = devm_request_irq(dev, pci_irq_vector(pdev, 0), shrike_isr, 0, "shrike", shrike);
	if (ret)
		return ret;

	writel(SHRIKE_GRAB, shrike->regs + SHRIKE_CTRL);
	return 0;
}

static void shrike_remove_ok(struct pci_dev *pdev)
{
	struct shrike *shrike = pci_get_drvdata(pdev);

	writel(0, shrike->regs + SHRIKE_CTRL);
	dev_dbg(&pdev->dev, "%lu fields\n", shrike->fields);
}

static const struct pci_device_id shrike_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0401) },
	{ }
};
MODULE_DEVICE_TABLE(pci, shrike_ids);

static struct pci_driver shrike_driver = {
	.name = "shrike",
	.id_table = shrike_ids,
	.probe = shrike_probe_ok,
	.remove = shrike_remove_ok,
};
module_pci_driver(shrike_driver);

MODULE_DESCRIPTION("Framegrabber");
