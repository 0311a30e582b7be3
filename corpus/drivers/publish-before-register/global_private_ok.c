// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A gnomon that keeps itself in a pointer, which only its own misc device reads.
 * When that is not registered the pointer stays, but nobody can come by it.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define GNOMON_HOUR 0x08

struct gnomon {
	struct miscdevice misc;
	void __iomem *regs;
	u32 offset;
};

static DEFINE_MUTEX(gnomon_lock);
static struct gnomon *the_gnomon;

static long gnomon_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return readl(the_gnomon->regs + GNOMON_HOUR) + the_gnomon->offset;
}

static const struct file_operations gnomon_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = gnomon_ioctl,
};

static int gnomon_probe_ok(struct platform_device *pdev)
{
	struct gnomon *bar;
	int ret;

	bar = kzalloc(sizeof(*bar), GFP_KERNEL);
	if (!bar)
		return -ENOMEM;

	bar->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(bar->regs)) {
		ret = PTR_ERR(bar->regs);
		goto err_free;
	}

	mutex_lock(&gnomon_lock);
	the_gnomon = bar;
	mutex_unlock(&gnomon_lock);

	bar->misc.minor = MISC_DYNAMIC_MINOR;
	bar->misc.name = "gnomon";
	bar->misc.fops = &gnomon_fops;
	bar->misc.parent = &pdev->dev;
	ret = misc_register(&bar->misc);
	if (ret)
		goto err_free;

	platform_set_drvdata(pdev, bar);
	return 0;

err_free:
	kfree(bar);
	return ret;
}

static void gnomon_remove_ok(struct platform_device *pdev)
{
	struct gnomon *bar = platform_get_drvdata(pdev);

	mutex_lock(&gnomon_lock);
	the_gnomon = NULL;
	mutex_unlock(&gnomon_lock);
	misc_deregister(&bar->misc);
	kfree(bar);
}

static struct platform_driver gnomon_driver = {
	.probe = gnomon_probe_ok,
	.remove = gnomon_remove_ok,
	.driver = {
		.name = "gnomon",
	},
};
module_platform_driver(gnomon_driver);

MODULE_DESCRIPTION("Gnomon");
