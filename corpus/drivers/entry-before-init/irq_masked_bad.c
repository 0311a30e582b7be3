// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A tide gauge requests its IRQ before the completion that the handler signals
 * is there, and whatever left the interrupts of the gauge on may fire.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define GAUGE_IRQ_ENABLE 0x10
#define GAUGE_SCALE 0x14

struct gauge {
	void __iomem *regs;
	struct completion tide;
};

static void gauge_write(struct gauge *gauge, u32 offset, u32 value)
{
	writel(value, gauge->regs + offset);
}

static irqreturn_t gauge_isr(int irq, void *data)
{
	struct gauge *gauge = data;

	complete(&gauge->tide);
	return IRQ_HANDLED;
}

static int gauge_probe_bad(struct platform_device *pdev)
{
	struct gauge *gauge;
	int irq, ret;

	gauge = devm_kzalloc(&pdev->dev, sizeof(*gauge), GFP_KERNEL);
	if (!gauge)
		return -ENOMEM;

	gauge->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(gauge->regs))
		return PTR_ERR(gauge->regs);

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	gauge_write(gauge, GAUGE_SCALE, 100);

	ret = devm_request_irq(&pdev->dev, irq, gauge_isr, 0, "gauge", gauge);
	if (ret)
		return ret;

	init_completion(&gauge->tide);
	return 0;
}

static struct platform_driver gauge_driver = {
	.probe = gauge_probe_bad,
	.driver = {
		.name = "gauge",
	},
};
module_platform_driver(gauge_driver);

MODULE_DESCRIPTION("Tide gauge");
MODULE_LICENSE("GPL");
