// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A rig whose probe, when it fails, frees its mast twice, and forgets the one that the
 * yard gave it.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct mast {
	unsigned int height;
};

struct mast *yard_mast(void);
int mast_step(struct platform_device *pdev);

static int rig_probe_bad(struct platform_device *pdev)
{
	struct mast *spare = yard_mast();
	struct mast *mast = kzalloc(sizeof(*mast), GFP_KERNEL);
	int ret;

	if (!mast)
		return -ENOMEM;
	mast->height = spare->height;
	ret = mast_step(pdev);
	kfree(mast);
	kfree(mast);
	return ret;
}

static struct platform_driver rig_driver = {
	.probe = rig_probe_bad,
	.driver = { .name = "rig" },
};
module_platform_driver(rig_driver);

MODULE_DESCRIPTION("Rig with two masts");
