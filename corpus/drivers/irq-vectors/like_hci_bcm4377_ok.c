// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/bluetooth/hci_bcm4377.c, on managed vectors: one of
 * the two actions is left.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define CHIRP_DOORBELL 0x10
#define CHIRP_BOOT_STAGE 0x14
#define CHIRP_STAGE_RUN 2

struct chirp_dev {
	char name[16];
	void *owner;
};

struct chirp {
	struct pci_dev *pdev;
	void __iomem *bar0;
	void __iomem *bar2;
	struct completion event;
	struct chirp_dev *cdev;
	u32 stage;
};

static irqreturn_t chirp_irq(int irq, void *data)
{
	struct chirp *chirp = data;
	u32 stage = readl(chirp->bar0 + CHIRP_BOOT_STAGE);

	if (stage != chirp->stage) {
		chirp->stage = stage;
		complete(&chirp->event);
	}
	return IRQ_HANDLED;
}

static void chirp_free_dev(void *data)
{
	kfree(data);
}

static int chirp_boot(struct chirp *chirp)
{
	writel(CHIRP_STAGE_RUN, chirp->bar2 + CHIRP_DOORBELL);
	if (!wait_for_completion_timeout(&chirp->event, msecs_to_jiffies(200)))
		return -ETIMEDOUT;
	return READ_ONCE(chirp->stage) == CHIRP_STAGE_RUN ? 0 : -EIO;
}

static int chirp_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct chirp *chirp;
	struct chirp_dev *cdev;
	int irq, ret;

	chirp = devm_kzalloc(&pdev->dev, sizeof(*chirp), GFP_KERNEL);
	if (!chirp)
		return -ENOMEM;
	chirp->pdev = pdev;
	init_completion(&chirp->event);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);

	chirp->bar0 = pcim_iomap(pdev, 0, 0);
	chirp->bar2 = pcim_iomap(pdev, 2, 0);
	if (!chirp->bar0 || !chirp->bar2)
		return -EBUSY;

	/* Only message interrupts work: nothing acknowledges a level here. */
	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return -ENODEV;

	irq = pci_irq_vector(pdev, 0);
	if (irq <= 0)
		return -ENODEV;

	ret = devm_request_irq(&pdev->dev, irq, chirp_irq, 0, "chirp", chirp);
	if (ret)
		return ret;

	cdev = kzalloc(sizeof(*cdev), GFP_KERNEL);
	if (!cdev)
		return -ENOMEM;
	ret = devm_add_action_or_reset(&pdev->dev, chirp_free_dev, cdev);
	if (ret)
		return ret;

	cdev->owner = chirp;
	chirp->cdev = cdev;
	pci_set_drvdata(pdev, chirp);
	return chirp_boot(chirp);
}

static const struct pci_device_id chirp_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0830) },
	{ }
};
MODULE_DEVICE_TABLE(pci, chirp_ids);

static struct pci_driver chirp_driver = {
	.name = "chirp",
	.id_table = chirp_ids,
	.probe = chirp_probe_ok,
};
module_pci_driver(chirp_driver);

MODULE_DESCRIPTION("Wireless part");
