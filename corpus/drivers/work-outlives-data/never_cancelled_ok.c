// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The seismograph has devres cancel the work: after the IRQ that queues it, which was
 * requested later, and before the memory.
 */
#include <linux/devm-helpers.h>
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

static int quake_probe_ok(struct platform_device *pdev)
{
	struct quake *quake;
	int irq, ret;

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

	ret = devm_work_autocancel(&pdev->dev, &quake->report, quake_report);
	if (ret)
		return ret;

	return devm_request_irq(&pdev->dev, irq, quake_isr, 0, "quake", quake);
}

static struct platform_driver quake_driver = {
	.probe = quake_probe_ok,
	.driver = { .name = "quake" },
};
module_platform_driver(quake_driver);

MODULE_DESCRIPTION("Seismograph");
