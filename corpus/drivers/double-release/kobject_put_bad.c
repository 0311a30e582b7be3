// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A bee hive with a kobject for its queen, whose type frees her. When the kobject
 * cannot be added, it is put, as it has to be; then the queen is freed.
 */
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct queen {
	struct kobject kobj;
	u32 eggs;
};

static void queen_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct queen, kobj));
}

static const struct kobj_type queen_type = {
	.release = queen_release,
};

static int hive_probe_bad(struct platform_device *pdev)
{
	struct queen *queen;
	int ret;

	queen = kzalloc(sizeof(*queen), GFP_KERNEL);
	if (!queen)
		return -ENOMEM;

	ret = kobject_init_and_add(&queen->kobj, &queen_type, &pdev->dev.kobj, "queen");
	if (ret) {
		kobject_put(&queen->kobj);
		kfree(queen);
		return ret;
	}

	platform_set_drvdata(pdev, queen);
	return 0;
}

static void hive_remove_bad(struct platform_device *pdev)
{
	struct queen *queen = platform_get_drvdata(pdev);

	kobject_put(&queen->kobj);
}

static struct platform_driver hive_driver = {
	.probe = hive_probe_bad,
	.remove = hive_remove_bad,
	.driver = {
		.name = "hive",
	},
};
module_platform_driver(hive_driver);

MODULE_DESCRIPTION("Hive");
