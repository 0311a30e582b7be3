// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A tide gauge that turns off, in remove, the clock that it has got managed and
 * enabled. devres turns it off once more.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>

#define GAUGE_RUN 0x00
#define GAUGE_LEVEL 0x04

struct gauge {
	void __iomem *regs;
	struct clk *clk;
};

static int gauge_probe_bad(struct platform_device *pdev)
{
	struct gauge *gauge;

	gauge = devm_kzalloc(&pdev->dev, sizeof(*gauge), GFP_KERNEL);
	if (!gauge)
		return -ENOMEM;

	gauge->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(gauge->regs))
		return PTR_ERR(gauge->regs);

	gauge->clk = devm_clk_get_enabled(&pdev->dev, NULL);
	if (IS_ERR(gauge->clk))
		return PTR_ERR(gauge->clk);

	if (!readl(gauge->regs + GAUGE_LEVEL))
		return -ENODEV;

	writel(1, gauge->regs + GAUGE_RUN);
	platform_set_drvdata(pdev, gauge);
	return 0;
}

static void gauge_remove_bad(struct platform_device *pdev)
{
	struct gauge *gauge = platform_get_drvdata(pdev);

	writel(0, gauge->regs + GAUGE_RUN);
	clk_disable_unprepare(gauge->clk);
}

static struct platform_driver gauge_driver = {
	.probe = gauge_probe_bad,
	.remove = gauge_remove_bad,
	.driver = {
		.name = "tide-gauge",
	},
};
module_platform_driver(gauge_driver);

MODULE_DESCRIPTION("Tide gauge");
