/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_NOTIFIER_H
#define CORPUS_LINUX_NOTIFIER_H

#define NOTIFY_DONE 0
#define NOTIFY_OK 1

struct notifier_block;

typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;
};

#endif
