// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A kiln with two interrupts. It frees both, although one of them is managed.
 */
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct kiln_door {
	int irq;
	u32 opened;
};

struct kiln {
	struct kiln_door door;
	int irq;
	u32 heat;
};

static irqreturn_t kiln_door_isr(int irq, void *data)
{
	struct kiln_door *door = data;

	door->opened++;
	return IRQ_HANDLED;
}

static irqreturn_t kiln_isr(int irq, void *data)
{
	struct kiln *kiln = data;

	kiln->heat++;
	return IRQ_HANDLED;
}

static int kiln_door_init(struct platform_device *pdev, struct kiln_door *door)
{
	int err = platform_get_irq(pdev, 1);

	if (err < 0)
		return err;
	door->irq = err;
	return request_irq(door->irq, kiln_door_isr, 0, "door", door);
}

static int kiln_probe_bad(struct platform_device *pdev)
{
	struct kiln *kiln;
	int err;

	kiln = devm_kzalloc(&pdev->dev, sizeof(*kiln), GFP_KERNEL);
	if (!kiln)
		return -ENOMEM;
	err = kiln_door_init(pdev, &kiln->door);
	if (err)
		return err;
	err = platform_get_irq(pdev, 0);
	if (err < 0)
		goto no_irq;
	kiln->irq = err;
	err = devm_request_irq(&pdev->dev, kiln->irq, kiln_isr, 0, "kiln", kiln);
	if (err)
		goto no_irq;
	platform_set_drvdata(pdev, kiln);
	return 0;

no_irq:
	free_irq(kiln->door.irq, &kiln->door);
	return err;
}

static void kiln_remove_bad(struct platform_device *pdev)
{
	struct kiln *kiln = platform_get_drvdata(pdev);

	free_irq(kiln->irq, kiln);
	free_irq(kiln->door.irq, &kiln->door);
}

static struct platform_driver kiln_driver = {
	.probe = kiln_probe_bad,
	.remove = kiln_remove_bad,
	.driver = {
		.name = "kiln",
	},
};
module_platform_driver(kiln_driver);

MODULE_DESCRIPTION("Kiln");
