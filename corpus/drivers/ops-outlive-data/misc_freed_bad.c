// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A card catalogue that frees its cards before its misc device is gone: an ioctl() at
 * that moment reads freed memory.
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

static long catalogue_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return catalogue.cards[arg % CATALOGUE_CARDS];
}

static const struct file_operations catalogue_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = catalogue_ioctl,
};

static int catalogue_probe_bad(struct platform_device *pdev)
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

static void catalogue_remove_bad(struct platform_device *pdev)
{
	kfree(catalogue.cards);
	misc_deregister(&catalogue.misc);
}

static struct platform_driver catalogue_driver = {
	.probe = catalogue_probe_bad,
	.remove = catalogue_remove_bad,
	.driver = { .name = "catalogue" },
};
module_platform_driver(catalogue_driver);

MODULE_DESCRIPTION("Card catalogue");
