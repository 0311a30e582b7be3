/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_PM_RUNTIME_H
#define CORPUS_LINUX_PM_RUNTIME_H

#include <linux/types.h>

struct device;

void pm_runtime_enable(struct device *dev);
void pm_runtime_disable(struct device *dev);
bool pm_runtime_enabled(struct device *dev);
int pm_runtime_get_sync(struct device *dev);
int pm_runtime_put(struct device *dev);
void pm_runtime_put_noidle(struct device *dev);

#endif
