/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * INIT_WORK() is a statement that stores the handler into ->func, some macros
 * deep; the short forms of queueing are inline functions over queue_work_on().
 */
#ifndef CORPUS_LINUX_WORKQUEUE_H
#define CORPUS_LINUX_WORKQUEUE_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/list.h>
#include <linux/lockdep_types.h>
#include <linux/timer.h>
#include <linux/types.h>

struct workqueue_struct;
struct work_struct;

typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	atomic_long_t data;
	struct list_head entry;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
	int cpu;
};

#define WQ_UNBOUND (1 << 1)
#define WQ_MEM_RECLAIM (1 << 3)
#define WQ_HIGHPRI (1 << 4)
#define WORK_CPU_UNBOUND 64
#define WORK_DATA_INIT() { 0 }

void __init_work(struct work_struct *work, int onstack);
void delayed_work_timer_fn(struct timer_list *timer);

#define __INIT_WORK_KEY(item, fn, onstack, key) \
	do { \
		__init_work((item), onstack); \
		(item)->data = (atomic_long_t)WORK_DATA_INIT(); \
		INIT_LIST_HEAD(&(item)->entry); \
		(item)->func = (fn); \
	} while (0)

#define __INIT_WORK(item, fn, onstack) \
	do { \
		static __maybe_unused struct lock_class_key __key; \
 \
		__INIT_WORK_KEY(item, fn, onstack, &__key); \
	} while (0)

#define INIT_WORK(item, fn) __INIT_WORK((item), (fn), 0)

#define INIT_DELAYED_WORK(item, fn) \
	do { \
		INIT_WORK(&(item)->work, (fn)); \
		__init_timer(&(item)->timer, delayed_work_timer_fn, TIMER_IRQSAFE); \
	} while (0)

#define DECLARE_WORK(n, f) \
	struct work_struct n = { \
		.entry = { &(n).entry, &(n).entry }, \
		.func = (f), \
	}

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

extern struct workqueue_struct *system_wq;

__printf(1, 4) struct workqueue_struct *
alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...);
void destroy_workqueue(struct workqueue_struct *wq);

#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | (flags), 1, ##args)

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay);
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay);

static inline bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}

static inline bool queue_delayed_work(struct workqueue_struct *wq,
				      struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

static inline bool mod_delayed_work(struct workqueue_struct *wq,
				    struct delayed_work *dwork, unsigned long delay)
{
	return mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

static inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

static inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

bool flush_work(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
bool disable_work_sync(struct work_struct *work);
bool disable_delayed_work_sync(struct delayed_work *dwork);
void __flush_workqueue(struct workqueue_struct *wq);

#define flush_workqueue(wq) __flush_workqueue(wq)

#endif
