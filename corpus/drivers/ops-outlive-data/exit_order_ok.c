// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A module that frees its table before it takes its misc device away. Whoever has
 * the device open holds the module, and nobody can open it while the module exits:
 * no callback runs any more.
 */
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>

#define ALMANAC_DAYS 366

static u32 *almanac_tides;

static long almanac_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return almanac_tides[arg % ALMANAC_DAYS];
}

static const struct file_operations almanac_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = almanac_ioctl,
};

static struct miscdevice almanac_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "almanac",
	.fops = &almanac_fops,
};

static int __init almanac_init_ok(void)
{
	int ret;

	almanac_tides = kcalloc(ALMANAC_DAYS, sizeof(*almanac_tides), GFP_KERNEL);
	if (!almanac_tides)
		return -ENOMEM;

	ret = misc_register(&almanac_misc);
	if (ret)
		kfree(almanac_tides);
	return ret;
}

static void __exit almanac_exit_ok(void)
{
	kfree(almanac_tides);
	misc_deregister(&almanac_misc);
}

module_init(almanac_init_ok);
module_exit(almanac_exit_ok);

MODULE_DESCRIPTION("Almanac");
