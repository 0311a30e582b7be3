// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device whose other side says how many doorbells there are. The number is checked
 * before anything is made of it.
 */
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#define GODWIT_SLOTS 32
#define GODWIT_COUNT 0x08
#define GODWIT_DATA(n) (0x40 + 4 * (n))

struct godwit {
	struct ntb_dev ntb;
	void __iomem *regs;
	struct work_struct work;
	u32 count;
	u32 data[GODWIT_SLOTS];
	u64 valid;
};

static void godwit_work(struct work_struct *work)
{
	struct godwit *godwit = container_of(work, struct godwit, work);
	int i;

	for (i = 1; i < godwit->count; i++)
		if (godwit->data[i])
			ntb_db_event(&godwit->ntb, i - 1);
}

static u64 godwit_db_valid_mask(struct ntb_dev *ntb)
{
	return container_of(ntb, struct godwit, ntb)->valid;
}

static const struct ntb_dev_ops godwit_ops = {
	.db_valid_mask = godwit_db_valid_mask,
};

static void godwit_read_slots(struct godwit *godwit)
{
	int i;

	for (i = 0; i < godwit->count; i++)
		godwit->data[i] = readl(godwit->regs + GODWIT_DATA(i));
}

static int godwit_setup(struct godwit *godwit)
{
	/* What the other side has chosen. */
	godwit->count = readl(godwit->regs + GODWIT_COUNT);
	if (!godwit->count || godwit->count > GODWIT_SLOTS)
		return -EINVAL;
	godwit->valid = BIT_ULL(godwit->count - 1) - 1;
	godwit_read_slots(godwit);
	return 0;
}

static int godwit_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct godwit *godwit;
	int ret;

	godwit = devm_kzalloc(&pdev->dev, sizeof(*godwit), GFP_KERNEL);
	if (!godwit)
		return -ENOMEM;
	godwit->ntb.pdev = pdev;
	godwit->ntb.ops = &godwit_ops;
	pci_set_drvdata(pdev, godwit);
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	godwit->regs = pcim_iomap(pdev, 0, 0);
	if (!godwit->regs)
		return -ENOMEM;
	ret = godwit_setup(godwit);
	if (ret)
		return ret;
	INIT_WORK(&godwit->work, godwit_work);
	ret = ntb_register_device(&godwit->ntb);
	if (ret)
		return ret;
	schedule_work(&godwit->work);
	return 0;
}

static void godwit_remove_ok(struct pci_dev *pdev)
{
	struct godwit *godwit = pci_get_drvdata(pdev);

	cancel_work_sync(&godwit->work);
	ntb_unregister_device(&godwit->ntb);
}

static const struct pci_device_id godwit_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d06) },
	{ }
};
MODULE_DEVICE_TABLE(pci, godwit_ids);

static struct pci_driver godwit_driver = {
	.name = "godwit",
	.id_table = godwit_ids,
	.probe = godwit_probe_ok,
	.remove = godwit_remove_ok,
};
module_pci_driver(godwit_driver);

MODULE_DESCRIPTION("Godwit");
MODULE_LICENSE("GPL");
