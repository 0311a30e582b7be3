// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An orchard that looks as if it freed its records twice. A tree that cannot be
 * planted frees its own record, and probe frees those of the trees before it; the
 * roots are freed in two parts, and the leaves of two arrays by one helper.
 */
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define ORCHARD_TREES 8
#define ORCHARD_FRUITS 128

struct tree {
	u32 *fruits;
	u32 *names;
	u32 *leaves;
};

struct orchard {
	struct miscdevice misc;
	struct tree trees[ORCHARD_TREES];
	struct tree bushes[ORCHARD_TREES];
};

static const struct file_operations orchard_fops = {
	.owner = THIS_MODULE,
};

static int tree_plant(struct tree *tree)
{
	tree->fruits = kcalloc(ORCHARD_FRUITS, sizeof(u32), GFP_KERNEL);
	if (!tree->fruits)
		return -ENOMEM;

	tree->names = kcalloc(ORCHARD_FRUITS, sizeof(u32), GFP_KERNEL);
	if (!tree->names) {
		kfree(tree->fruits);
		return -ENOMEM;
	}
	return 0;
}

static void leaves_free(struct tree *trees)
{
	int i;

	for (i = 0; i < ORCHARD_TREES; i++)
		kfree(trees[i].leaves);
}

static int leaves_alloc(struct orchard *orchard)
{
	int i;

	for (i = 0; i < ORCHARD_TREES; i++) {
		orchard->trees[i].leaves = kcalloc(ORCHARD_FRUITS, sizeof(u32), GFP_KERNEL);
		orchard->bushes[i].leaves = kcalloc(ORCHARD_FRUITS, sizeof(u32), GFP_KERNEL);
		if (!orchard->trees[i].leaves || !orchard->bushes[i].leaves)
			goto err_free;
	}
	return 0;

err_free:
	leaves_free(orchard->trees);
	leaves_free(orchard->bushes);
	return -ENOMEM;
}

static int orchard_probe_ok(struct platform_device *pdev)
{
	struct orchard *orchard;
	int ret, i;

	orchard = devm_kzalloc(&pdev->dev, sizeof(*orchard), GFP_KERNEL);
	if (!orchard)
		return -ENOMEM;

	ret = leaves_alloc(orchard);
	if (ret)
		return ret;

	for (i = 0; i < ORCHARD_TREES; i++) {
		ret = tree_plant(&orchard->trees[i]);
		if (ret)
			goto err_clear;
	}

	orchard->misc.minor = MISC_DYNAMIC_MINOR;
	orchard->misc.name = "orchard";
	orchard->misc.fops = &orchard_fops;
	ret = misc_register(&orchard->misc);
	if (ret)
		goto err_clear;

	platform_set_drvdata(pdev, orchard);
	return 0;

err_clear:
	while (--i >= 0) {
		kfree(orchard->trees[i].names);
		kfree(orchard->trees[i].fruits);
	}
	leaves_free(orchard->bushes);
	leaves_free(orchard->trees);
	return ret;
}

static void orchard_remove_ok(struct platform_device *pdev)
{
	struct orchard *orchard = platform_get_drvdata(pdev);
	int i;

	misc_deregister(&orchard->misc);
	for (i = 0; i < ORCHARD_TREES / 2; i++) {
		kfree(orchard->trees[i].names);
		kfree(orchard->trees[i].fruits);
	}
	for (; i < ORCHARD_TREES; i++) {
		kfree(orchard->trees[i].names);
		kfree(orchard->trees[i].fruits);
	}
	leaves_free(orchard->bushes);
	leaves_free(orchard->trees);
}

static struct platform_driver orchard_driver = {
	.probe = orchard_probe_ok,
	.remove = orchard_remove_ok,
	.driver = {
		.name = "orchard",
	},
};
module_platform_driver(orchard_driver);

MODULE_DESCRIPTION("Orchard");
