/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the kernel's own headers have of granaries: functions with bodies, and a table. */
#ifndef GRANARY_H
#define GRANARY_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct granary_ops {
	int (*level)(void *silo);
	int (*drain)(void *silo);
	int (*clean)(void *silo);
	bool can_wait;
};

struct granary_silo {
	spinlock_t lock;
	struct mutex mutex;
	const struct granary_ops *ops;
	int grain;
};

static inline int granary_peek(struct granary_silo *silo)
{
	int grain;

	mutex_lock(&silo->mutex);
	grain = silo->grain;
	mutex_unlock(&silo->mutex);
	return grain;
}

#endif
