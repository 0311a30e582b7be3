// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device that says by itself how many doorbells it has. The driver takes no more
 * than an int has bits, and compares what ffs() finds with their number.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#define KNOT_COUNT 0x08
#define KNOT_MOST 28
#define KNOT_BELL(n) (0x100 + 4 * (n))

struct knot {
	struct ntb_dev ntb;
	void __iomem *regs;
	struct work_struct work;
	u32 count;
	atomic64_t rung;
};

#define to_knot(dev) container_of(dev, struct knot, ntb)

static void knot_work(struct work_struct *work)
{
	struct knot *knot = container_of(work, struct knot, work);
	int i;

	for (i = 0; i < knot->count; i++) {
		if (!readl(knot->regs + KNOT_BELL(i)))
			continue;
		atomic64_or(1 << i, &knot->rung);
		ntb_db_event(&knot->ntb, i);
	}
}

static u64 knot_db_read(struct ntb_dev *ntb)
{
	return atomic64_read(&to_knot(ntb)->rung);
}

static int knot_peer_db_set(struct ntb_dev *ntb, u64 bits)
{
	struct knot *knot = to_knot(ntb);
	unsigned int nr = ffs(bits);

	if (nr == 0 || nr > knot->count)
		return -EINVAL;
	writel(1, knot->regs + KNOT_BELL(nr - 1));
	return 0;
}

static const struct ntb_dev_ops knot_ops = {
	.db_read = knot_db_read,
	.peer_db_set = knot_peer_db_set,
};

static int knot_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct knot *knot;
	u32 count;
	int ret;

	knot = devm_kzalloc(&pdev->dev, sizeof(*knot), GFP_KERNEL);
	if (!knot)
		return -ENOMEM;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	knot->regs = pcim_iomap(pdev, 0, 0);
	if (!knot->regs)
		return -ENOMEM;
	count = readl(knot->regs + KNOT_COUNT);
	if (!count || count > KNOT_MOST)
		return -EINVAL;
	knot->count = count;
	INIT_WORK(&knot->work, knot_work);
	knot->ntb.pdev = pdev;
	knot->ntb.ops = &knot_ops;
	pci_set_drvdata(pdev, knot);
	ret = ntb_register_device(&knot->ntb);
	if (ret)
		return ret;
	schedule_work(&knot->work);
	return 0;
}

static void knot_remove_ok(struct pci_dev *pdev)
{
	struct knot *knot = pci_get_drvdata(pdev);

	cancel_work_sync(&knot->work);
	ntb_unregister_device(&knot->ntb);
}

static const struct pci_device_id knot_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d07) },
	{ }
};
MODULE_DEVICE_TABLE(pci, knot_ids);

static struct pci_driver knot_driver = {
	.name = "knot",
	.id_table = knot_ids,
	.probe = knot_probe_ok,
	.remove = knot_remove_ok,
};
module_pci_driver(knot_driver);

MODULE_DESCRIPTION("Knot");
MODULE_LICENSE("GPL");
