// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/misc/mrvl_cn10k_dpi.c, on managed vectors: the result
 * is compared as before.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#define HOPPER_VECTORS 40
#define HOPPER_MAIL_VECTOR 33
#define HOPPER_MAIL 0x1000
#define HOPPER_MAIL_ENABLE 0x1008
#define HOPPER_FAULT(n) (0x2000 + (n) * 8)
#define HOPPER_FAULTS 32

struct hopper {
	struct pci_dev *pdev;
	void __iomem *base;
	u64 mails;
};

static irqreturn_t hopper_mail(int irq, void *data)
{
	struct hopper *hopper = data;
	u64 from = readq(hopper->base + HOPPER_MAIL);

	if (!from)
		return IRQ_NONE;
	hopper->mails++;
	writeq(from, hopper->base + HOPPER_MAIL);
	return IRQ_HANDLED;
}

static int hopper_init_irqs(struct hopper *hopper)
{
	struct pci_dev *pdev = hopper->pdev;
	struct device *dev = &pdev->dev;
	int n, ret;

	for (n = 0; n < HOPPER_FAULTS; n++)
		writeq(~0ULL, hopper->base + HOPPER_FAULT(n));

	ret = pcim_alloc_irq_vectors(pdev, HOPPER_VECTORS, HOPPER_VECTORS, PCI_IRQ_MSIX);
	if (ret != HOPPER_VECTORS) {
		dev_err(dev, "%d vectors wanted\n", HOPPER_VECTORS);
		return ret;
	}

	ret = devm_request_irq(dev, pci_irq_vector(pdev, HOPPER_MAIL_VECTOR),
			       hopper_mail, 0, "hopper-mail", hopper);
	if (ret) {
		dev_err(dev, "mail IRQ refused: %d\n", ret);
		return ret;
	}

	writeq(GENMASK_ULL(31, 0), hopper->base + HOPPER_MAIL_ENABLE);
	return 0;
}

static int hopper_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct hopper *hopper;
	int ret;

	hopper = devm_kzalloc(&pdev->dev, sizeof(*hopper), GFP_KERNEL);
	if (!hopper)
		return -ENOMEM;
	hopper->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	ret = pcim_iomap_regions(pdev, BIT(0) | BIT(4), KBUILD_MODNAME);
	if (ret)
		return ret;
	hopper->base = pcim_iomap_table(pdev)[0];
	pci_set_drvdata(pdev, hopper);

	ret = hopper_init_irqs(hopper);
	if (ret)
		dev_err(&pdev->dev, "no IRQs: %d\n", ret);
	return ret;
}

static const struct pci_device_id hopper_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0820) },
	{ }
};
MODULE_DEVICE_TABLE(pci, hopper_ids);

static struct pci_driver hopper_driver = {
	.name = "hopper",
	.id_table = hopper_ids,
	.probe = hopper_probe_ok,
};
module_pci_driver(hopper_driver);

MODULE_DESCRIPTION("Packet DMA engine");
