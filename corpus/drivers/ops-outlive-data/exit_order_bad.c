// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A module that frees its table before it takes its source of noise away. The core
 * asks that for more whenever it likes, and holds no module meanwhile.
 */
#include <linux/hw_random.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>

#define SURF_WAVES 64

static u32 *surf_waves;

static int surf_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	u32 *noise = data;

	*noise = surf_waves[max % SURF_WAVES];
	return sizeof(*noise);
}

static struct hwrng surf_rng = {
	.name = "surf",
	.read = surf_read,
};

static int __init surf_init_bad(void)
{
	int ret;

	surf_waves = kcalloc(SURF_WAVES, sizeof(*surf_waves), GFP_KERNEL);
	if (!surf_waves)
		return -ENOMEM;

	ret = hwrng_register(&surf_rng);
	if (ret)
		kfree(surf_waves);
	return ret;
}

static void __exit surf_exit_bad(void)
{
	kfree(surf_waves);
	hwrng_unregister(&surf_rng);
}

module_init(surf_init_bad);
module_exit(surf_exit_bad);

MODULE_DESCRIPTION("Sound of the surf");
