// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A bus of its own, in small: a removal through sysfs takes the lock of the bus, then the
 * lock of the device; shrinking, with the device locked, takes them the other way round.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

struct quay {
	struct mutex berths;
	struct mutex ship;
	int moored;
	bool dead;
};

static void quay_release(struct quay *quay)
{
	mutex_lock(&quay->ship);
	quay->moored = 0;
	mutex_unlock(&quay->ship);
}

static void quay_remove_ship(struct quay *quay)
{
	mutex_lock(&quay->berths);
	quay_release(quay);
	mutex_unlock(&quay->berths);
}

static void quay_drop_boats(struct quay *quay)
{
	mutex_lock(&quay->berths);
	quay->moored--;
	mutex_unlock(&quay->berths);
}

static void quay_shrink(struct quay *quay)
{
	mutex_lock(&quay->ship);
	quay_drop_boats(quay);
	mutex_unlock(&quay->ship);
}

static int quay_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct quay *quay;

	quay = devm_kzalloc(&pdev->dev, sizeof(*quay), GFP_KERNEL);
	if (!quay)
		return -ENOMEM;
	mutex_init(&quay->berths);
	mutex_init(&quay->ship);
	pci_set_drvdata(pdev, quay);
	quay_shrink(quay);
	return 0;
}

static void quay_remove_bad(struct pci_dev *pdev)
{
	quay_remove_ship(pci_get_drvdata(pdev));
}

static const struct pci_device_id quay_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c12) },
	{ }
};
MODULE_DEVICE_TABLE(pci, quay_ids);

static struct pci_driver quay_driver = {
	.name = "quay",
	.id_table = quay_ids,
	.probe = quay_probe_bad,
	.remove = quay_remove_bad,
};
module_pci_driver(quay_driver);

MODULE_DESCRIPTION("Quay");
MODULE_LICENSE("GPL");
