// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device with an IRQ for each slot; the first two slots are for other things. The
 * handler reports the number of the slot as the vector of the doorbell.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>

#define CURLEW_VECTORS 16

enum curlew_slot {
	CURLEW_LINK,
	CURLEW_RESERVED,
	CURLEW_FIRST_BELL,
};

struct curlew_irq {
	struct curlew *curlew;
	unsigned int slot;
};

struct curlew {
	struct ntb_dev ntb;
	unsigned int slots;
	u64 valid;
	struct curlew_irq irqs[CURLEW_VECTORS];
};

static irqreturn_t curlew_isr(int irq, void *data)
{
	struct curlew_irq *ctx = data;
	struct curlew *curlew = ctx->curlew;
	unsigned int slot = ctx->slot;

	if (slot == CURLEW_LINK) {
		ntb_link_event(&curlew->ntb);
	} else if (slot != CURLEW_RESERVED) {
		ntb_db_event(&curlew->ntb, slot);
	}
	return IRQ_HANDLED;
}

static u64 curlew_db_valid_mask(struct ntb_dev *ntb)
{
	return container_of(ntb, struct curlew, ntb)->valid;
}

static const struct ntb_dev_ops curlew_ops = {
	.db_valid_mask = curlew_db_valid_mask,
};

static void curlew_free_irqs(struct curlew *curlew, int count)
{
	while (count--)
		free_irq(pci_irq_vector(curlew->ntb.pdev, count), &curlew->irqs[count]);
	pci_free_irq_vectors(curlew->ntb.pdev);
}

static int curlew_request_irqs(struct curlew *curlew)
{
	struct pci_dev *pdev = curlew->ntb.pdev;
	int count, i, ret;

	count = pci_alloc_irq_vectors(pdev, CURLEW_FIRST_BELL + 1, CURLEW_VECTORS, PCI_IRQ_MSIX);
	if (count < 0)
		return count;
	curlew->slots = count;
	curlew->valid = BIT_ULL(count - CURLEW_FIRST_BELL) - 1;
	for (i = 0; i < count; i++) {
		curlew->irqs[i].curlew = curlew;
		curlew->irqs[i].slot = i;
		ret = request_irq(pci_irq_vector(pdev, i), curlew_isr, 0, "curlew",
				  &curlew->irqs[i]);
		if (ret) {
			curlew_free_irqs(curlew, i);
			return ret;
		}
	}
	return 0;
}

static int curlew_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct curlew *curlew;
	int ret;

	curlew = devm_kzalloc(&pdev->dev, sizeof(*curlew), GFP_KERNEL);
	if (!curlew)
		return -ENOMEM;
	curlew->ntb.pdev = pdev;
	curlew->ntb.ops = &curlew_ops;
	pci_set_drvdata(pdev, curlew);
	ret = ntb_register_device(&curlew->ntb);
	if (ret)
		return ret;
	ret = curlew_request_irqs(curlew);
	if (ret)
		ntb_unregister_device(&curlew->ntb);
	return ret;
}

static void curlew_remove_bad(struct pci_dev *pdev)
{
	struct curlew *curlew = pci_get_drvdata(pdev);

	curlew_free_irqs(curlew, curlew->slots);
	ntb_unregister_device(&curlew->ntb);
}

static const struct pci_device_id curlew_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d02) },
	{ }
};
MODULE_DEVICE_TABLE(pci, curlew_ids);

static struct pci_driver curlew_driver = {
	.name = "curlew",
	.id_table = curlew_ids,
	.probe = curlew_probe_bad,
	.remove = curlew_remove_bad,
};
module_pci_driver(curlew_driver);

MODULE_DESCRIPTION("Curlew");
MODULE_LICENSE("GPL");
