// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An orchard whose helper allocates the pump and turns its clock on, and whose
 * probe has a helper that undoes both.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct pump {
	struct clk *clk;
	u32 strokes;
};

struct orchard {
	struct pump *pump;
	int irq;
};

static irqreturn_t orchard_isr(int irq, void *data)
{
	struct orchard *orchard = data;

	orchard->pump->strokes++;
	return IRQ_HANDLED;
}

static int orchard_start_pump(struct platform_device *pdev, struct orchard *orchard)
{
	struct pump *pump;
	int ret;

	pump = kzalloc(sizeof(*pump), GFP_KERNEL);
	if (!pump)
		return -ENOMEM;

	pump->clk = devm_clk_get(&pdev->dev, "pump");
	if (IS_ERR(pump->clk)) {
		ret = PTR_ERR(pump->clk);
		goto err_free;
	}
	ret = clk_prepare_enable(pump->clk);
	if (ret)
		goto err_free;

	orchard->pump = pump;
	return 0;

err_free:
	kfree(pump);
	return ret;
}

static void orchard_stop_pump(struct orchard *orchard)
{
	clk_disable_unprepare(orchard->pump->clk);
	kfree(orchard->pump);
}

static int orchard_probe_ok(struct platform_device *pdev)
{
	struct orchard *orchard;
	int ret;

	orchard = devm_kzalloc(&pdev->dev, sizeof(*orchard), GFP_KERNEL);
	if (!orchard)
		return -ENOMEM;

	orchard->irq = platform_get_irq(pdev, 0);
	if (orchard->irq < 0)
		return orchard->irq;

	ret = orchard_start_pump(pdev, orchard);
	if (ret)
		return ret;

	ret = request_irq(orchard->irq, orchard_isr, 0, "orchard", orchard);
	if (ret) {
		orchard_stop_pump(orchard);
		return ret;
	}

	platform_set_drvdata(pdev, orchard);
	return 0;
}

static void orchard_remove_ok(struct platform_device *pdev)
{
	struct orchard *orchard = platform_get_drvdata(pdev);

	free_irq(orchard->irq, orchard);
	orchard_stop_pump(orchard);
}

static struct platform_driver orchard_driver = {
	.probe = orchard_probe_ok,
	.remove = orchard_remove_ok,
	.driver = {
		.name = "orchard",
	},
};
module_platform_driver(orchard_driver);

MODULE_DESCRIPTION("Orchard");
