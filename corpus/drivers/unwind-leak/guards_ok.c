// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Three wells whose probe releases under a test that says whether there is
 * something to release: the result of the one helper that ran, a question that
 * was asked before, and a null pointer.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define WELL_DEEP 0
#define WELL_SHALLOW 1

struct well_level {
	void *buffer;
};

struct well {
	struct clk *clk;
	struct well_level level[2];
	bool wide;
};

/* What no rule knows. */
bool well_is_deep(struct device *dev);
int well_check(struct device *dev);

static int well_open_narrow(struct well *well)
{
	return well_check(NULL);
}

/* Fails with nothing held. */
static int well_open_wide(struct well *well)
{
	int ret;

	ret = clk_prepare_enable(well->clk);
	if (ret)
		return ret;
	ret = well_check(NULL);
	if (ret)
		clk_disable_unprepare(well->clk);
	return ret;
}

/* One of two helpers is called: what the result says, it says of that one. */
static int well_choose_probe_ok(struct platform_device *pdev)
{
	struct well *well = devm_kzalloc(&pdev->dev, sizeof(*well), GFP_KERNEL);
	int ret;

	if (!well)
		return -ENOMEM;
	platform_set_drvdata(pdev, well);
	well->clk = devm_clk_get(&pdev->dev, "choose");
	if (IS_ERR(well->clk))
		return PTR_ERR(well->clk);
	well->wide = well_check(&pdev->dev) > 8;
	ret = well->wide ? well_open_wide(well) : well_open_narrow(well);
	if (ret)
		return ret;
	return 0;
}

static void well_choose_remove_ok(struct platform_device *pdev)
{
	struct well *well = platform_get_drvdata(pdev);

	if (well->wide)
		clk_disable_unprepare(well->clk);
}

static struct platform_driver well_choose_driver = {
	.probe = well_choose_probe_ok,
	.remove = well_choose_remove_ok,
	.driver = {
		.name = "well-choose",
	},
};

/* The same question of the same device has the same answer. */
static int well_asked_probe_ok(struct platform_device *pdev)
{
	struct clk *clk;
	int ret;

	clk = devm_clk_get(&pdev->dev, "asked");
	if (IS_ERR(clk))
		return PTR_ERR(clk);
	platform_set_drvdata(pdev, clk);
	if (well_is_deep(&pdev->dev)) {
		ret = clk_prepare_enable(clk);
		if (ret)
			return ret;
	}
	ret = well_check(&pdev->dev);
	if (ret)
		goto err;
	return 0;

err:
	if (well_is_deep(&pdev->dev))
		clk_disable_unprepare(clk);
	return ret;
}

static void well_asked_remove_ok(struct platform_device *pdev)
{
	clk_disable_unprepare(platform_get_drvdata(pdev));
}

static struct platform_driver well_asked_driver = {
	.probe = well_asked_probe_ok,
	.remove = well_asked_remove_ok,
	.driver = {
		.name = "well-asked",
	},
};

/* One element is cleared, and another one freed: they share a key. */
static int well_levels_probe_ok(struct platform_device *pdev)
{
	struct well *well = devm_kzalloc(&pdev->dev, sizeof(*well), GFP_KERNEL);
	int ret;

	if (!well)
		return -ENOMEM;
	platform_set_drvdata(pdev, well);
	well->level[WELL_DEEP].buffer = kzalloc(64, GFP_KERNEL);
	if (!well->level[WELL_DEEP].buffer)
		return -ENOMEM;
	well->level[WELL_SHALLOW].buffer = NULL;
	ret = well_check(&pdev->dev);
	if (ret)
		goto err;
	return 0;

err:
	if (well->level[WELL_DEEP].buffer)
		kfree(well->level[WELL_DEEP].buffer);
	return ret;
}

static void well_levels_remove_ok(struct platform_device *pdev)
{
	struct well *well = platform_get_drvdata(pdev);

	kfree(well->level[WELL_DEEP].buffer);
}

static struct platform_driver well_levels_driver = {
	.probe = well_levels_probe_ok,
	.remove = well_levels_remove_ok,
	.driver = {
		.name = "well-levels",
	},
};

MODULE_DESCRIPTION("Well");
