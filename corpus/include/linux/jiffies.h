/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_JIFFIES_H
#define CORPUS_LINUX_JIFFIES_H

#define HZ 250

extern unsigned long volatile jiffies;

static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	return (ms * HZ + 999UL) / 1000UL;
}

#endif
