// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A barometer whose character device has a device for its parent. An open file
 * holds both, and the last one to let go frees the memory.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct barometer {
	struct cdev cdev;
	struct device dev;
	dev_t number;
	u32 pressure;
};

static int barometer_open(struct inode *inode, struct file *file)
{
	file->private_data = inode->i_cdev;
	return 0;
}

static const struct file_operations barometer_fops = {
	.owner = THIS_MODULE,
	.open = barometer_open,
};

static void barometer_release(struct device *dev)
{
	kfree(container_of(dev, struct barometer, dev));
}

static int barometer_probe_ok(struct platform_device *pdev)
{
	struct barometer *baro;
	int ret;

	baro = kzalloc(sizeof(*baro), GFP_KERNEL);
	if (!baro)
		return -ENOMEM;

	device_initialize(&baro->dev);
	baro->dev.parent = &pdev->dev;
	baro->dev.release = barometer_release;
	ret = alloc_chrdev_region(&baro->number, 0, 1, "barometer");
	if (ret)
		goto err_put;

	cdev_init(&baro->cdev, &barometer_fops);
	baro->dev.devt = baro->number;
	ret = dev_set_name(&baro->dev, "barometer%d", pdev->id);
	if (ret)
		goto err_region;
	ret = cdev_device_add(&baro->cdev, &baro->dev);
	if (ret)
		goto err_region;

	platform_set_drvdata(pdev, baro);
	return 0;

err_region:
	unregister_chrdev_region(baro->number, 1);
err_put:
	put_device(&baro->dev);
	return ret;
}

static void barometer_remove_ok(struct platform_device *pdev)
{
	struct barometer *baro = platform_get_drvdata(pdev);

	cdev_device_del(&baro->cdev, &baro->dev);
	unregister_chrdev_region(baro->number, 1);
	put_device(&baro->dev);
}

static struct platform_driver barometer_driver = {
	.probe = barometer_probe_ok,
	.remove = barometer_remove_ok,
	.driver = {
		.name = "barometer",
	},
};
module_platform_driver(barometer_driver);

MODULE_DESCRIPTION("Barometer");
