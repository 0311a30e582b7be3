// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A beehive with a device of its own, whose release function frees the memory
 * when the last reference is gone.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define HIVE_LID 0x00

struct hive {
	struct device dev;
	void __iomem *regs;
};

static void hive_release(struct device *dev)
{
	kfree(container_of(dev, struct hive, dev));
}

static int hive_probe_ok(struct platform_device *pdev)
{
	struct hive *hive;
	void __iomem *regs;
	int ret;

	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);

	hive = kzalloc(sizeof(*hive), GFP_KERNEL);
	if (!hive)
		return -ENOMEM;

	hive->regs = regs;
	hive->dev.parent = &pdev->dev;
	hive->dev.release = hive_release;
	dev_set_name(&hive->dev, "hive%d", pdev->id);
	ret = device_register(&hive->dev);
	if (ret) {
		put_device(&hive->dev);
		return ret;
	}

	writel(1, regs + HIVE_LID);
	platform_set_drvdata(pdev, hive);
	return 0;
}

static void hive_remove_ok(struct platform_device *pdev)
{
	struct hive *hive = platform_get_drvdata(pdev);

	writel(0, hive->regs + HIVE_LID);
	device_unregister(&hive->dev);
}

static struct platform_driver hive_driver = {
	.probe = hive_probe_ok,
	.remove = hive_remove_ok,
	.driver = {
		.name = "hive",
	},
};
module_platform_driver(hive_driver);

MODULE_DESCRIPTION("Beehive");
