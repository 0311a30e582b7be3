// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An orchard of trees with a record each. Planting frees all records when one of
 * them cannot be had; probe then frees them once more.
 */
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define ORCHARD_TREES 8
#define ORCHARD_FRUITS 128

struct tree {
	u32 *fruits;
};

struct orchard {
	struct miscdevice misc;
	struct tree *trees;
};

static const struct file_operations orchard_fops = {
	.owner = THIS_MODULE,
};

static void orchard_clear(struct orchard *orchard, int last)
{
	for (; last >= 0; last--)
		kfree(orchard->trees[last].fruits);
}

static int orchard_plant(struct orchard *orchard, struct device *dev)
{
	int i;

	orchard->trees = devm_kcalloc(dev, ORCHARD_TREES, sizeof(*orchard->trees), GFP_KERNEL);
	if (!orchard->trees)
		return -ENOMEM;

	for (i = 0; i < ORCHARD_TREES; i++) {
		orchard->trees[i].fruits = kcalloc(ORCHARD_FRUITS, sizeof(u32), GFP_KERNEL);
		if (!orchard->trees[i].fruits)
			goto err_clear;
	}
	return 0;

err_clear:
	orchard_clear(orchard, i - 1);
	return -ENOMEM;
}

static int orchard_probe_bad(struct platform_device *pdev)
{
	struct orchard *orchard;
	int ret;

	orchard = devm_kzalloc(&pdev->dev, sizeof(*orchard), GFP_KERNEL);
	if (!orchard)
		return -ENOMEM;

	ret = orchard_plant(orchard, &pdev->dev);
	if (ret)
		goto err_clear;

	orchard->misc.minor = MISC_DYNAMIC_MINOR;
	orchard->misc.name = "orchard";
	orchard->misc.fops = &orchard_fops;
	ret = misc_register(&orchard->misc);
	if (ret)
		goto err_clear;

	platform_set_drvdata(pdev, orchard);
	return 0;

err_clear:
	orchard_clear(orchard, ORCHARD_TREES - 1);
	return ret;
}

static void orchard_remove_bad(struct platform_device *pdev)
{
	struct orchard *orchard = platform_get_drvdata(pdev);

	misc_deregister(&orchard->misc);
	orchard_clear(orchard, ORCHARD_TREES - 1);
}

static struct platform_driver orchard_driver = {
	.probe = orchard_probe_bad,
	.remove = orchard_remove_bad,
	.driver = {
		.name = "orchard",
	},
};
module_platform_driver(orchard_driver);

MODULE_DESCRIPTION("Orchard");
