// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A sundial that other modules ask for the hour. It makes itself known before
 * its misc device is registered; when that fails, the pointer stays, and whoever
 * asks reads freed memory.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define SUNDIAL_HOUR 0x08

struct sundial {
	struct miscdevice misc;
	void __iomem *regs;
	u32 offset;
};

int sundial_read_hour(u32 *hour);

static DEFINE_MUTEX(sundial_lock);
static struct sundial *the_sundial;

int sundial_read_hour(u32 *hour)
{
	int ret = -ENODEV;

	mutex_lock(&sundial_lock);
	if (the_sundial) {
		*hour = readl(the_sundial->regs + SUNDIAL_HOUR) + the_sundial->offset;
		ret = 0;
	}
	mutex_unlock(&sundial_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(sundial_read_hour);

static const struct file_operations sundial_fops = {
	.owner = THIS_MODULE,
};

static int sundial_probe_bad(struct platform_device *pdev)
{
	struct sundial *dial;
	int ret;

	dial = kzalloc(sizeof(*dial), GFP_KERNEL);
	if (!dial)
		return -ENOMEM;

	dial->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(dial->regs)) {
		ret = PTR_ERR(dial->regs);
		goto err_free;
	}

	mutex_lock(&sundial_lock);
	the_sundial = dial;
	mutex_unlock(&sundial_lock);

	dial->misc.minor = MISC_DYNAMIC_MINOR;
	dial->misc.name = "sundial";
	dial->misc.fops = &sundial_fops;
	dial->misc.parent = &pdev->dev;
	ret = misc_register(&dial->misc);
	if (ret)
		goto err_free;

	platform_set_drvdata(pdev, dial);
	return 0;

err_free:
	kfree(dial);
	return ret;
}

static void sundial_remove_bad(struct platform_device *pdev)
{
	struct sundial *dial = platform_get_drvdata(pdev);

	mutex_lock(&sundial_lock);
	the_sundial = NULL;
	mutex_unlock(&sundial_lock);
	misc_deregister(&dial->misc);
	kfree(dial);
}

static struct platform_driver sundial_driver = {
	.probe = sundial_probe_bad,
	.remove = sundial_remove_bad,
	.driver = {
		.name = "sundial",
	},
};
module_platform_driver(sundial_driver);

MODULE_DESCRIPTION("Sundial");
