// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A beehive scale that frees the memory of its managed IRQ's handler by hand, once
 * when the scale cannot be tared and once in remove.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct hive {
	struct device *dev;
	unsigned int swarms;
	u32 tare;
};

static irqreturn_t hive_isr(int irq, void *data)
{
	struct hive *hive = data;

	hive->swarms++;
	return IRQ_HANDLED;
}

static int hive_tare(struct hive *hive)
{
	return of_property_read_u32(hive->dev->of_node, "tare", &hive->tare);
}

static int hive_probe_bad(struct platform_device *pdev)
{
	struct hive *hive;
	int irq, ret;

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	hive = kzalloc(sizeof(*hive), GFP_KERNEL);
	if (!hive)
		return -ENOMEM;
	hive->dev = &pdev->dev;

	ret = devm_request_irq(&pdev->dev, irq, hive_isr, 0, "hive", hive);
	if (ret)
		goto free;

	ret = hive_tare(hive);
	if (ret)
		goto free;

	platform_set_drvdata(pdev, hive);
	return 0;

free:
	kfree(hive);
	return ret;
}

static void hive_remove_bad(struct platform_device *pdev)
{
	struct hive *hive = platform_get_drvdata(pdev);

	kfree(hive);
}

static struct platform_driver hive_driver = {
	.probe = hive_probe_bad,
	.remove = hive_remove_bad,
	.driver = { .name = "hive" },
};
module_platform_driver(hive_driver);

MODULE_DESCRIPTION("Beehive scale");
