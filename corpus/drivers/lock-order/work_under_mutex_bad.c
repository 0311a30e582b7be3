// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A mill that waits for its work with the mutex held that the work takes.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

struct mill {
	struct mutex stones;
	struct work_struct grind;
	int grain;
};

static void mill_stop(struct mill *mill)
{
	cancel_work_sync(&mill->grind);
}

static void mill_grind(struct work_struct *work)
{
	struct mill *mill = container_of(work, struct mill, grind);

	mutex_lock(&mill->stones);
	mill->grain--;
	mutex_unlock(&mill->stones);
	if (mill->grain <= 0)
		return;
	queue_work(system_wq, &mill->grind);
}

static int mill_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct mill *mill;

	mill = devm_kzalloc(&pdev->dev, sizeof(*mill), GFP_KERNEL);
	if (!mill)
		return -ENOMEM;
	mutex_init(&mill->stones);
	INIT_WORK(&mill->grind, mill_grind);
	mill->grain = 100;
	pci_set_drvdata(pdev, mill);
	queue_work(system_wq, &mill->grind);
	return 0;
}

static void mill_remove_bad(struct pci_dev *pdev)
{
	struct mill *mill = pci_get_drvdata(pdev);

	mutex_lock(&mill->stones);
	mill_stop(mill);
	mutex_unlock(&mill->stones);
}

static const struct pci_device_id mill_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c14) },
	{ }
};
MODULE_DEVICE_TABLE(pci, mill_ids);

static struct pci_driver mill_driver = {
	.name = "mill",
	.id_table = mill_ids,
	.probe = mill_probe_bad,
	.remove = mill_remove_bad,
};
module_pci_driver(mill_driver);

MODULE_DESCRIPTION("Mill");
MODULE_LICENSE("GPL");
