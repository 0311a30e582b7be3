// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The potter's wheel stops its thread, and frees the table of speeds afterwards.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define WHEEL_SPEED 0x08
#define WHEEL_SPEEDS 32

struct wheel {
	void __iomem *regs;
	struct task_struct *thread;
	u32 *speeds;
};

static int wheel_turn(void *data)
{
	struct wheel *wheel = data;
	unsigned int n = 0;

	while (!kthread_should_stop()) {
		writel(wheel->speeds[n++ % WHEEL_SPEEDS], wheel->regs + WHEEL_SPEED);
		msleep(50);
	}
	return 0;
}

static int wheel_probe_ok(struct platform_device *pdev)
{
	struct wheel *wheel;
	int ret;

	wheel = devm_kzalloc(&pdev->dev, sizeof(*wheel), GFP_KERNEL);
	if (!wheel)
		return -ENOMEM;
	wheel->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(wheel->regs))
		return PTR_ERR(wheel->regs);

	wheel->speeds = kcalloc(WHEEL_SPEEDS, sizeof(*wheel->speeds), GFP_KERNEL);
	if (!wheel->speeds)
		return -ENOMEM;
	wheel->thread = kthread_run(wheel_turn, wheel, "wheel");
	if (IS_ERR(wheel->thread)) {
		ret = PTR_ERR(wheel->thread);
		kfree(wheel->speeds);
		return ret;
	}
	platform_set_drvdata(pdev, wheel);
	return 0;
}

static void wheel_remove_ok(struct platform_device *pdev)
{
	struct wheel *wheel = platform_get_drvdata(pdev);

	kthread_stop(wheel->thread);
	kfree(wheel->speeds);
}

static struct platform_driver wheel_driver = {
	.probe = wheel_probe_ok,
	.remove = wheel_remove_ok,
	.driver = { .name = "wheel" },
};
module_platform_driver(wheel_driver);

MODULE_DESCRIPTION("Potter's wheel");
