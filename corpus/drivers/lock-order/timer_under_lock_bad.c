// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lantern that waits for its timer with the spinlock held that the timer takes, a call
 * further down.
 */
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

struct lantern {
	void __iomem *regs;
	spinlock_t lock;
	struct timer_list flicker;
	bool lit;
};

static void lantern_toggle(struct lantern *lantern)
{
	spin_lock(&lantern->lock);
	lantern->lit = !lantern->lit;
	spin_unlock(&lantern->lock);
}

static void lantern_flicker(struct timer_list *t)
{
	struct lantern *lantern = from_timer(lantern, t, flicker);

	lantern_toggle(lantern);
	mod_timer(&lantern->flicker, jiffies + 5);
}

static void lantern_stop(struct lantern *lantern)
{
	timer_delete_sync(&lantern->flicker);
}

static int lantern_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct lantern *lantern;

	lantern = devm_kzalloc(&pdev->dev, sizeof(*lantern), GFP_KERNEL);
	if (!lantern)
		return -ENOMEM;
	spin_lock_init(&lantern->lock);
	timer_setup(&lantern->flicker, lantern_flicker, 0);
	pci_set_drvdata(pdev, lantern);
	mod_timer(&lantern->flicker, jiffies + 5);
	return 0;
}

static void lantern_remove_bad(struct pci_dev *pdev)
{
	struct lantern *lantern = pci_get_drvdata(pdev);

	spin_lock_bh(&lantern->lock);
	lantern_stop(lantern);
	lantern->lit = false;
	spin_unlock_bh(&lantern->lock);
}

static const struct pci_device_id lantern_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c13) },
	{ }
};
MODULE_DEVICE_TABLE(pci, lantern_ids);

static struct pci_driver lantern_driver = {
	.name = "lantern",
	.id_table = lantern_ids,
	.probe = lantern_probe_bad,
	.remove = lantern_remove_bad,
};
module_pci_driver(lantern_driver);

MODULE_DESCRIPTION("Lantern");
MODULE_LICENSE("GPL");
