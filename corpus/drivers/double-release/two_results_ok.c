// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A rig with two masts: one of its own, one that the yard gives it. Both are freed.
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

static int rig_probe_ok(struct platform_device *pdev)
{
	struct mast *spare = yard_mast();
	struct mast *mast = kzalloc(sizeof(*mast), GFP_KERNEL);
	int ret;

	if (!mast)
		return -ENOMEM;
	mast->height = spare->height;
	ret = mast_step(pdev);
	kfree(mast);
	kfree(spare);
	return ret;
}

static struct platform_driver rig_driver = {
	.probe = rig_probe_ok,
	.driver = { .name = "rig" },
};
module_platform_driver(rig_driver);

MODULE_DESCRIPTION("Rig with two masts");
