// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lottery drum enables its clock whenever it starts, but has it prepared only until remove,
 * while it is still registered.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/hw_random.h>
#include <linux/module.h>
#include <linux/platform_device.h>

struct drum {
	struct clk *clk;
	struct hwrng rng;
};

static int drum_start(struct hwrng *rng)
{
	struct drum *drum = container_of(rng, struct drum, rng);

	return clk_enable(drum->clk);
}

static int drum_probe_bad(struct platform_device *pdev)
{
	struct drum *drum;
	int ret;

	drum = devm_kzalloc(&pdev->dev, sizeof(*drum), GFP_KERNEL);
	if (!drum)
		return -ENOMEM;
	drum->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(drum->clk))
		return PTR_ERR(drum->clk);
	ret = clk_prepare(drum->clk);
	if (ret)
		return ret;

	drum->rng.name = "drum";
	drum->rng.init = drum_start;
	platform_set_drvdata(pdev, drum);
	ret = devm_hwrng_register(&pdev->dev, &drum->rng);
	if (ret)
		clk_unprepare(drum->clk);
	return ret;
}

static void drum_remove_bad(struct platform_device *pdev)
{
	struct drum *drum = platform_get_drvdata(pdev);

	clk_unprepare(drum->clk);
}

static struct platform_driver drum_driver = {
	.probe = drum_probe_bad,
	.remove = drum_remove_bad,
	.driver = { .name = "drum" },
};
module_platform_driver(drum_driver);

MODULE_DESCRIPTION("Lottery drum");
