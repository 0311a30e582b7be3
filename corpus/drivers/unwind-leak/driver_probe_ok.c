// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lamp oiler whose probe is handed to platform_driver_probe(). It turns
 * its clock off when there is no oil.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>

#define OILER_LEVEL 0x00

struct oiler {
	void __iomem *regs;
	struct clk *clk;
};

static int __init oiler_probe_ok(struct platform_device *pdev)
{
	struct oiler *oiler;
	int ret;

	oiler = devm_kzalloc(&pdev->dev, sizeof(*oiler), GFP_KERNEL);
	if (!oiler)
		return -ENOMEM;

	oiler->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(oiler->regs))
		return PTR_ERR(oiler->regs);

	oiler->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(oiler->clk))
		return PTR_ERR(oiler->clk);

	ret = clk_prepare_enable(oiler->clk);
	if (ret)
		return ret;

	if (!readl(oiler->regs + OILER_LEVEL)) {
		clk_disable_unprepare(oiler->clk);
		return -ENODEV;
	}

	platform_set_drvdata(pdev, oiler);
	return 0;
}

static void __exit oiler_remove_ok(struct platform_device *pdev)
{
	struct oiler *oiler = platform_get_drvdata(pdev);

	clk_disable_unprepare(oiler->clk);
}

static struct platform_driver oiler_driver = {
	.remove = oiler_remove_ok,
	.driver = {
		.name = "oiler",
	},
};
module_platform_driver_probe(oiler_driver, oiler_probe_ok);

MODULE_DESCRIPTION("Lamp oiler");
MODULE_LICENSE("GPL");
