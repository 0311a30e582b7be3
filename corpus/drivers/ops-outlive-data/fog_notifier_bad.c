// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lighthouse that is told of the fog until devres takes its notifier away: after it
 * has freed, by hand, the memory that the notifier lies in.
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

static int lighthouse_probe_bad(struct platform_device *pdev)
{
	struct lighthouse *house;
	int ret;

	house = kzalloc(sizeof(*house), GFP_KERNEL);
	if (!house)
		return -ENOMEM;

	house->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(house->regs)) {
		ret = PTR_ERR(house->regs);
		goto err_free;
	}

	house->fog.notifier_call = lighthouse_fog;
	ret = devm_rave_sp_register_event_notifier(&pdev->dev, &house->fog);
	if (ret)
		goto err_free;
	platform_set_drvdata(pdev, house);
	return 0;

err_free:
	kfree(house);
	return ret;
}

static void lighthouse_remove_bad(struct platform_device *pdev)
{
	struct lighthouse *house = platform_get_drvdata(pdev);

	kfree(house);
}

static struct platform_driver lighthouse_driver = {
	.probe = lighthouse_probe_bad,
	.remove = lighthouse_remove_bad,
	.driver = { .name = "lighthouse" },
};
module_platform_driver(lighthouse_driver);

MODULE_DESCRIPTION("Lighthouse");
