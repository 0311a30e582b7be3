/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_WAIT_H
#define CORPUS_LINUX_WAIT_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};

typedef struct wait_queue_head wait_queue_head_t;

void init_waitqueue_head(struct wait_queue_head *wq);
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key);
long __wait_turn(struct wait_queue_head *wq, long timeout);

#define wake_up(wq) __wake_up(wq, 3, 1, NULL)
#define wake_up_interruptible(wq) __wake_up(wq, 1, 1, NULL)

#define wait_event_timeout(wq, cond, timeout) \
({ \
	long __left = (timeout); \
 \
	while (!(cond) && __left > 0) \
		__left = __wait_turn(&(wq), __left); \
	__left; \
})

#endif
