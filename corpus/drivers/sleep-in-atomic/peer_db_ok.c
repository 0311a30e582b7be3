// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device whose doorbell is rung through the endpoint controller, which takes a
 * mutex: a work does so, as clients ring it in atomic context.
 */
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci-epc.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

struct belfry {
	struct ntb_dev ntb;
	struct pci_epc *epc;
	struct work_struct ring;
	u64 bells;
};

static void belfry_ring(struct work_struct *work)
{
	struct belfry *belfry = container_of(work, struct belfry, ring);

	pci_epc_raise_irq(belfry->epc, 0, 0, 2, belfry->bells);
}

static int belfry_db_set(struct ntb_dev *ntb, u64 bits)
{
	struct belfry *belfry = container_of(ntb, struct belfry, ntb);

	belfry->bells = bits;
	queue_work(system_wq, &belfry->ring);
	return 0;
}

static const struct ntb_dev_ops belfry_ops = {
	.peer_db_set = belfry_db_set,
};

static int belfry_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct belfry *belfry;

	belfry = devm_kzalloc(&pdev->dev, sizeof(*belfry), GFP_KERNEL);
	if (!belfry)
		return -ENOMEM;
	INIT_WORK(&belfry->ring, belfry_ring);
	belfry->ntb.pdev = pdev;
	belfry->ntb.ops = &belfry_ops;
	pci_set_drvdata(pdev, belfry);
	return ntb_register_device(&belfry->ntb);
}

static void belfry_remove_ok(struct pci_dev *pdev)
{
	struct belfry *belfry = pci_get_drvdata(pdev);

	ntb_unregister_device(&belfry->ntb);
	cancel_work_sync(&belfry->ring);
}

static const struct pci_device_id belfry_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c04) },
	{ }
};
MODULE_DEVICE_TABLE(pci, belfry_ids);

static struct pci_driver belfry_driver = {
	.name = "belfry",
	.id_table = belfry_ids,
	.probe = belfry_probe_ok,
	.remove = belfry_remove_ok,
};
module_pci_driver(belfry_driver);

MODULE_DESCRIPTION("Belfry");
MODULE_LICENSE("GPL");
