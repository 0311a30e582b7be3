// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom whose set-up gives its threads back when a step of it fails. What fails
 * is asked for anything but zero there, and for its sign by the probe: an error
 * is negative, so the two ask the same, and the label is not reached.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define LOOM_THREADS 32

struct loom {
	struct miscdevice misc;
	void __iomem *regs;
	u32 *threads;
};

int loom_tension(struct loom *loom);

static const struct file_operations loom_fops = {
	.owner = THIS_MODULE,
};

static int loom_set_up(struct loom *loom)
{
	int err;

	err = loom_tension(loom);
	if (err) {
		kfree(loom->threads);
		return err;
	}
	return 0;
}

static int loom_probe_ok(struct platform_device *pdev)
{
	struct loom *loom;
	int ret, err;

	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;

	loom->threads = kcalloc(LOOM_THREADS, sizeof(u32), GFP_KERNEL);
	if (!loom->threads)
		return -ENOMEM;

	ret = loom_set_up(loom);
	if (ret < 0)
		return ret;

	loom->misc.minor = MISC_DYNAMIC_MINOR;
	loom->misc.name = "loom";
	loom->misc.fops = &loom_fops;
	err = misc_register(&loom->misc);
	if (err) {
		kfree(loom->threads);
		return err;
	}

	platform_set_drvdata(pdev, loom);
	return ret;
}

static void loom_remove_ok(struct platform_device *pdev)
{
	struct loom *loom = platform_get_drvdata(pdev);

	misc_deregister(&loom->misc);
	kfree(loom->threads);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe_ok,
	.remove = loom_remove_ok,
	.driver = { .name = "loom" },
};
module_platform_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
