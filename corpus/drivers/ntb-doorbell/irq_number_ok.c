// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device whose IRQs have numbers that follow each other. The first one is for the
 * link; the handler takes it off before it hands the number on.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>

#define DUNLIN_VECTORS 8

struct dunlin {
	struct ntb_dev ntb;
	int first_irq;
	u64 rung;
};

static void dunlin_ring(struct dunlin *dunlin, int vector)
{
	dunlin->rung |= 1 << vector;
	ntb_db_event(&dunlin->ntb, vector);
}

static irqreturn_t dunlin_isr(int irq, void *data)
{
	struct dunlin *dunlin = data;
	int nr = irq - dunlin->first_irq;

	if (nr == 0)
		ntb_link_event(&dunlin->ntb);
	else
		dunlin_ring(dunlin, nr - 1);
	return IRQ_HANDLED;
}

static u64 dunlin_db_valid_mask(struct ntb_dev *ntb)
{
	return (1ULL << (DUNLIN_VECTORS - 1)) - 1;
}

static u64 dunlin_db_read(struct ntb_dev *ntb)
{
	return container_of(ntb, struct dunlin, ntb)->rung;
}

static const struct ntb_dev_ops dunlin_ops = {
	.db_valid_mask = dunlin_db_valid_mask,
	.db_read = dunlin_db_read,
};

static void dunlin_free_irqs(struct dunlin *dunlin, int count)
{
	while (count--)
		free_irq(pci_irq_vector(dunlin->ntb.pdev, count), dunlin);
	pci_free_irq_vectors(dunlin->ntb.pdev);
}

static int dunlin_request_irqs(struct dunlin *dunlin)
{
	struct pci_dev *pdev = dunlin->ntb.pdev;
	int i, ret;

	ret = pci_alloc_irq_vectors(pdev, DUNLIN_VECTORS, DUNLIN_VECTORS, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;
	dunlin->first_irq = pci_irq_vector(pdev, 0);
	for (i = 0; i < DUNLIN_VECTORS; i++) {
		ret = request_irq(pci_irq_vector(pdev, i), dunlin_isr, 0, "dunlin", dunlin);
		if (ret) {
			dunlin_free_irqs(dunlin, i);
			return ret;
		}
	}
	return 0;
}

static int dunlin_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dunlin *dunlin;
	int ret;

	dunlin = devm_kzalloc(&pdev->dev, sizeof(*dunlin), GFP_KERNEL);
	if (!dunlin)
		return -ENOMEM;
	dunlin->ntb.pdev = pdev;
	dunlin->ntb.ops = &dunlin_ops;
	pci_set_drvdata(pdev, dunlin);
	ret = ntb_register_device(&dunlin->ntb);
	if (ret)
		return ret;
	ret = dunlin_request_irqs(dunlin);
	if (ret)
		ntb_unregister_device(&dunlin->ntb);
	return ret;
}

static void dunlin_remove_ok(struct pci_dev *pdev)
{
	struct dunlin *dunlin = pci_get_drvdata(pdev);

	dunlin_free_irqs(dunlin, DUNLIN_VECTORS);
	ntb_unregister_device(&dunlin->ntb);
}

static const struct pci_device_id dunlin_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d03) },
	{ }
};
MODULE_DEVICE_TABLE(pci, dunlin_ids);

static struct pci_driver dunlin_driver = {
	.name = "dunlin",
	.id_table = dunlin_ids,
	.probe = dunlin_probe_ok,
	.remove = dunlin_remove_ok,
};
module_pci_driver(dunlin_driver);

MODULE_DESCRIPTION("Dunlin");
MODULE_LICENSE("GPL");
