// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The twin of never_opened_bad.c: the knob raises no IRQ before it is opened, and then
 * unregistering it calls close.
 */
#include <linux/err.h>
#include <linux/input.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define KNOB_TURNED 0x00
#define KNOB_ENABLE 0x04
#define KNOB_CODE 0x100

struct knob {
	void __iomem *regs;
	struct input_dev *input;
	struct delayed_work settle;
	int irq;
};

static void knob_settle(struct work_struct *work)
{
	struct knob *knob = container_of(work, struct knob, settle.work);

	input_report_key(knob->input, KNOB_CODE, readl(knob->regs + KNOB_TURNED));
	input_sync(knob->input);
}

static irqreturn_t knob_isr(int irq, void *data)
{
	struct knob *knob = data;

	mod_delayed_work(system_wq, &knob->settle, HZ / 50);
	return IRQ_HANDLED;
}

static void knob_enable(struct knob *knob)
{
	writel(1, knob->regs + KNOB_ENABLE);
}

static int knob_open(struct input_dev *input)
{
	struct knob *knob = input_get_drvdata(input);

	knob_enable(knob);
	return 0;
}

static void knob_close(struct input_dev *input)
{
	struct knob *knob = input_get_drvdata(input);

	cancel_delayed_work_sync(&knob->settle);
}

static int knob_probe_ok(struct platform_device *pdev)
{
	struct knob *knob;
	int ret;

	knob = kzalloc(sizeof(*knob), GFP_KERNEL);
	if (!knob)
		return -ENOMEM;
	knob->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(knob->regs)) {
		ret = PTR_ERR(knob->regs);
		goto err_free;
	}
	knob->irq = platform_get_irq(pdev, 0);
	if (knob->irq < 0) {
		ret = knob->irq;
		goto err_free;
	}
	knob->input = input_allocate_device();
	if (!knob->input) {
		ret = -ENOMEM;
		goto err_free;
	}
	knob->input->name = "knob";
	knob->input->open = knob_open;
	knob->input->close = knob_close;
	input_set_drvdata(knob->input, knob);
	INIT_DELAYED_WORK(&knob->settle, knob_settle);
	ret = request_irq(knob->irq, knob_isr, 0, "knob", knob);
	if (ret)
		goto err_input;
	ret = input_register_device(knob->input);
	if (ret)
		goto err_irq;
	platform_set_drvdata(pdev, knob);
	return 0;

err_irq:
	free_irq(knob->irq, knob);
	cancel_delayed_work_sync(&knob->settle);
err_input:
	input_free_device(knob->input);
err_free:
	kfree(knob);
	return ret;
}

static void knob_remove_ok(struct platform_device *pdev)
{
	struct knob *knob = platform_get_drvdata(pdev);

	free_irq(knob->irq, knob);
	input_unregister_device(knob->input);
	kfree(knob);
}

static struct platform_driver knob_driver = {
	.probe = knob_probe_ok,
	.remove = knob_remove_ok,
	.driver = { .name = "knob" },
};
module_platform_driver(knob_driver);

MODULE_DESCRIPTION("Control knob");
