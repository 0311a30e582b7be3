// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Looks like sleeping under a lock, and is not: a helper drops the caller's lock, another
 * is told not to sleep, and a lock that was only tried is not held where that has failed.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

struct ferry {
	void __iomem *regs;
	spinlock_t lock;
	struct mutex deck;
	struct completion landed;
};

static void ferry_cross(struct ferry *ferry)
{
	spin_unlock_irq(&ferry->lock);
	wait_for_completion(&ferry->landed);
	spin_lock_irq(&ferry->lock);
}

static void ferry_settle(struct ferry *ferry, bool can_sleep)
{
	if (can_sleep)
		msleep(20);
	else
		udelay(20);
}

static void ferry_load(struct ferry *ferry)
{
	if (!mutex_trylock(&ferry->deck)) {
		ferry_settle(ferry, true);
		return;
	}
	spin_lock_irq(&ferry->lock);
	ferry_settle(ferry, false);
	spin_unlock_irq(&ferry->lock);
	mutex_unlock(&ferry->deck);
}

static int ferry_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ferry *ferry;

	ferry = devm_kzalloc(&pdev->dev, sizeof(*ferry), GFP_KERNEL);
	if (!ferry)
		return -ENOMEM;
	spin_lock_init(&ferry->lock);
	mutex_init(&ferry->deck);
	init_completion(&ferry->landed);
	pci_set_drvdata(pdev, ferry);
	ferry_load(ferry);
	return 0;
}

static void ferry_remove_ok(struct pci_dev *pdev)
{
	struct ferry *ferry = pci_get_drvdata(pdev);

	spin_lock_irq(&ferry->lock);
	ferry_cross(ferry);
	spin_unlock_irq(&ferry->lock);
}

static const struct pci_device_id ferry_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c05) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ferry_ids);

static struct pci_driver ferry_driver = {
	.name = "ferry",
	.id_table = ferry_ids,
	.probe = ferry_probe_ok,
	.remove = ferry_remove_ok,
};
module_pci_driver(ferry_driver);

MODULE_DESCRIPTION("Ferry");
MODULE_LICENSE("GPL");
