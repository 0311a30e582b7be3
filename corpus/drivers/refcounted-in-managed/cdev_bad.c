// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A barometer with a character device in managed memory. An open file holds the
 * cdev, and closing it after the driver is unbound drops a reference in memory
 * that is gone.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct barometer {
	struct cdev cdev;
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

static int barometer_probe_bad(struct platform_device *pdev)
{
	struct barometer *baro;
	int ret;

	baro = devm_kzalloc(&pdev->dev, sizeof(*baro), GFP_KERNEL);
	if (!baro)
		return -ENOMEM;

	ret = alloc_chrdev_region(&baro->number, 0, 1, "barometer");
	if (ret)
		return ret;

	cdev_init(&baro->cdev, &barometer_fops);
	ret = cdev_add(&baro->cdev, baro->number, 1);
	if (ret) {
		unregister_chrdev_region(baro->number, 1);
		return ret;
	}

	platform_set_drvdata(pdev, baro);
	return 0;
}

static void barometer_remove_bad(struct platform_device *pdev)
{
	struct barometer *baro = platform_get_drvdata(pdev);

	cdev_del(&baro->cdev);
	unregister_chrdev_region(baro->number, 1);
}

static struct platform_driver barometer_driver = {
	.probe = barometer_probe_bad,
	.remove = barometer_remove_bad,
	.driver = {
		.name = "barometer",
	},
};
module_platform_driver(barometer_driver);

MODULE_DESCRIPTION("Barometer");
