// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A foghorn that turns its clock on, and nothing in the driver ever turns it
 * off: not when there is no air, not in remove.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>

#define FOGHORN_AIR 0x00

struct foghorn {
	void __iomem *regs;
	struct clk *clk;
};

static int foghorn_probe_bad(struct platform_device *pdev)
{
	struct foghorn *horn;
	int ret;

	horn = devm_kzalloc(&pdev->dev, sizeof(*horn), GFP_KERNEL);
	if (!horn)
		return -ENOMEM;

	horn->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(horn->regs))
		return PTR_ERR(horn->regs);

	horn->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(horn->clk))
		return PTR_ERR(horn->clk);

	ret = clk_prepare_enable(horn->clk);
	if (ret)
		return ret;

	if (!readl(horn->regs + FOGHORN_AIR))
		return -ENODEV;

	platform_set_drvdata(pdev, horn);
	return 0;
}

static struct platform_driver foghorn_driver = {
	.probe = foghorn_probe_bad,
	.driver = {
		.name = "foghorn",
	},
};
module_platform_driver(foghorn_driver);

MODULE_DESCRIPTION("Foghorn");
MODULE_LICENSE("GPL");
