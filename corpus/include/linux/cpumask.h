/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_CPUMASK_H
#define CORPUS_LINUX_CPUMASK_H

#include <linux/types.h>

struct cpumask {
	unsigned long bits[1];
};

const struct cpumask *cpumask_of(unsigned int cpu);
unsigned int num_online_cpus(void);

#endif
