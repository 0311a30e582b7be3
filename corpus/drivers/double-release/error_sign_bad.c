// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom whose set-up gives its threads back when a step of it fails, as the probe
 * does then once more.
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

static int loom_probe_bad(struct platform_device *pdev)
{
	struct loom *loom;
	int ret;

	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;

	loom->threads = kcalloc(LOOM_THREADS, sizeof(u32), GFP_KERNEL);
	if (!loom->threads)
		return -ENOMEM;

	ret = loom_set_up(loom);
	if (ret < 0)
		goto err_threads;

	loom->misc.minor = MISC_DYNAMIC_MINOR;
	loom->misc.name = "loom";
	loom->misc.fops = &loom_fops;
	ret = misc_register(&loom->misc);
	if (ret)
		goto err_threads;

	platform_set_drvdata(pdev, loom);
	return 0;

err_threads:
	kfree(loom->threads);
	return ret;
}

static void loom_remove_bad(struct platform_device *pdev)
{
	struct loom *loom = platform_get_drvdata(pdev);

	misc_deregister(&loom->misc);
	kfree(loom->threads);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe_bad,
	.remove = loom_remove_bad,
	.driver = { .name = "loom" },
};
module_platform_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
