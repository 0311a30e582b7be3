// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom with two buffers. Setting it up frees them by a helper when it fails, and
 * clears the pointers; so the same helper in probe has nothing left to free.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define LOOM_THREADS 32
#define LOOM_STATE 0x00
#define LOOM_BROKEN 0x01

struct loom {
	struct miscdevice misc;
	void __iomem *regs;
	u32 *warp;
	u32 *weft;
};

static const struct file_operations loom_fops = {
	.owner = THIS_MODULE,
};

static void loom_free(struct loom *loom)
{
	kfree(loom->weft);
	loom->weft = NULL;
	kfree(loom->warp);
	loom->warp = NULL;
}

static int loom_setup(struct loom *loom)
{
	loom->warp = kcalloc(LOOM_THREADS, sizeof(u32), GFP_KERNEL);
	if (!loom->warp)
		return -ENOMEM;

	loom->weft = kcalloc(LOOM_THREADS, sizeof(u32), GFP_KERNEL);
	if (!loom->weft) {
		kfree(loom->warp);
		loom->warp = NULL;
		return -ENOMEM;
	}

	if (readl(loom->regs + LOOM_STATE) & LOOM_BROKEN) {
		loom_free(loom);
		return -EIO;
	}
	return 0;
}

static int loom_probe_ok(struct platform_device *pdev)
{
	struct loom *loom;
	int ret;

	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;

	loom->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(loom->regs))
		return PTR_ERR(loom->regs);

	ret = loom_setup(loom);
	if (ret)
		goto err_free;

	loom->misc.minor = MISC_DYNAMIC_MINOR;
	loom->misc.name = "loom";
	loom->misc.fops = &loom_fops;
	ret = misc_register(&loom->misc);
	if (ret)
		goto err_free;

	platform_set_drvdata(pdev, loom);
	return 0;

err_free:
	loom_free(loom);
	return ret;
}

static void loom_remove_ok(struct platform_device *pdev)
{
	struct loom *loom = platform_get_drvdata(pdev);

	misc_deregister(&loom->misc);
	loom_free(loom);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe_ok,
	.remove = loom_remove_ok,
	.driver = {
		.name = "loom",
	},
};
module_platform_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
