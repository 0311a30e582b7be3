/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_BITOPS_H
#define CORPUS_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

void set_bit(long nr, volatile unsigned long *addr);
void clear_bit(long nr, volatile unsigned long *addr);
bool test_bit(long nr, const volatile unsigned long *addr);
bool test_and_set_bit(long nr, volatile unsigned long *addr);
bool test_and_clear_bit(long nr, volatile unsigned long *addr);

/* ffs() counts from 1 and sees an int; __ffs64() counts from 0. */
int variable_ffs(int x);
#define ffs(x) (__builtin_constant_p(x) ? __builtin_ffs(x) : variable_ffs(x))
unsigned int __ffs64(u64 word);

#endif
