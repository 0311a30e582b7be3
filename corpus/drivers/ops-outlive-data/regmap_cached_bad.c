// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A dice tower with a register map of its own stops its clock while it is still registered:
 * whoever reads then touches a dead device.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/hw_random.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/regmap.h>

#define TOWER_THROW 0x04

struct tower {
	struct regmap *map;
	struct clk *clk;
	struct hwrng rng;
};

static const struct regmap_config tower_config = {
	.reg_bits = 32,
	.val_bits = 32,
	.max_register = 0x10,
};

static int tower_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	struct tower *tower = container_of(rng, struct tower, rng);
	int ret;

	if (max < sizeof(u32))
		return 0;
	ret = regmap_read(tower->map, TOWER_THROW, data);
	return ret ? ret : sizeof(u32);
}

static int tower_probe_bad(struct platform_device *pdev)
{
	void __iomem *regs;
	struct tower *tower;
	int ret;

	tower = devm_kzalloc(&pdev->dev, sizeof(*tower), GFP_KERNEL);
	if (!tower)
		return -ENOMEM;
	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);
	tower->map = devm_regmap_init_mmio(&pdev->dev, regs, &tower_config);
	if (IS_ERR(tower->map))
		return PTR_ERR(tower->map);

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
