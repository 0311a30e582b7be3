// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The ferry stores the pointer to its timetable, and then requests the IRQ.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/platform_device.h>

struct timetable {
	unsigned int crossings;
	unsigned int late;
};

struct ferry {
	struct device *dev;
	struct timetable *times;
};

static irqreturn_t ferry_isr(int irq, void *data)
{
	struct ferry *ferry = data;

	ferry->times->crossings++;
	return IRQ_HANDLED;
}

static int ferry_probe_ok(struct platform_device *pdev)
{
	struct timetable *times;
	struct ferry *ferry;
	int irq;

	ferry = devm_kzalloc(&pdev->dev, sizeof(*ferry), GFP_KERNEL);
	if (!ferry)
		return -ENOMEM;
	times = devm_kzalloc(&pdev->dev, sizeof(*times), GFP_KERNEL);
	if (!times)
		return -ENOMEM;
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	ferry->times = times;

	return devm_request_irq(&pdev->dev, irq, ferry_isr, 0, "ferry", ferry);
}

static struct platform_driver ferry_driver = {
	.probe = ferry_probe_ok,
	.driver = { .name = "ferry" },
};
module_platform_driver(ferry_driver);

MODULE_DESCRIPTION("Ferry");
