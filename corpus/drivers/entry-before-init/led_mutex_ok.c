// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The stage light initialises its mutex first, and then registers.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>

#define STAGE_LEVEL 0x00

struct stage {
	void __iomem *regs;
	struct mutex lock;
	struct led_classdev light;
};

static int stage_set(struct led_classdev *led, enum led_brightness brightness)
{
	struct stage *stage = container_of(led, struct stage, light);

	guard(mutex)(&stage->lock);
	writel(brightness, stage->regs + STAGE_LEVEL);
	return 0;
}

static int stage_probe_ok(struct platform_device *pdev)
{
	struct stage *stage;

	stage = devm_kzalloc(&pdev->dev, sizeof(*stage), GFP_KERNEL);
	if (!stage)
		return -ENOMEM;
	stage->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(stage->regs))
		return PTR_ERR(stage->regs);

	mutex_init(&stage->lock);

	stage->light.name = "stage";
	stage->light.max_brightness = LED_FULL;
	stage->light.default_trigger = "default-on";
	stage->light.brightness_set_blocking = stage_set;

	return devm_led_classdev_register(&pdev->dev, &stage->light);
}

static struct platform_driver stage_driver = {
	.probe = stage_probe_ok,
	.driver = { .name = "stage" },
};
module_platform_driver(stage_driver);

MODULE_DESCRIPTION("Stage light");
