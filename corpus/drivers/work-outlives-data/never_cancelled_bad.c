// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A seismograph whose IRQ handler queues a work that nobody cancels. devres frees the
 * IRQ, and then the memory that a queued work stands in.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#define QUAKE_TRACE 0x20

struct quake {
	struct device *dev;
	void __iomem *regs;
	struct work_struct report;
	u32 trace;
};

static void quake_report(struct work_struct *work)
{
	struct quake *quake = container_of(work, struct quake, report);

	dev_info(quake->dev, "amplitude %u\n", quake->trace);
}

static irqreturn_t quake_isr(int irq, void *data)
{
	struct quake *quake = data;

	quake->trace = readl(quake->regs + QUAKE_TRACE);
	schedule_work(&quake->report);
	return IRQ_HANDLED;
}

static int quake_probe_bad(struct platform_device *pdev)
{
	struct quake *quake;
	int irq;

	quake = devm_kzalloc(&pdev->dev, sizeof(*quake), GFP_KERNEL);
	if (!quake)
		return -ENOMEM;
	quake->dev = &pdev->dev;
	quake->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(quake->regs))
		return PTR_ERR(quake->regs);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	INIT_WORK(&quake->report, quake_report);

	return devm_request_irq(&pdev->dev, irq, quake_isr, 0, "quake", quake);
}

static struct platform_driver quake_driver = {
	.probe = quake_probe_bad,
	.driver = { .name = "quake" },
};
module_platform_driver(quake_driver);

MODULE_DESCRIPTION("Seismograph");
