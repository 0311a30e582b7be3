// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A driver that removes its virtual functions in .remove, and locks out rescans for that.
 * The core calls .remove with the device locked; a removal through sysfs has locked out
 * rescans before it locks the device.
 */
#include <linux/module.h>
#include <linux/pci.h>

#define WEIR_FUNCTIONS 4

struct weir {
	struct pci_dev *functions[WEIR_FUNCTIONS];
	int count;
};

static void weir_drop_functions(struct weir *weir)
{
	int i;

	pci_lock_rescan_remove();
	for (i = 0; i < weir->count; i++)
		pci_stop_and_remove_bus_device(weir->functions[i]);
	pci_unlock_rescan_remove();
	weir->count = 0;
}

static int weir_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct weir *weir;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	weir = devm_kzalloc(&pdev->dev, sizeof(*weir), GFP_KERNEL);
	if (!weir)
		return -ENOMEM;
	pci_set_drvdata(pdev, weir);
	return 0;
}

static void weir_remove_bad(struct pci_dev *pdev)
{
	weir_drop_functions(pci_get_drvdata(pdev));
}

static const struct pci_device_id weir_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c11) },
	{ }
};
MODULE_DEVICE_TABLE(pci, weir_ids);

static struct pci_driver weir_driver = {
	.name = "weir",
	.id_table = weir_ids,
	.probe = weir_probe_bad,
	.remove = weir_remove_bad,
};
module_pci_driver(weir_driver);

MODULE_DESCRIPTION("Weir");
MODULE_LICENSE("GPL");
