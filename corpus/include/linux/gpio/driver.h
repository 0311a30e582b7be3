/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The macros that add a chip end in functions that also take the keys of its locks. */
#ifndef CORPUS_LINUX_GPIO_DRIVER_H
#define CORPUS_LINUX_GPIO_DRIVER_H

#include <linux/device.h>
#include <linux/lockdep_types.h>
#include <linux/types.h>

struct gpio_chip {
	const char *label;
	struct device *parent;
	struct module *owner;
	int (*get_direction)(struct gpio_chip *gc, unsigned int offset);
	int (*direction_input)(struct gpio_chip *gc, unsigned int offset);
	int (*direction_output)(struct gpio_chip *gc, unsigned int offset, int value);
	int (*get)(struct gpio_chip *gc, unsigned int offset);
	void (*set)(struct gpio_chip *gc, unsigned int offset, int value);
	int base;
	u16 ngpio;
	bool can_sleep;
};

int gpiochip_add_data_with_key(struct gpio_chip *gc, void *data,
			       struct lock_class_key *lock_key,
			       struct lock_class_key *request_key);
int devm_gpiochip_add_data_with_key(struct device *dev, struct gpio_chip *gc, void *data,
				    struct lock_class_key *lock_key,
				    struct lock_class_key *request_key);

#define gpiochip_add_data(gc, data) \
	gpiochip_add_data_with_key(gc, data, NULL, NULL)
#define devm_gpiochip_add_data(dev, gc, data) \
	devm_gpiochip_add_data_with_key(dev, gc, data, NULL, NULL)

void gpiochip_remove(struct gpio_chip *gc);
void *gpiochip_get_data(struct gpio_chip *gc);

#define GPIO_LINE_DIRECTION_IN 1
#define GPIO_LINE_DIRECTION_OUT 0

#endif
