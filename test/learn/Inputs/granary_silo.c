// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* Silos call the functions of their drivers, and those of a header. */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/module.h>
#include "include/granary.h"

/* Sleeps because a function of the header does. */
int granary_glance(struct granary_silo *silo)
{
	return granary_peek(silo) / 10;
}
EXPORT_SYMBOL_GPL(granary_glance);

static int granary_shut(struct granary_silo *silo)
{
	return silo->ops->drain(silo);
}

/* level() and, one call down, drain() are called with the lock held; clean() is not. */
int granary_tick(struct granary_silo *silo)
{
	int grain;

	silo->ops->clean(silo);
	spin_lock(&silo->lock);
	grain = silo->ops->level(silo);
	if (!grain)
		grain = granary_shut(silo);
	spin_unlock(&silo->lock);
	return grain;
}
EXPORT_SYMBOL_GPL(granary_tick);

static int granary_stir(struct granary_silo *silo)
{
	return silo->ops->can_wait ? granary_peek(silo) : silo->grain;
}

/* The same flag chooses the lock and what is done under it. */
int granary_turn(struct granary_silo *silo)
{
	int grain;

	if (silo->ops->can_wait)
		return granary_stir(silo);
	spin_lock(&silo->lock);
	grain = granary_stir(silo);
	spin_unlock(&silo->lock);
	return grain;
}
EXPORT_SYMBOL_GPL(granary_turn);

/* Another one says nothing about it. */
int granary_sift(struct granary_silo *silo)
{
	int grain;

	spin_lock(&silo->lock);
	grain = granary_stir(silo);
	spin_unlock(&silo->lock);
	return grain;
}
EXPORT_SYMBOL_GPL(granary_sift);

static void granary_rest(struct granary_silo *silo, bool wait)
{
	if (wait)
		msleep(20);
	else
		silo->grain++;
}

/* Nobody can know for which silos it sleeps. */
void granary_take(struct granary_silo *silo)
{
	granary_rest(silo, silo->ops->can_wait);
}
EXPORT_SYMBOL_GPL(granary_take);

MODULE_DESCRIPTION("Silos");
MODULE_LICENSE("GPL");
