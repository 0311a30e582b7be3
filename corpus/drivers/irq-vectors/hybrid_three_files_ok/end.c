// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The end of the packet tap: device stopped, IRQs given back,
 * vectors left to devres.
 */
#include "siskin.h"

static void siskin_stop(struct siskin *tap)
{
	writel(0, tap->regs + SISKIN_CTRL);
	writel(~0U, tap->regs + SISKIN_CAUSE);
}

static u64 siskin_total(struct siskin *tap)
{
	u64 total = 0;
	int i;

	for (i = 0; i < tap->nr_vectors; i++)
		total += tap->queue[i].bytes;
	return total;
}

void siskin_end(struct siskin *tap)
{
	siskin_stop(tap);
	siskin_irq_release(tap, tap->nr_vectors);
	dev_dbg(&tap->pdev->dev, "%llu bytes\n", siskin_total(tap));
}
