// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A weather vane whose helper frees the vane when it cannot find north. The
 * caller still prints the reading that it has failed with.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define VANE_NORTH 0x04

struct vane {
	struct device *parent;
	void __iomem *regs;
	u32 reading;
};

static int vane_find_north(struct vane *vane)
{
	vane->reading = readl(vane->regs + VANE_NORTH);
	if (vane->reading > 359) {
		kfree(vane);
		return -EINVAL;
	}
	return 0;
}

static int vane_probe_bad(struct platform_device *pdev)
{
	struct vane *vane;
	void __iomem *regs;
	int ret;

	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);

	vane = kzalloc(sizeof(*vane), GFP_KERNEL);
	if (!vane)
		return -ENOMEM;

	vane->parent = &pdev->dev;
	vane->regs = regs;
	ret = vane_find_north(vane);
	if (ret) {
		dev_err(&pdev->dev, "no north at %u\n", vane->reading);
		return ret;
	}

	platform_set_drvdata(pdev, vane);
	return 0;
}

static void vane_remove_bad(struct platform_device *pdev)
{
	struct vane *vane = platform_get_drvdata(pdev);

	dev_info(vane->parent, "last seen at %u\n", vane->reading);
	kfree(vane);
}

static struct platform_driver vane_driver = {
	.probe = vane_probe_bad,
	.remove = vane_remove_bad,
	.driver = {
		.name = "vane",
	},
};
module_platform_driver(vane_driver);

MODULE_DESCRIPTION("Weather vane");
