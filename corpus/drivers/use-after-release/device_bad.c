// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A bird bath with a device of its own. Unregistering that device drops the
 * last reference, so that its release function frees the bath; remove() then
 * reads the bath to close its tap.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define BATH_TAP 0x00

struct bath {
	struct device dev;
	void __iomem *regs;
};

static void bath_release(struct device *dev)
{
	kfree(container_of(dev, struct bath, dev));
}

static int bath_probe_bad(struct platform_device *pdev)
{
	struct bath *bath;
	void __iomem *regs;
	int ret;

	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);

	bath = kzalloc(sizeof(*bath), GFP_KERNEL);
	if (!bath)
		return -ENOMEM;

	bath->regs = regs;
	bath->dev.parent = &pdev->dev;
	bath->dev.release = bath_release;
	dev_set_name(&bath->dev, "bath%d", pdev->id);
	ret = device_register(&bath->dev);
	if (ret) {
		put_device(&bath->dev);
		return ret;
	}

	writel(1, regs + BATH_TAP);
	platform_set_drvdata(pdev, bath);
	return 0;
}

static void bath_remove_bad(struct platform_device *pdev)
{
	struct bath *bath = platform_get_drvdata(pdev);

	device_unregister(&bath->dev);
	writel(0, bath->regs + BATH_TAP);
}

static struct platform_driver bath_driver = {
	.probe = bath_probe_bad,
	.remove = bath_remove_bad,
	.driver = {
		.name = "bath",
	},
};
module_platform_driver(bath_driver);

MODULE_DESCRIPTION("Bird bath");
