/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A supervising processor that tells by notifiers what has happened. */
#ifndef CORPUS_LINUX_MFD_RAVE_SP_H
#define CORPUS_LINUX_MFD_RAVE_SP_H

#include <linux/notifier.h>

struct device;

int devm_rave_sp_register_event_notifier(struct device *dev, struct notifier_block *nb);

#endif
