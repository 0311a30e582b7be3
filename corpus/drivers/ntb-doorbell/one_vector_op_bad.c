// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device that says how many vectors its doorbells have, and not which doorbells a
 * vector is for: the core does not take it.
 */
#include <linux/bits.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>

struct plover {
	struct ntb_dev ntb;
	unsigned int bells;
};

#define to_plover(dev) container_of(dev, struct plover, ntb)

static u64 plover_db_valid_mask(struct ntb_dev *ntb)
{
	return BIT_ULL(to_plover(ntb)->bells) - 1;
}

static int plover_db_vector_count(struct ntb_dev *ntb)
{
	return to_plover(ntb)->bells;
}

static const struct ntb_dev_ops plover_ops = {
	.db_valid_mask = plover_db_valid_mask,
	.db_vector_count = plover_db_vector_count,
};

static int plover_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct plover *plover;

	plover = devm_kzalloc(&pdev->dev, sizeof(*plover), GFP_KERNEL);
	if (!plover)
		return -ENOMEM;
	plover->ntb.pdev = pdev;
	plover->ntb.ops = &plover_ops;
	pci_set_drvdata(pdev, plover);
	plover->bells = 4;
	return ntb_register_device(&plover->ntb);
}

static void plover_remove_bad(struct pci_dev *pdev)
{
	struct plover *plover = pci_get_drvdata(pdev);

	ntb_unregister_device(&plover->ntb);
}

static const struct pci_device_id plover_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d04) },
	{ }
};
MODULE_DEVICE_TABLE(pci, plover_ids);

static struct pci_driver plover_driver = {
	.name = "plover",
	.id_table = plover_ids,
	.probe = plover_probe_bad,
	.remove = plover_remove_bad,
};
module_pci_driver(plover_driver);

MODULE_DESCRIPTION("Plover");
MODULE_LICENSE("GPL");
