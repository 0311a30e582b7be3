// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The register map is that of the parent, which may switch on by itself what it needs. So it
 * is not certain that the registers need this clock.
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

static int tower_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	struct tower *tower = container_of(rng, struct tower, rng);
	int ret;

	if (max < sizeof(u32))
		return 0;
	ret = regmap_read(tower->map, TOWER_THROW, data);
	return ret ? ret : sizeof(u32);
}

static int tower_probe_ok(struct platform_device *pdev)
{
	struct tower *tower;
	int ret;

	tower = devm_kzalloc(&pdev->dev, sizeof(*tower), GFP_KERNEL);
	if (!tower)
		return -ENOMEM;
	tower->map = dev_get_regmap(pdev->dev.parent, NULL);
	if (!tower->map)
		return -ENODEV;

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

static void tower_remove_ok(struct platform_device *pdev)
{
	struct tower *tower = platform_get_drvdata(pdev);

	clk_disable_unprepare(tower->clk);
}

static struct platform_driver tower_driver = {
	.probe = tower_probe_ok,
	.remove = tower_remove_ok,
	.driver = { .name = "tower" },
};
module_platform_driver(tower_driver);

MODULE_DESCRIPTION("Dice tower");
