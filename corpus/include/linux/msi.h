/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_MSI_H
#define CORPUS_LINUX_MSI_H

#include <linux/types.h>

struct msi_map {
	int index;
	int virq;
};

#endif
