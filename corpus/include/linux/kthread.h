/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_KTHREAD_H
#define CORPUS_LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/types.h>

struct task_struct;

__printf(4, 5) struct task_struct *
kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
		       const char *namefmt, ...);
int wake_up_process(struct task_struct *tsk);

#define kthread_create(threadfn, data, namefmt, arg...) \
	kthread_create_on_node(threadfn, data, -1, namefmt, ##arg)

#define kthread_run(threadfn, data, namefmt, ...) \
({ \
	struct task_struct *__task = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
 \
	if (!IS_ERR(__task)) \
		wake_up_process(__task); \
	__task; \
})

int kthread_stop(struct task_struct *k);
bool kthread_should_stop(void);

#endif
