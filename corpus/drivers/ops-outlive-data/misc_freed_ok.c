// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The card catalogue takes its misc device away first, so that nobody can open it any
 * more. Who has it open still can ask: the ioctl looks, under a lock, for the cards.
 */
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define CATALOGUE_CARDS 128

struct catalogue {
	struct miscdevice misc;
	u32 *cards;
};

static struct catalogue catalogue;
static DEFINE_MUTEX(catalogue_lock);

static long catalogue_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	guard(mutex)(&catalogue_lock);
	if (!catalogue.cards)
		return -ENODEV;
	return catalogue.cards[arg % CATALOGUE_CARDS];
}

static const struct file_operations catalogue_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = catalogue_ioctl,
};

static int catalogue_probe_ok(struct platform_device *pdev)
{
	int ret;

	catalogue.cards = kcalloc(CATALOGUE_CARDS, sizeof(*catalogue.cards), GFP_KERNEL);
	if (!catalogue.cards)
		return -ENOMEM;

	catalogue.misc.minor = MISC_DYNAMIC_MINOR;
	catalogue.misc.name = "catalogue";
	catalogue.misc.fops = &catalogue_fops;
	ret = misc_register(&catalogue.misc);
	if (ret)
		kfree(catalogue.cards);
	return ret;
}

static void catalogue_remove_ok(struct platform_device *pdev)
{
	misc_deregister(&catalogue.misc);
	guard(mutex)(&catalogue_lock);
	kfree(catalogue.cards);
	catalogue.cards = NULL;
}

static struct platform_driver catalogue_driver = {
	.probe = catalogue_probe_ok,
	.remove = catalogue_remove_ok,
	.driver = { .name = "catalogue" },
};
module_platform_driver(catalogue_driver);

MODULE_DESCRIPTION("Card catalogue");
