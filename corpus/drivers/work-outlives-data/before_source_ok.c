// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The fog horn frees its IRQ first. What its handler has queued by then, the cancelling
 * finds.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define HORN_HUMIDITY 0x04
#define HORN_BLOW 0x08

struct horn {
	void __iomem *regs;
	struct work_struct blow;
	u32 humidity;
	int irq;
};

static void horn_blow(struct work_struct *work)
{
	struct horn *horn = container_of(work, struct horn, blow);

	if (horn->humidity > 95)
		writel(1, horn->regs + HORN_BLOW);
}

static irqreturn_t horn_isr(int irq, void *data)
{
	struct horn *horn = data;

	horn->humidity = readl(horn->regs + HORN_HUMIDITY);
	schedule_work(&horn->blow);
	return IRQ_HANDLED;
}

static int horn_probe_ok(struct platform_device *pdev)
{
	struct horn *horn;
	int ret;

	horn = kzalloc(sizeof(*horn), GFP_KERNEL);
	if (!horn)
		return -ENOMEM;
	horn->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(horn->regs)) {
		ret = PTR_ERR(horn->regs);
		goto err_free;
	}
	horn->irq = platform_get_irq(pdev, 0);
	if (horn->irq < 0) {
		ret = horn->irq;
		goto err_free;
	}

	INIT_WORK(&horn->blow, horn_blow);
	ret = request_irq(horn->irq, horn_isr, 0, "horn", horn);
	if (ret)
		goto err_free;
	platform_set_drvdata(pdev, horn);
	return 0;

err_free:
	kfree(horn);
	return ret;
}

static void horn_remove_ok(struct platform_device *pdev)
{
	struct horn *horn = platform_get_drvdata(pdev);

	free_irq(horn->irq, horn);
	cancel_work_sync(&horn->blow);
	kfree(horn);
}

static struct platform_driver horn_driver = {
	.probe = horn_probe_ok,
	.remove = horn_remove_ok,
	.driver = { .name = "horn" },
};
module_platform_driver(horn_driver);

MODULE_DESCRIPTION("Fog horn");
