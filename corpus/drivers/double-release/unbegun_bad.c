// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A tide gauge. When its IRQ cannot be had, it takes back a device that nobody has
 * registered so far.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct gauge {
	struct miscdevice misc;
	unsigned int tides;
};

static const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
};

static irqreturn_t gauge_isr(int irq, void *data)
{
	struct gauge *gauge = data;

	gauge->tides++;
	return IRQ_HANDLED;
}

static int gauge_probe_bad(struct platform_device *pdev)
{
	struct gauge *gauge;
	int irq, ret;

	gauge = devm_kzalloc(&pdev->dev, sizeof(*gauge), GFP_KERNEL);
	if (!gauge)
		return -ENOMEM;
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	ret = devm_request_irq(&pdev->dev, irq, gauge_isr, 0, "gauge", gauge);
	if (ret)
		goto err_misc;

	gauge->misc.minor = MISC_DYNAMIC_MINOR;
	gauge->misc.name = "gauge";
	gauge->misc.fops = &gauge_fops;
	ret = misc_register(&gauge->misc);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, gauge);
	return 0;

err_misc:
	misc_deregister(&gauge->misc);
	return ret;
}

static void gauge_remove_bad(struct platform_device *pdev)
{
	struct gauge *gauge = platform_get_drvdata(pdev);

	misc_deregister(&gauge->misc);
}

static struct platform_driver gauge_driver = {
	.probe = gauge_probe_bad,
	.remove = gauge_remove_bad,
	.driver = {
		.name = "gauge",
	},
};
module_platform_driver(gauge_driver);

MODULE_DESCRIPTION("Tide gauge");
MODULE_LICENSE("GPL");
