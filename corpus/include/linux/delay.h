/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_DELAY_H
#define CORPUS_LINUX_DELAY_H

void msleep(unsigned int ms);
void usleep_range(unsigned long min, unsigned long max);
void udelay(unsigned long us);
void mdelay(unsigned long ms);

#endif
