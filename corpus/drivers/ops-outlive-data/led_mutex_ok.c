// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The lighthouse has devres destroy its mutex, after the lamp that was registered later
 * is gone.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>

#define LIGHTHOUSE_LAMP 0x00

struct lighthouse {
	void __iomem *regs;
	struct mutex lock;
	struct led_classdev lamp;
};

static int lighthouse_set(struct led_classdev *led, enum led_brightness brightness)
{
	struct lighthouse *house = container_of(led, struct lighthouse, lamp);

	mutex_lock(&house->lock);
	writel(brightness, house->regs + LIGHTHOUSE_LAMP);
	mutex_unlock(&house->lock);
	return 0;
}

static int lighthouse_probe_ok(struct platform_device *pdev)
{
	struct lighthouse *house;
	int ret;

	house = devm_kzalloc(&pdev->dev, sizeof(*house), GFP_KERNEL);
	if (!house)
		return -ENOMEM;
	house->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(house->regs))
		return PTR_ERR(house->regs);

	ret = devm_mutex_init(&pdev->dev, &house->lock);
	if (ret)
		return ret;

	house->lamp.name = "lighthouse";
	house->lamp.max_brightness = LED_FULL;
	house->lamp.brightness_set_blocking = lighthouse_set;

	return devm_led_classdev_register(&pdev->dev, &house->lamp);
}

static struct platform_driver lighthouse_driver = {
	.probe = lighthouse_probe_ok,
	.driver = { .name = "lighthouse" },
};
module_platform_driver(lighthouse_driver);

MODULE_DESCRIPTION("Lighthouse");
