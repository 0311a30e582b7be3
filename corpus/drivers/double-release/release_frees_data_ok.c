// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A harbour with a device for its crane, whose release function frees the data of
 * the crane, also when the device cannot be added.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct crane_data {
	u32 load;
	u32 reach;
};

struct crane {
	struct platform_device pdev;
	bool busy;
};

static void crane_release_ok(struct device *dev)
{
	struct platform_device *pdev = to_platform_device(dev);

	kfree(pdev->dev.platform_data);
}

static int crane_add(struct crane *crane, struct crane_data *data)
{
	struct device *dev = &crane->pdev.dev;
	int ret;

	dev->release = crane_release_ok;
	dev->platform_data = data;
	device_initialize(dev);
	dev_set_name(dev, "crane");
	ret = device_add(dev);
	if (ret) {
		put_device(dev);
		return ret;
	}
	return 0;
}

static int harbour_probe_ok(struct platform_device *pdev)
{
	struct crane_data *data;
	struct crane *crane;
	int ret;

	crane = devm_kzalloc(&pdev->dev, sizeof(*crane), GFP_KERNEL);
	if (!crane)
		return -ENOMEM;

	data = kzalloc(sizeof(*data), GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	data->load = 40;

	ret = crane_add(crane, data);
	platform_set_drvdata(pdev, crane);
	return ret;
}

static void harbour_remove_ok(struct platform_device *pdev)
{
	struct crane *crane = platform_get_drvdata(pdev);

	device_unregister(&crane->pdev.dev);
}

static struct platform_driver harbour_driver = {
	.probe = harbour_probe_ok,
	.remove = harbour_remove_ok,
	.driver = {
		.name = "harbour",
	},
};
module_platform_driver(harbour_driver);

MODULE_DESCRIPTION("Harbour");
