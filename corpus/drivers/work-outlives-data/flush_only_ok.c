// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The storm lantern cancels the work, with its delay, once nobody can set its
 * brightness any more.
 */
#include <linux/err.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct lantern {
	struct led_classdev led;
	struct workqueue_struct *wq;
	struct delayed_work trim;
	unsigned int flame;
	unsigned int wick;
};

static void lantern_trim(struct work_struct *work)
{
	struct lantern *lantern = container_of(to_delayed_work(work), struct lantern, trim);

	lantern->wick = lantern->flame / 16;
}

static void lantern_set(struct led_classdev *led, enum led_brightness brightness)
{
	struct lantern *lantern = container_of(led, struct lantern, led);

	lantern->flame = brightness;
	mod_delayed_work(lantern->wq, &lantern->trim, msecs_to_jiffies(200));
}

static int lantern_probe_ok(struct platform_device *pdev)
{
	struct lantern *lantern;
	int ret;

	lantern = kzalloc(sizeof(*lantern), GFP_KERNEL);
	if (!lantern)
		return -ENOMEM;
	INIT_DELAYED_WORK(&lantern->trim, lantern_trim);
	lantern->wq = alloc_ordered_workqueue("lantern", 0);
	if (!lantern->wq) {
		ret = -ENOMEM;
		goto err_free;
	}

	lantern->led.name = "lantern";
	lantern->led.max_brightness = LED_FULL;
	lantern->led.brightness_set = lantern_set;
	ret = led_classdev_register(&pdev->dev, &lantern->led);
	if (ret)
		goto err_wq;

	platform_set_drvdata(pdev, lantern);
	return 0;

err_wq:
	destroy_workqueue(lantern->wq);
err_free:
	kfree(lantern);
	return ret;
}

static void lantern_remove_ok(struct platform_device *pdev)
{
	struct lantern *lantern = platform_get_drvdata(pdev);

	led_classdev_unregister(&lantern->led);
	cancel_delayed_work_sync(&lantern->trim);
	destroy_workqueue(lantern->wq);
	kfree(lantern);
}

static struct platform_driver lantern_driver = {
	.probe = lantern_probe_ok,
	.remove = lantern_remove_ok,
	.driver = { .name = "lantern" },
};
module_platform_driver(lantern_driver);

MODULE_DESCRIPTION("Storm lantern");
