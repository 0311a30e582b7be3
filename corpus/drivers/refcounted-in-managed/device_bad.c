// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A beehive with a device of its own, in managed memory. Whoever holds a
 * reference to that device, holds on to memory that devres has freed.
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
	dev_dbg(dev, "no more bees\n");
}

static int hive_probe_bad(struct platform_device *pdev)
{
	struct hive *hive;
	void __iomem *regs;
	int ret;

	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);

	hive = devm_kzalloc(&pdev->dev, sizeof(*hive), GFP_KERNEL);
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

static void hive_remove_bad(struct platform_device *pdev)
{
	struct hive *hive = platform_get_drvdata(pdev);

	writel(0, hive->regs + HIVE_LID);
	device_unregister(&hive->dev);
}

static struct platform_driver hive_driver = {
	.probe = hive_probe_bad,
	.remove = hive_remove_bad,
	.driver = {
		.name = "hive",
	},
};
module_platform_driver(hive_driver);

MODULE_DESCRIPTION("Beehive");
