// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A granary that other modules use: what its functions do to the context, the locks and the
 * arguments of their callers is to be learnt from their bodies.
 */
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "granary_core.h"

/* Sleeps whenever it does anything, three calls down. */
static int granary_measure(struct granary *granary)
{
	int grain;

	mutex_lock(&granary->lock);
	grain = granary->grain;
	mutex_unlock(&granary->lock);
	return grain;
}

int granary_weigh(struct granary *granary)
{
	if (!granary)
		return -EINVAL;
	return granary_measure(granary);
}
EXPORT_SYMBOL_GPL(granary_weigh);

/* Sleeps for some granaries only: nobody can know for which. */
int granary_count(struct granary *granary)
{
	if (granary->is_remote)
		return granary_measure(granary);
	return granary->grain;
}
EXPORT_SYMBOL_GPL(granary_count);

/* Sleeps when its argument allows it. */
int granary_refill(struct granary *granary, gfp_t flags)
{
	void *sack = kmalloc(64, flags);

	if (!sack)
		return -ENOMEM;
	granary->grain++;
	kfree(sack);
	return 0;
}
EXPORT_SYMBOL_GPL(granary_refill);

/* Not exported: nobody else can call it. */
int granary_audit(struct granary *granary)
{
	return granary_measure(granary);
}

void granary_open(struct granary *granary)
{
	mutex_lock(&granary->lock);
}
EXPORT_SYMBOL_GPL(granary_open);

void granary_close(struct granary *granary)
{
	mutex_unlock(&granary->lock);
}
EXPORT_SYMBOL_GPL(granary_close);

void granary_adopt(struct granary *granary, void *owner)
{
	granary->owner = owner;
}
EXPORT_SYMBOL_GPL(granary_adopt);

void granary_free(struct granary *granary)
{
	if (granary)
		kfree(granary);
}
EXPORT_SYMBOL_GPL(granary_free);

static void granary_clk_off(void *clk)
{
	clk_disable_unprepare(clk);
}

int devm_granary_clk(struct device *dev, struct clk *clk)
{
	int ret = clk_prepare_enable(clk);

	if (ret)
		return ret;
	return devm_add_action_or_reset(dev, granary_clk_off, clk);
}
EXPORT_SYMBOL_GPL(devm_granary_clk);

MODULE_DESCRIPTION("Granary");
MODULE_LICENSE("GPL");
