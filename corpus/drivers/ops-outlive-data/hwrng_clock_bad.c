// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A dice tower that stops its clock by hand in remove, while it is still registered as a
 * random number generator: whoever reads /dev/hwrng then touches a dead device.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/hw_random.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define TOWER_THROW 0x04

struct tower {
	void __iomem *regs;
	struct clk *clk;
	struct hwrng rng;
};

static int tower_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	struct tower *tower = container_of(rng, struct tower, rng);

	if (max < sizeof(u32))
		return 0;
	*(u32 *)data = readl(tower->regs + TOWER_THROW);
	return sizeof(u32);
}

static int tower_probe_bad(struct platform_device *pdev)
{
	struct tower *tower;
	int ret;

	tower = devm_kzalloc(&pdev->dev, sizeof(*tower), GFP_KERNEL);
	if (!tower)
		return -ENOMEM;
	tower->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tower->regs))
		return PTR_ERR(tower->regs);

	tower->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(tower->clk))
		return PTR_ERR(tower->clk);
	ret = clk_prepare_enable(tower->clk);
	if (ret)
		return ret;

	tower->rng.name = "tower";
	tower->rng.read = tower_read;
	ret = devm_hwrng_register(&pdev->dev, &tower->rng);
	if (ret) {
		clk_disable_unprepare(tower->clk);
		return ret;
	}
	platform_set_drvdata(pdev, tower);
	return 0;
}

static void tower_remove_bad(struct platform_device *pdev)
{
	struct tower *tower = platform_get_drvdata(pdev);

	clk_disable_unprepare(tower->clk);
}

static struct platform_driver tower_driver = {
	.probe = tower_probe_bad,
	.remove = tower_remove_bad,
	.driver = { .name = "tower" },
};
module_platform_driver(tower_driver);

MODULE_DESCRIPTION("Dice tower");
