// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lighthouse that destroys its mutex in remove. Its lamp is managed: until devres
 * unregisters it, and while it does, the brightness can be set, under that mutex.
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

static int lighthouse_probe_bad(struct platform_device *pdev)
{
	struct lighthouse *house;
	int ret;

	house = devm_kzalloc(&pdev->dev, sizeof(*house), GFP_KERNEL);
	if (!house)
		return -ENOMEM;
	house->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(house->regs))
		return PTR_ERR(house->regs);

	mutex_init(&house->lock);

	house->lamp.name = "lighthouse";
	house->lamp.max_brightness = LED_FULL;
	house->lamp.brightness_set_blocking = lighthouse_set;
	ret = devm_led_classdev_register(&pdev->dev, &house->lamp);
	if (ret) {
		mutex_destroy(&house->lock);
		return ret;
	}
	platform_set_drvdata(pdev, house);
	return 0;
}

static void lighthouse_remove_bad(struct platform_device *pdev)
{
	struct lighthouse *house = platform_get_drvdata(pdev);

	mutex_destroy(&house->lock);
}

static struct platform_driver lighthouse_driver = {
	.probe = lighthouse_probe_bad,
	.remove = lighthouse_remove_bad,
	.driver = { .name = "lighthouse" },
};
module_platform_driver(lighthouse_driver);

MODULE_DESCRIPTION("Lighthouse");
