// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A sluice gate whose IRQ handler has a helper schedule the work. Remove cancels the work
 * first, and only then tells the hardware to be quiet and frees the IRQ.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define SLUICE_LEVEL 0x00
#define SLUICE_GATE 0x04
#define SLUICE_ENABLE 0x08

struct sluice {
	void __iomem *regs;
	struct delayed_work settle;
	int irq;
};

/* The helper knows the work, but not whose it is. */
static void settle_later(struct delayed_work *work)
{
	schedule_delayed_work(work, HZ);
}

static void sluice_settle(struct work_struct *work)
{
	struct sluice *sluice = container_of(to_delayed_work(work), struct sluice, settle);

	writel(1, sluice->regs + SLUICE_GATE);
}

static irqreturn_t sluice_isr(int irq, void *data)
{
	struct sluice *sluice = data;

	if (readl(sluice->regs + SLUICE_LEVEL))
		settle_later(&sluice->settle);
	return IRQ_HANDLED;
}

static int sluice_probe_bad(struct platform_device *pdev)
{
	struct sluice *sluice;
	int ret;

	sluice = kzalloc(sizeof(*sluice), GFP_KERNEL);
	if (!sluice)
		return -ENOMEM;
	sluice->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sluice->regs)) {
		ret = PTR_ERR(sluice->regs);
		goto err_free;
	}
	sluice->irq = platform_get_irq(pdev, 0);
	if (sluice->irq < 0) {
		ret = sluice->irq;
		goto err_free;
	}

	INIT_DELAYED_WORK(&sluice->settle, sluice_settle);
	ret = request_irq(sluice->irq, sluice_isr, 0, "sluice", sluice);
	if (ret)
		goto err_free;
	platform_set_drvdata(pdev, sluice);
	return 0;

err_free:
	kfree(sluice);
	return ret;
}

static void sluice_remove_bad(struct platform_device *pdev)
{
	struct sluice *sluice = platform_get_drvdata(pdev);

	cancel_delayed_work_sync(&sluice->settle);
	writel(0, sluice->regs + SLUICE_ENABLE);
	free_irq(sluice->irq, sluice);
	kfree(sluice);
}

static struct platform_driver sluice_driver = {
	.probe = sluice_probe_bad,
	.remove = sluice_remove_bad,
	.driver = { .name = "sluice" },
};
module_platform_driver(sluice_driver);

MODULE_DESCRIPTION("Sluice gate");
