// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of int340x_thermal's PCI driver, on managed vectors: the function
 * still gives the IRQs back.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define EMBER_IRQS 4
#define EMBER_TRIP 0x1500
#define EMBER_EVENT 0x1504
#define EMBER_ARM 0x1508

static bool use_msi = true;
module_param(use_msi, bool, 0444);
MODULE_PARM_DESC(use_msi, "one vector per sensor");

static int ember_lines[EMBER_IRQS];
static bool ember_msi;

struct ember {
	struct pci_dev *pdev;
	void __iomem *mmio;
	spinlock_t lock;
	u32 tripped;
};

static irqreturn_t ember_thread(int irq, void *devid)
{
	struct ember *ember = devid;

	writel(1, ember->mmio + EMBER_ARM);
	return IRQ_HANDLED;
}

static irqreturn_t ember_hard(int irq, void *devid)
{
	struct ember *ember = devid;
	u32 event = readl(ember->mmio + EMBER_EVENT);

	if (!event)
		return IRQ_NONE;
	writel(event, ember->mmio + EMBER_EVENT);
	spin_lock(&ember->lock);
	ember->tripped |= event;
	spin_unlock(&ember->lock);
	return IRQ_WAKE_THREAD;
}

static void ember_free_msi(struct pci_dev *pdev, struct ember *ember)
{
	int i;

	for (i = 0; i < EMBER_IRQS; i++) {
		if (ember_lines[i])
			devm_free_irq(&pdev->dev, ember_lines[i], ember);
		ember_lines[i] = 0;
	}
}

static int ember_setup_msi(struct pci_dev *pdev, struct ember *ember)
{
	int count, i, line, ret;

	count = pcim_alloc_irq_vectors(pdev, 1, EMBER_IRQS, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (count < 0)
		return count;

	for (i = 0; i < count; i++) {
		line = pci_irq_vector(pdev, i);
		ret = devm_request_threaded_irq(&pdev->dev, line, ember_hard, ember_thread, 0,
						KBUILD_MODNAME, ember);
		if (ret)
			goto err_msi;
		ember_lines[i] = line;
	}
	ember_msi = true;
	return 0;

err_msi:
	ember_free_msi(pdev, ember);
	return ret;
}

static int ember_set_trip(struct ember *ember, u32 degrees)
{
	writel(degrees, ember->mmio + EMBER_TRIP);
	return readl(ember->mmio + EMBER_TRIP) == degrees ? 0 : -EIO;
}

static int ember_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ember *ember;
	int ret;

	ember = devm_kzalloc(&pdev->dev, sizeof(*ember), GFP_KERNEL);
	if (!ember)
		return -ENOMEM;
	ember->pdev = pdev;
	spin_lock_init(&ember->lock);
	pci_set_drvdata(pdev, ember);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	ember->mmio = pcim_iomap_region(pdev, 0, "ember");
	if (IS_ERR(ember->mmio))
		return PTR_ERR(ember->mmio);

	if (use_msi)
		ret = ember_setup_msi(pdev, ember);
	else
		ret = devm_request_threaded_irq(&pdev->dev, pdev->irq, ember_hard,
						ember_thread, IRQF_SHARED, KBUILD_MODNAME,
						ember);
	if (ret)
		return ret;

	ret = ember_set_trip(ember, 95);
	if (ret)
		goto err_irqs;
	return 0;

err_irqs:
	if (ember_msi)
		ember_free_msi(pdev, ember);
	return ret;
}

static void ember_remove_ok(struct pci_dev *pdev)
{
	struct ember *ember = pci_get_drvdata(pdev);

	writel(0, ember->mmio + EMBER_ARM);
	if (ember_msi)
		ember_free_msi(pdev, ember);
}

static const struct pci_device_id ember_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0850) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ember_ids);

static struct pci_driver ember_driver = {
	.name = "ember",
	.id_table = ember_ids,
	.probe = ember_probe_ok,
	.remove = ember_remove_ok,
};
module_pci_driver(ember_driver);

MODULE_DESCRIPTION("Thermal sensors");
