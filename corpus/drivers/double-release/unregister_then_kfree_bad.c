// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A heron that remove unregisters, which drops the last reference and frees it,
 * and frees again.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct heron {
	struct device dev;
	u32 fish;
};

static void heron_release(struct device *dev)
{
	struct heron *heron = container_of(dev, struct heron, dev);

	kfree(heron);
}

static int heron_probe_bad(struct platform_device *pdev)
{
	struct heron *heron;
	int ret;

	heron = kzalloc(sizeof(*heron), GFP_KERNEL);
	if (!heron)
		return -ENOMEM;

	heron->dev.parent = &pdev->dev;
	heron->dev.release = heron_release;
	dev_set_name(&heron->dev, "heron%d", pdev->id);

	ret = device_register(&heron->dev);
	if (ret) {
		put_device(&heron->dev);
		return ret;
	}

	platform_set_drvdata(pdev, heron);
	return 0;
}

static void heron_remove_bad(struct platform_device *pdev)
{
	struct heron *heron = platform_get_drvdata(pdev);

	device_unregister(&heron->dev);
	kfree(heron);
}

static struct platform_driver heron_driver = {
	.probe = heron_probe_bad,
	.remove = heron_remove_bad,
	.driver = {
		.name = "heron",
	},
};
module_platform_driver(heron_driver);

MODULE_DESCRIPTION("Heron");
