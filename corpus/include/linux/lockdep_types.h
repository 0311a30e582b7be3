/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_LOCKDEP_TYPES_H
#define CORPUS_LINUX_LOCKDEP_TYPES_H

struct lock_class_key {
	char unused;
};

#endif
