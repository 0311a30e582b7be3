// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom that hands the flags of an allocation to a helper: GFP_ATOMIC where guard() holds
 * its spinlock, and in its timer.
 */
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

struct loom {
	void __iomem *regs;
	spinlock_t lock;
	struct timer_list shuttle;
	void *thread;
};

static void *loom_thread(size_t size, gfp_t flags)
{
	return kzalloc(size, flags);
}

static void loom_shuttle(struct timer_list *t)
{
	struct loom *loom = from_timer(loom, t, shuttle);

	if (!loom->thread)
		loom->thread = loom_thread(16, GFP_ATOMIC);
}

static void loom_wind(struct loom *loom)
{
	guard(spinlock_irqsave)(&loom->lock);
	kfree(loom->thread);
	loom->thread = loom_thread(64, GFP_ATOMIC);
}

static int loom_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct loom *loom;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;
	spin_lock_init(&loom->lock);
	timer_setup(&loom->shuttle, loom_shuttle, 0);
	pci_set_drvdata(pdev, loom);
	loom_wind(loom);
	mod_timer(&loom->shuttle, jiffies + 10);
	return 0;
}

static void loom_remove_ok(struct pci_dev *pdev)
{
	struct loom *loom = pci_get_drvdata(pdev);

	timer_shutdown_sync(&loom->shuttle);
	kfree(loom->thread);
}

static const struct pci_device_id loom_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c02) },
	{ }
};
MODULE_DEVICE_TABLE(pci, loom_ids);

static struct pci_driver loom_driver = {
	.name = "loom",
	.id_table = loom_ids,
	.probe = loom_probe_ok,
	.remove = loom_remove_ok,
};
module_pci_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
MODULE_LICENSE("GPL");
