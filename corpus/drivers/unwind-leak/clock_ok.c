// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A windmill that turns its clock off on every way out.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>

#define WINDMILL_WIND 0x04

struct windmill {
	struct miscdevice misc;
	void __iomem *regs;
	struct clk *clk;
};

static const struct file_operations windmill_fops = {
	.owner = THIS_MODULE,
};

static int windmill_probe_ok(struct platform_device *pdev)
{
	struct windmill *mill;
	int ret;

	mill = devm_kzalloc(&pdev->dev, sizeof(*mill), GFP_KERNEL);
	if (!mill)
		return -ENOMEM;

	mill->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mill->regs))
		return PTR_ERR(mill->regs);

	mill->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(mill->clk))
		return PTR_ERR(mill->clk);

	ret = clk_prepare_enable(mill->clk);
	if (ret)
		return ret;

	if (!readl(mill->regs + WINDMILL_WIND)) {
		ret = -ENODEV;
		goto err_clk;
	}

	mill->misc.minor = MISC_DYNAMIC_MINOR;
	mill->misc.name = "windmill";
	mill->misc.fops = &windmill_fops;
	ret = misc_register(&mill->misc);
	if (ret)
		goto err_clk;

	platform_set_drvdata(pdev, mill);
	return 0;

err_clk:
	clk_disable_unprepare(mill->clk);
	return ret;
}

static void windmill_remove_ok(struct platform_device *pdev)
{
	struct windmill *mill = platform_get_drvdata(pdev);

	misc_deregister(&mill->misc);
	clk_disable_unprepare(mill->clk);
}

static struct platform_driver windmill_driver = {
	.probe = windmill_probe_ok,
	.remove = windmill_remove_ok,
	.driver = {
		.name = "windmill",
	},
};
module_platform_driver(windmill_driver);

MODULE_DESCRIPTION("Windmill");
