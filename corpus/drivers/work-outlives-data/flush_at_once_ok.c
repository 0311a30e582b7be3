// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The twin of flush_at_once_ok.c: the work is queued without a delay, so that flushing
 * the workqueue is enough once nothing queues it any more.
 */
#include <linux/err.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct candle {
	struct led_classdev led;
	struct workqueue_struct *wq;
	struct delayed_work trim;
	unsigned int flame;
	unsigned int wick;
};

static void candle_trim(struct work_struct *work)
{
	struct candle *candle = container_of(to_delayed_work(work), struct candle, trim);

	candle->wick = candle->flame / 16;
}

/* The helper has the delay, too, from its callers. */
static void candle_queue(struct candle *candle, struct delayed_work *work, unsigned long delay)
{
	mod_delayed_work(candle->wq, work, delay);
}

static void candle_set(struct led_classdev *led, enum led_brightness brightness)
{
	struct candle *candle = container_of(led, struct candle, led);

	candle->flame = brightness;
	candle_queue(candle, &candle->trim, 0);
}

static int candle_probe_ok(struct platform_device *pdev)
{
	struct candle *candle;
	int ret;

	candle = kzalloc(sizeof(*candle), GFP_KERNEL);
	if (!candle)
		return -ENOMEM;
	INIT_DELAYED_WORK(&candle->trim, candle_trim);
	candle->wq = alloc_ordered_workqueue("candle", 0);
	if (!candle->wq) {
		ret = -ENOMEM;
		goto err_free;
	}

	candle->led.name = "candle";
	candle->led.max_brightness = LED_FULL;
	candle->led.brightness_set = candle_set;
	ret = led_classdev_register(&pdev->dev, &candle->led);
	if (ret)
		goto err_wq;

	platform_set_drvdata(pdev, candle);
	return 0;

err_wq:
	destroy_workqueue(candle->wq);
err_free:
	kfree(candle);
	return ret;
}

static void candle_remove_ok(struct platform_device *pdev)
{
	struct candle *candle = platform_get_drvdata(pdev);

	led_classdev_unregister(&candle->led);
	flush_workqueue(candle->wq);
	destroy_workqueue(candle->wq);
	kfree(candle);
}

static struct platform_driver candle_driver = {
	.probe = candle_probe_ok,
	.remove = candle_remove_ok,
	.driver = { .name = "candle" },
};
module_platform_driver(candle_driver);

MODULE_DESCRIPTION("Storm candle");
