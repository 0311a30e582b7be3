// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A stork that is a device of its own. Whatever fails, probe calls remove, which
 * drops the last reference and so frees the stork; then probe frees it.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct stork {
	struct device dev;
	bool added;
	bool nesting;
};

static void stork_release(struct device *dev)
{
	struct stork *stork = container_of(dev, struct stork, dev);

	kfree(stork);
}

static void stork_remove_bad(struct platform_device *pdev)
{
	struct stork *stork = platform_get_drvdata(pdev);

	if (stork->added)
		device_del(&stork->dev);
	BUG_ON(stork->nesting);
	put_device(&stork->dev);
}

static int stork_probe_bad(struct platform_device *pdev)
{
	struct stork *stork;
	int ret;

	stork = kzalloc(sizeof(*stork), GFP_KERNEL);
	if (!stork)
		return -ENOMEM;

	platform_set_drvdata(pdev, stork);
	stork->dev.parent = &pdev->dev;
	stork->dev.release = stork_release;
	device_initialize(&stork->dev);
	ret = dev_set_name(&stork->dev, "stork");
	if (ret)
		goto err_remove;

	ret = device_add(&stork->dev);
	if (ret)
		goto err_remove;
	stork->added = true;
	return 0;

err_remove:
	stork_remove_bad(pdev);
	kfree(stork);
	return ret;
}

static struct platform_driver stork_driver = {
	.probe = stork_probe_bad,
	.remove = stork_remove_bad,
	.driver = {
		.name = "stork",
	},
};
module_platform_driver(stork_driver);

MODULE_DESCRIPTION("Stork");
