/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* As in 6.12: hrtimer_init(), then the driver stores the handler into ->function. */
#ifndef CORPUS_LINUX_HRTIMER_H
#define CORPUS_LINUX_HRTIMER_H

#include <linux/container_of.h>
#include <linux/ktime.h>
#include <linux/types.h>

#define CLOCK_MONOTONIC 1

typedef int clockid_t;

enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0,
	HRTIMER_MODE_REL = 1,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

struct hrtimer {
	ktime_t expires;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	u8 state;
};

void hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode);
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t time, u64 slack,
			    const enum hrtimer_mode mode);
u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);

static inline void hrtimer_start(struct hrtimer *timer, ktime_t time,
				 const enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, time, 0, mode);
}

#endif
