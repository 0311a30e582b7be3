// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A kiln whose calibration leaves the samples to probe, which frees them at one
 * label, whatever has failed.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define KILN_SAMPLES 64
#define KILN_FIRE 0x00
#define KILN_HEAT 0x04

struct kiln {
	struct miscdevice misc;
	void __iomem *regs;
	u32 *samples;
};

static const struct file_operations kiln_fops = {
	.owner = THIS_MODULE,
};

static int kiln_calibrate(struct kiln *kiln)
{
	int i;

	writel(1, kiln->regs + KILN_FIRE);
	for (i = 0; i < KILN_SAMPLES; i++) {
		kiln->samples[i] = readl(kiln->regs + KILN_HEAT);
		usleep_range(100, 200);
	}
	writel(0, kiln->regs + KILN_FIRE);

	if (kiln->samples[KILN_SAMPLES - 1] <= kiln->samples[0])
		return -EIO;
	return 0;
}

static int kiln_probe_ok(struct platform_device *pdev)
{
	struct kiln *kiln;
	int ret;

	kiln = devm_kzalloc(&pdev->dev, sizeof(*kiln), GFP_KERNEL);
	if (!kiln)
		return -ENOMEM;

	kiln->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(kiln->regs))
		return PTR_ERR(kiln->regs);

	kiln->samples = kcalloc(KILN_SAMPLES, sizeof(u32), GFP_KERNEL);
	if (!kiln->samples)
		return -ENOMEM;

	ret = kiln_calibrate(kiln);
	if (ret)
		goto err_samples;

	kiln->misc.minor = MISC_DYNAMIC_MINOR;
	kiln->misc.name = "kiln";
	kiln->misc.fops = &kiln_fops;
	ret = misc_register(&kiln->misc);
	if (ret)
		goto err_samples;

	platform_set_drvdata(pdev, kiln);
	return 0;

err_samples:
	kfree(kiln->samples);
	return ret;
}

static void kiln_remove_ok(struct platform_device *pdev)
{
	struct kiln *kiln = platform_get_drvdata(pdev);

	misc_deregister(&kiln->misc);
	kfree(kiln->samples);
}

static struct platform_driver kiln_driver = {
	.probe = kiln_probe_ok,
	.remove = kiln_remove_ok,
	.driver = {
		.name = "kiln",
	},
};
module_platform_driver(kiln_driver);

MODULE_DESCRIPTION("Kiln");
