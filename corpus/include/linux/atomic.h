/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_ATOMIC_H
#define CORPUS_LINUX_ATOMIC_H

#include <linux/types.h>

#define ATOMIC_INIT(i) { (i) }

int atomic_read(const atomic_t *v);
void atomic_set(atomic_t *v, int i);
void atomic_inc(atomic_t *v);
void atomic_dec(atomic_t *v);
int atomic_inc_return(atomic_t *v);
bool atomic_dec_and_test(atomic_t *v);
int atomic_xchg(atomic_t *v, int i);

s64 atomic64_read(const atomic64_t *v);
void atomic64_or(s64 i, atomic64_t *v);

#endif
