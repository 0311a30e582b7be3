// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The dice tower has devres stop its clock: it was started before the generator was
 * registered, so it stops after that is gone.
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

static int tower_probe_ok(struct platform_device *pdev)
{
	struct tower *tower;

	tower = devm_kzalloc(&pdev->dev, sizeof(*tower), GFP_KERNEL);
	if (!tower)
		return -ENOMEM;
	tower->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tower->regs))
		return PTR_ERR(tower->regs);

	tower->clk = devm_clk_get_enabled(&pdev->dev, NULL);
	if (IS_ERR(tower->clk))
		return PTR_ERR(tower->clk);

	tower->rng.name = "tower";
	tower->rng.read = tower_read;

	return devm_hwrng_register(&pdev->dev, &tower->rng);
}

static struct platform_driver tower_driver = {
	.probe = tower_probe_ok,
	.driver = { .name = "tower" },
};
module_platform_driver(tower_driver);

MODULE_DESCRIPTION("Dice tower");
