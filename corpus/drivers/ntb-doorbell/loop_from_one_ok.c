// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device that polls its doorbells. The first slot is for the link, so the loop
 * begins with the second one, and what goes to the core counts from 0. The mask of valid
 * doorbells has a bit for each of the others.
 */
#include <linux/bits.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#define HERON_BELLS 8

struct heron {
	struct ntb_dev ntb;
	struct delayed_work poll;
	u32 bell_count;
	u32 *bells;
	u64 rung;
};

#define to_heron(dev) container_of(dev, struct heron, ntb)

static void heron_poll(struct work_struct *work)
{
	struct heron *heron = container_of(work, struct heron, poll.work);
	int i;

	/* The first slot says that the link has changed. */
	if (READ_ONCE(heron->bells[0]))
		ntb_link_event(&heron->ntb);
	for (i = 1; i < heron->bell_count; i++) {
		if (!READ_ONCE(heron->bells[i]))
			continue;
		heron->rung |= BIT_ULL(i - 1);
		ntb_db_event(&heron->ntb, i - 1);
		WRITE_ONCE(heron->bells[i], 0);
	}
	schedule_delayed_work(&heron->poll, msecs_to_jiffies(5));
}

static u64 heron_db_valid_mask(struct ntb_dev *ntb)
{
	return BIT_ULL(to_heron(ntb)->bell_count - 1) - 1;
}

static u64 heron_db_read(struct ntb_dev *ntb)
{
	return to_heron(ntb)->rung;
}

static const struct ntb_dev_ops heron_ops = {
	.db_valid_mask = heron_db_valid_mask,
	.db_read = heron_db_read,
};

static int heron_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct heron *heron;
	int ret;

	heron = devm_kzalloc(&pdev->dev, sizeof(*heron), GFP_KERNEL);
	if (!heron)
		return -ENOMEM;
	heron->ntb.pdev = pdev;
	heron->ntb.ops = &heron_ops;
	pci_set_drvdata(pdev, heron);
	heron->bell_count = HERON_BELLS;
	heron->bells = devm_kcalloc(&pdev->dev, HERON_BELLS, sizeof(u32), GFP_KERNEL);
	if (!heron->bells)
		return -ENOMEM;
	INIT_DELAYED_WORK(&heron->poll, heron_poll);
	ret = ntb_register_device(&heron->ntb);
	if (ret)
		return ret;
	schedule_delayed_work(&heron->poll, 0);
	return 0;
}

static void heron_remove_ok(struct pci_dev *pdev)
{
	struct heron *heron = pci_get_drvdata(pdev);

	cancel_delayed_work_sync(&heron->poll);
	ntb_unregister_device(&heron->ntb);
}

static const struct pci_device_id heron_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, heron_ids);

static struct pci_driver heron_driver = {
	.name = "heron",
	.id_table = heron_ids,
	.probe = heron_probe_ok,
	.remove = heron_remove_ok,
};
module_pci_driver(heron_driver);

MODULE_DESCRIPTION("Heron");
MODULE_LICENSE("GPL");
