// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A rain gauge with any number of funnels. It samples them by a timer, when there
 * are some, and nothing stops that when it is unbound.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/timer.h>

#define GAUGE_LEVEL 0x10

struct gauge {
	struct timer_list sample;
	void __iomem *regs;
	int funnels;
	u32 level;
};

int gauge_count_funnels(struct device *dev);

static void gauge_sample(struct timer_list *t)
{
	struct gauge *gauge = from_timer(gauge, t, sample);

	gauge->level = readl(gauge->regs + GAUGE_LEVEL);
	mod_timer(&gauge->sample, jiffies + HZ);
}

static int gauge_probe_bad(struct platform_device *pdev)
{
	struct gauge *gauge;

	gauge = devm_kzalloc(&pdev->dev, sizeof(*gauge), GFP_KERNEL);
	if (!gauge)
		return -ENOMEM;

	gauge->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(gauge->regs))
		return PTR_ERR(gauge->regs);

	timer_setup(&gauge->sample, gauge_sample, 0);
	gauge->funnels = gauge_count_funnels(&pdev->dev);
	if (gauge->funnels < 0)
		return gauge->funnels;

	if (gauge->funnels > 0)
		mod_timer(&gauge->sample, jiffies + HZ);
	return 0;
}

static struct platform_driver gauge_driver = {
	.probe = gauge_probe_bad,
	.driver = { .name = "rain-gauge" },
};
module_platform_driver(gauge_driver);

MODULE_DESCRIPTION("Rain gauge");
