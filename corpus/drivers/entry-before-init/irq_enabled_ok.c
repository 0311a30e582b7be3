// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A ferry bell whose IRQ is requested disabled. It is enabled once the
 * completion that the handler signals is there.
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct bell {
	struct completion rung;
	int irq;
};

static irqreturn_t bell_isr(int irq, void *data)
{
	struct bell *bell = data;

	complete(&bell->rung);
	return IRQ_HANDLED;
}

static int bell_probe_ok(struct platform_device *pdev)
{
	struct bell *bell;
	int ret;

	bell = devm_kzalloc(&pdev->dev, sizeof(*bell), GFP_KERNEL);
	if (!bell)
		return -ENOMEM;

	bell->irq = platform_get_irq(pdev, 0);
	if (bell->irq < 0)
		return bell->irq;

	ret = devm_request_irq(&pdev->dev, bell->irq, bell_isr, IRQF_NO_AUTOEN,
			       "bell", bell);
	if (ret)
		return ret;

	init_completion(&bell->rung);
	enable_irq(bell->irq);
	return 0;
}

static struct platform_driver bell_driver = {
	.probe = bell_probe_ok,
	.driver = {
		.name = "bell",
	},
};
module_platform_driver(bell_driver);

MODULE_DESCRIPTION("Ferry bell");
MODULE_LICENSE("GPL");
