/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The short forms of registering are inline functions over those with init data. */
#ifndef CORPUS_LINUX_LEDS_H
#define CORPUS_LINUX_LEDS_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

enum led_brightness {
	LED_OFF = 0,
	LED_ON = 1,
	LED_HALF = 127,
	LED_FULL = 255,
};

struct led_init_data;

struct led_classdev {
	const char *name;
	unsigned int brightness;
	unsigned int max_brightness;
	unsigned int flags;
	void (*brightness_set)(struct led_classdev *led, enum led_brightness brightness);
	int (*brightness_set_blocking)(struct led_classdev *led,
				       enum led_brightness brightness);
	enum led_brightness (*brightness_get)(struct led_classdev *led);
	struct device *dev;
	struct list_head node;
	const char *default_trigger;
};

int led_classdev_register_ext(struct device *parent, struct led_classdev *led,
			      struct led_init_data *init);
int devm_led_classdev_register_ext(struct device *parent, struct led_classdev *led,
				   struct led_init_data *init);
void led_classdev_unregister(struct led_classdev *led);

static inline int led_classdev_register(struct device *parent, struct led_classdev *led)
{
	return led_classdev_register_ext(parent, led, NULL);
}

static inline int devm_led_classdev_register(struct device *parent, struct led_classdev *led)
{
	return devm_led_classdev_register_ext(parent, led, NULL);
}

#endif
