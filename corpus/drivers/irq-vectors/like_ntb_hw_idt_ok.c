// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/ntb/hw/idt/ntb_hw_idt.c, on managed vectors: gotos have
 * become returns; the IRQ is still given back by hand.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#define WEIR_MASK 0x400
#define WEIR_STATUS 0x404
#define WEIR_ALL GENMASK(7, 0)

struct weir {
	struct pci_dev *pdev;
	void __iomem *cfg;
	struct mutex event_lock;
	u32 events;
};

static irqreturn_t weir_thread(int irq, void *devid)
{
	struct weir *weir = devid;
	u32 status = readl(weir->cfg + WEIR_STATUS) & WEIR_ALL;

	if (!status)
		return IRQ_NONE;
	mutex_lock(&weir->event_lock);
	weir->events |= status;
	mutex_unlock(&weir->event_lock);
	writel(status, weir->cfg + WEIR_STATUS);
	return IRQ_HANDLED;
}

static int weir_init_isr(struct weir *weir)
{
	struct pci_dev *pdev = weir->pdev;
	int ret;

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret != 1) {
		dev_err(&pdev->dev, "vector not allocated\n");
		return ret;
	}

	ret = pci_irq_vector(pdev, 0);
	if (ret < 0) {
		dev_err(&pdev->dev, "vector has no line\n");
		return ret;
	}

	ret = devm_request_threaded_irq(&pdev->dev, ret, NULL, weir_thread, IRQF_ONESHOT,
					"weir", weir);
	if (ret) {
		dev_err(&pdev->dev, "line not requested: %d\n", ret);
		return ret;
	}

	writel(0, weir->cfg + WEIR_MASK);
	return 0;
}

static void weir_deinit_isr(struct weir *weir)
{
	struct pci_dev *pdev = weir->pdev;

	writel(WEIR_ALL, weir->cfg + WEIR_MASK);
	devm_free_irq(&pdev->dev, pci_irq_vector(pdev, 0), weir);
	dev_dbg(&pdev->dev, "events off\n");
}

static int weir_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct weir *weir;
	int ret;

	weir = devm_kzalloc(&pdev->dev, sizeof(*weir), GFP_KERNEL);
	if (!weir)
		return -ENOMEM;
	weir->pdev = pdev;
	mutex_init(&weir->event_lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	weir->cfg = pcim_iomap_region(pdev, 0, "weir");
	if (IS_ERR(weir->cfg))
		return PTR_ERR(weir->cfg);

	ret = weir_init_isr(weir);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, weir);
	return 0;
}

static void weir_remove_ok(struct pci_dev *pdev)
{
	weir_deinit_isr(pci_get_drvdata(pdev));
}

static const struct pci_device_id weir_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0840) },
	{ }
};
MODULE_DEVICE_TABLE(pci, weir_ids);

static struct pci_driver weir_driver = {
	.name = "weir",
	.id_table = weir_ids,
	.probe = weir_probe_ok,
	.remove = weir_remove_ok,
};
module_pci_driver(weir_driver);

MODULE_DESCRIPTION("Bridge between two hosts");
