// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A rain gauge whose unwinding has two labels in the wrong order: the samples are
 * freed while the IRQ whose handler stores into them is still requested.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define GAUGE_LEVEL 0x04
#define GAUGE_SAMPLES 256

struct gauge {
	void __iomem *regs;
	u32 *samples;
	unsigned int head;
	int irq;
	struct miscdevice misc;
};

static irqreturn_t gauge_isr(int irq, void *data)
{
	struct gauge *gauge = data;

	gauge->samples[gauge->head++ % GAUGE_SAMPLES] = readl(gauge->regs + GAUGE_LEVEL);
	return IRQ_HANDLED;
}

static const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
};

static int gauge_probe_bad(struct platform_device *pdev)
{
	struct gauge *gauge;
	int ret;

	gauge = devm_kzalloc(&pdev->dev, sizeof(*gauge), GFP_KERNEL);
	if (!gauge)
		return -ENOMEM;
	gauge->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(gauge->regs))
		return PTR_ERR(gauge->regs);
	gauge->irq = platform_get_irq(pdev, 0);
	if (gauge->irq < 0)
		return gauge->irq;

	gauge->samples = kcalloc(GAUGE_SAMPLES, sizeof(*gauge->samples), GFP_KERNEL);
	if (!gauge->samples)
		return -ENOMEM;

	ret = request_irq(gauge->irq, gauge_isr, 0, "gauge", gauge);
	if (ret)
		goto err_samples;

	gauge->misc.minor = MISC_DYNAMIC_MINOR;
	gauge->misc.name = "gauge";
	gauge->misc.fops = &gauge_fops;
	ret = misc_register(&gauge->misc);
	if (ret)
		goto err_irq;

	platform_set_drvdata(pdev, gauge);
	return 0;

err_irq:
	kfree(gauge->samples);
	free_irq(gauge->irq, gauge);
	return ret;

err_samples:
	kfree(gauge->samples);
	return ret;
}

static void gauge_remove_bad(struct platform_device *pdev)
{
	struct gauge *gauge = platform_get_drvdata(pdev);

	misc_deregister(&gauge->misc);
	free_irq(gauge->irq, gauge);
	kfree(gauge->samples);
}

static struct platform_driver gauge_driver = {
	.probe = gauge_probe_bad,
	.remove = gauge_remove_bad,
	.driver = { .name = "gauge" },
};
module_platform_driver(gauge_driver);

MODULE_DESCRIPTION("Rain gauge");
