/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Works that devres cancels: inline functions that bind the handler, too. */
#ifndef CORPUS_LINUX_DEVM_HELPERS_H
#define CORPUS_LINUX_DEVM_HELPERS_H

#include <linux/device.h>
#include <linux/workqueue.h>

static inline void devm_delayed_work_drop(void *item)
{
	cancel_delayed_work_sync(item);
}

static inline int devm_delayed_work_autocancel(struct device *dev, struct delayed_work *item,
					       work_func_t fn)
{
	INIT_DELAYED_WORK(item, fn);
	return devm_add_action(dev, devm_delayed_work_drop, item);
}

static inline void devm_work_drop(void *item)
{
	cancel_work_sync(item);
}

static inline int devm_work_autocancel(struct device *dev, struct work_struct *item,
				       work_func_t fn)
{
	INIT_WORK(item, fn);
	return devm_add_action(dev, devm_work_drop, item);
}

#endif
