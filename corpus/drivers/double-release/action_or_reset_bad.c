// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A mill that hands its workqueue to devres, and destroys it by hand when that
 * fails; but then devm_add_action_or_reset() has called the action already.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#define MILL_STONE 0x00

struct mill {
	void __iomem *regs;
	struct workqueue_struct *wq;
};

static void mill_destroy_wq(void *data)
{
	destroy_workqueue(data);
}

static int mill_probe_bad(struct platform_device *pdev)
{
	struct mill *mill;
	int ret;

	mill = devm_kzalloc(&pdev->dev, sizeof(*mill), GFP_KERNEL);
	if (!mill)
		return -ENOMEM;

	mill->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mill->regs))
		return PTR_ERR(mill->regs);

	mill->wq = alloc_ordered_workqueue("mill", 0);
	if (!mill->wq)
		return -ENOMEM;

	ret = devm_add_action_or_reset(&pdev->dev, mill_destroy_wq, mill->wq);
	if (ret) {
		destroy_workqueue(mill->wq);
		return ret;
	}

	writel(1, mill->regs + MILL_STONE);
	platform_set_drvdata(pdev, mill);
	return 0;
}

static void mill_remove_bad(struct platform_device *pdev)
{
	struct mill *mill = platform_get_drvdata(pdev);

	writel(0, mill->regs + MILL_STONE);
}

static struct platform_driver mill_driver = {
	.probe = mill_probe_bad,
	.remove = mill_remove_bad,
	.driver = {
		.name = "mill",
	},
};
module_platform_driver(mill_driver);

MODULE_DESCRIPTION("Mill");
