// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* A module between the granary and those that use it: it sleeps because the granary does. */
#include <linux/export.h>
#include <linux/module.h>
#include "granary_core.h"

int granary_report(struct granary *granary)
{
	int grain = granary_weigh(granary);

	return grain < 0 ? grain : grain / 2;
}
EXPORT_SYMBOL_GPL(granary_report);

MODULE_DESCRIPTION("Granary reports");
MODULE_LICENSE("GPL");
