/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* timer_setup() ends in init_timer_key(), which takes the callback as an argument. */
#ifndef CORPUS_LINUX_TIMER_H
#define CORPUS_LINUX_TIMER_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/lockdep_types.h>
#include <linux/types.h>

#define TIMER_DEFERRABLE 0x00080000
#define TIMER_IRQSAFE 0x00200000

struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	u32 flags;
};

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *),
		    unsigned int flags, const char *name, struct lock_class_key *key);

#define __init_timer(_timer, _fn, _flags) \
	init_timer_key((_timer), (_fn), (_flags), NULL, NULL)

#define timer_setup(timer, callback, flags) \
	__init_timer((timer), (callback), (flags))

#define DEFINE_TIMER(_name, _function) \
	struct timer_list _name = { .function = (_function) }

#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)

void add_timer(struct timer_list *timer);
int mod_timer(struct timer_list *timer, unsigned long expires);
int timer_delete(struct timer_list *timer);
int timer_delete_sync(struct timer_list *timer);
int timer_shutdown(struct timer_list *timer);
int timer_shutdown_sync(struct timer_list *timer);

static inline int del_timer(struct timer_list *timer)
{
	return timer_delete(timer);
}

static inline int del_timer_sync(struct timer_list *timer)
{
	return timer_delete_sync(timer);
}

#endif
