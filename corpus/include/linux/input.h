/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_INPUT_H
#define CORPUS_LINUX_INPUT_H

#include <linux/device.h>
#include <linux/types.h>

struct input_dev {
	const char *name;
	int (*open)(struct input_dev *dev);
	void (*close)(struct input_dev *dev);
	struct device dev;
};

struct input_dev *input_allocate_device(void);
struct input_dev *devm_input_allocate_device(struct device *dev);
void input_free_device(struct input_dev *dev);
int input_register_device(struct input_dev *dev);
void input_unregister_device(struct input_dev *dev);

void *input_get_drvdata(struct input_dev *dev);
void input_set_drvdata(struct input_dev *dev, void *data);

void input_report_key(struct input_dev *dev, unsigned int code, int value);
void input_sync(struct input_dev *dev);

#endif
