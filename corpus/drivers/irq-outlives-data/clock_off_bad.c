// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A tide clock that stops its bus clock by hand in remove. The handler of its managed
 * IRQ reads a register, which hangs the bus once the clock has stopped.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define TIDE_HEIGHT 0x0c

struct tide {
	void __iomem *regs;
	struct clk *clk;
	u32 height;
};

static irqreturn_t tide_isr(int irq, void *data)
{
	struct tide *tide = data;

	tide->height = readl(tide->regs + TIDE_HEIGHT);
	return IRQ_HANDLED;
}

static int tide_probe_bad(struct platform_device *pdev)
{
	struct tide *tide;
	int irq, ret;

	tide = devm_kzalloc(&pdev->dev, sizeof(*tide), GFP_KERNEL);
	if (!tide)
		return -ENOMEM;
	tide->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tide->regs))
		return PTR_ERR(tide->regs);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	tide->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(tide->clk))
		return PTR_ERR(tide->clk);
	ret = clk_prepare_enable(tide->clk);
	if (ret)
		return ret;

	ret = devm_request_irq(&pdev->dev, irq, tide_isr, 0, "tide", tide);
	if (ret) {
		clk_disable_unprepare(tide->clk);
		return ret;
	}
	platform_set_drvdata(pdev, tide);
	return 0;
}

static void tide_remove_bad(struct platform_device *pdev)
{
	struct tide *tide = platform_get_drvdata(pdev);

	clk_disable_unprepare(tide->clk);
}

static struct platform_driver tide_driver = {
	.probe = tide_probe_bad,
	.remove = tide_remove_bad,
	.driver = { .name = "tide" },
};
module_platform_driver(tide_driver);

MODULE_DESCRIPTION("Tide clock");
