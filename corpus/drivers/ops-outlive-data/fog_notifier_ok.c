// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lighthouse that is told of the fog. It is told until devres takes its notifier
 * away, which comes before the memory that it lies in.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/mfd/rave-sp.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define LIGHTHOUSE_HORN 0x20

struct lighthouse {
	struct notifier_block fog;
	void __iomem *regs;
};

static int lighthouse_fog(struct notifier_block *nb, unsigned long action, void *data)
{
	struct lighthouse *house = container_of(nb, struct lighthouse, fog);

	writel(action, house->regs + LIGHTHOUSE_HORN);
	return NOTIFY_OK;
}

static int lighthouse_probe_ok(struct platform_device *pdev)
{
	struct lighthouse *house;

	house = devm_kzalloc(&pdev->dev, sizeof(*house), GFP_KERNEL);
	if (!house)
		return -ENOMEM;

	house->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(house->regs))
		return PTR_ERR(house->regs);

	house->fog.notifier_call = lighthouse_fog;
	return devm_rave_sp_register_event_notifier(&pdev->dev, &house->fog);
}

static struct platform_driver lighthouse_driver = {
	.probe = lighthouse_probe_ok,
	.driver = { .name = "lighthouse" },
};
module_platform_driver(lighthouse_driver);

MODULE_DESCRIPTION("Lighthouse");
