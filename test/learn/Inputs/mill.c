// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A mill asks for a report with its spinlock held. That the report sleeps is written two
 * modules further down; only rules that were learnt from them tell.
 */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include "granary_core.h"

struct mill {
	spinlock_t lock;
	struct granary *granary;
	int grain;
};

static void mill_feed(struct mill *mill)
{
	spin_lock(&mill->lock);
	granary_refill(mill->granary, GFP_ATOMIC);
	mill->grain = granary_count(mill->granary);
	mill->grain += granary_report(mill->granary);
	spin_unlock(&mill->lock);
}

static int mill_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct mill *mill = devm_kzalloc(&pdev->dev, sizeof(*mill), GFP_KERNEL);

	if (!mill)
		return -ENOMEM;
	spin_lock_init(&mill->lock);
	pci_set_drvdata(pdev, mill);
	mill_feed(mill);
	return 0;
}

static const struct pci_device_id mill_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c41) },
	{ }
};
MODULE_DEVICE_TABLE(pci, mill_ids);

static struct pci_driver mill_driver = {
	.name = "mill",
	.id_table = mill_ids,
	.probe = mill_probe,
};
module_pci_driver(mill_driver);

MODULE_DESCRIPTION("Mill");
MODULE_LICENSE("GPL");
