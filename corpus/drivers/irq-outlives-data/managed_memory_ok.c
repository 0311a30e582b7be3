// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The beehive scale leaves the memory to devres, too. It came before the IRQ, so it
 * goes after it.
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

static int hive_probe_ok(struct platform_device *pdev)
{
	struct hive *hive;
	int irq, ret;

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	hive = devm_kzalloc(&pdev->dev, sizeof(*hive), GFP_KERNEL);
	if (!hive)
		return -ENOMEM;
	hive->dev = &pdev->dev;

	ret = devm_request_irq(&pdev->dev, irq, hive_isr, 0, "hive", hive);
	if (ret)
		return ret;

	return hive_tare(hive);
}

static struct platform_driver hive_driver = {
	.probe = hive_probe_ok,
	.driver = { .name = "hive" },
};
module_platform_driver(hive_driver);

MODULE_DESCRIPTION("Beehive scale");
