// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lock gate that cancels its work in remove. The IRQ whose handler queues it is
 * managed, freed only after remove, and can queue it again.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#define GATE_LEVEL 0x04

struct gate {
	struct device *dev;
	void __iomem *regs;
	struct work_struct level;
};

static void gate_level(struct work_struct *work)
{
	struct gate *gate = container_of(work, struct gate, level);

	dev_info(gate->dev, "water at %u mm\n", readl(gate->regs + GATE_LEVEL));
}

static irqreturn_t gate_isr(int irq, void *data)
{
	struct gate *gate = data;

	schedule_work(&gate->level);
	return IRQ_HANDLED;
}

static int gate_probe_bad(struct platform_device *pdev)
{
	struct gate *gate;
	int irq, ret;

	gate = devm_kzalloc(&pdev->dev, sizeof(*gate), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;
	gate->dev = &pdev->dev;
	gate->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(gate->regs))
		return PTR_ERR(gate->regs);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	INIT_WORK(&gate->level, gate_level);
	ret = devm_request_irq(&pdev->dev, irq, gate_isr, 0, "gate", gate);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, gate);
	return 0;
}

static void gate_remove_bad(struct platform_device *pdev)
{
	struct gate *gate = platform_get_drvdata(pdev);

	cancel_work_sync(&gate->level);
}

static struct platform_driver gate_driver = {
	.probe = gate_probe_bad,
	.remove = gate_remove_bad,
	.driver = { .name = "gate" },
};
module_platform_driver(gate_driver);

MODULE_DESCRIPTION("Lock gate");
