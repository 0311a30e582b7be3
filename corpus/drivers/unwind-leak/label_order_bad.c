// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A weir whose labels stand in the order in which things are acquired, instead
 * of the reverse: who jumps to the second one leaves out the first.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define WEIR_LEVELS 32

struct weir {
	struct miscdevice misc;
	struct clk *clk;
	u32 *levels;
};

static const struct file_operations weir_fops = {
	.owner = THIS_MODULE,
};

static int weir_probe_bad(struct platform_device *pdev)
{
	struct weir *weir;
	int ret;

	weir = devm_kzalloc(&pdev->dev, sizeof(*weir), GFP_KERNEL);
	if (!weir)
		return -ENOMEM;

	weir->clk = clk_get(&pdev->dev, "flow");
	if (IS_ERR(weir->clk))
		return PTR_ERR(weir->clk);

	weir->levels = kcalloc(WEIR_LEVELS, sizeof(u32), GFP_KERNEL);
	if (!weir->levels) {
		ret = -ENOMEM;
		goto err_clk;
	}

	weir->misc.minor = MISC_DYNAMIC_MINOR;
	weir->misc.name = "weir";
	weir->misc.fops = &weir_fops;
	ret = misc_register(&weir->misc);
	if (ret)
		goto err_levels;

	platform_set_drvdata(pdev, weir);
	return 0;

err_clk:
	clk_put(weir->clk);
err_levels:
	kfree(weir->levels);
	return ret;
}

static void weir_remove_bad(struct platform_device *pdev)
{
	struct weir *weir = platform_get_drvdata(pdev);

	misc_deregister(&weir->misc);
	kfree(weir->levels);
	clk_put(weir->clk);
}

static struct platform_driver weir_driver = {
	.probe = weir_probe_bad,
	.remove = weir_remove_bad,
	.driver = {
		.name = "weir",
	},
};
module_platform_driver(weir_driver);

MODULE_DESCRIPTION("Weir");
