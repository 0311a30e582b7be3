/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_REGULATOR_CONSUMER_H
#define CORPUS_LINUX_REGULATOR_CONSUMER_H

#include <linux/compiler.h>

struct device;
struct regulator;

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
	struct notifier_block *next;
	int priority;
};

struct regulator *__must_check regulator_get(struct device *dev, const char *id);
void regulator_put(struct regulator *regulator);
struct regulator *__must_check devm_regulator_get(struct device *dev, const char *id);
int __must_check regulator_enable(struct regulator *regulator);
int regulator_disable(struct regulator *regulator);
int devm_regulator_get_enable(struct device *dev, const char *id);
int regulator_register_notifier(struct regulator *regulator, struct notifier_block *nb);
int devm_regulator_register_notifier(struct regulator *regulator,
				     struct notifier_block *nb);

#endif
