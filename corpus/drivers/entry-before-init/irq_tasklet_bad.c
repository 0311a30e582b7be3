// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A pantograph that sets its tasklet up after it has requested the IRQ whose handler
 * schedules it: a tasklet without a function may run.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define PANTOGRAPH_X 0x00
#define PANTOGRAPH_COPY 0x10

struct pantograph {
	void __iomem *regs;
	struct tasklet_struct draw;
	u32 x;
};

static void pantograph_draw(struct tasklet_struct *t)
{
	struct pantograph *panto = from_tasklet(panto, t, draw);

	writel(panto->x * 2, panto->regs + PANTOGRAPH_COPY);
}

static irqreturn_t pantograph_isr(int irq, void *data)
{
	struct pantograph *panto = data;

	panto->x = readl(panto->regs + PANTOGRAPH_X);
	tasklet_schedule(&panto->draw);
	return IRQ_HANDLED;
}

static void pantograph_stop(void *data)
{
	struct pantograph *panto = data;

	tasklet_kill(&panto->draw);
}

static int pantograph_probe_bad(struct platform_device *pdev)
{
	struct pantograph *panto;
	int irq, ret;

	panto = devm_kzalloc(&pdev->dev, sizeof(*panto), GFP_KERNEL);
	if (!panto)
		return -ENOMEM;
	panto->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(panto->regs))
		return PTR_ERR(panto->regs);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	/* Runs after devres has freed the IRQ. */
	ret = devm_add_action_or_reset(&pdev->dev, pantograph_stop, panto);
	if (ret)
		return ret;
	ret = devm_request_irq(&pdev->dev, irq, pantograph_isr, 0, "pantograph", panto);
	if (ret)
		return ret;

	tasklet_setup(&panto->draw, pantograph_draw);
	return 0;
}

static struct platform_driver pantograph_driver = {
	.probe = pantograph_probe_bad,
	.driver = { .name = "pantograph" },
};
module_platform_driver(pantograph_driver);

MODULE_DESCRIPTION("Pantograph");
