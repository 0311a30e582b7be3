// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A weir that is opened last, by a helper that fails when the gate does not answer: then the
 * memory stays.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define WEIR_GATE 0x10
#define WEIR_STATE 0x14

struct weir {
	void __iomem *regs;
};

static int weir_turn(struct weir *weir)
{
	if (readl(weir->regs + WEIR_STATE))
		return -EIO;
	writel(1, weir->regs + WEIR_GATE);
	return 0;
}

static int weir_open(struct weir *weir)
{
	if (readl(weir->regs + WEIR_STATE))
		return 0;
	return weir_turn(weir);
}

static int weir_probe_bad(struct platform_device *pdev)
{
	void __iomem *regs = devm_platform_ioremap_resource(pdev, 0);
	struct weir *weir;
	int ret;

	if (IS_ERR(regs))
		return PTR_ERR(regs);
	weir = kzalloc(sizeof(*weir), GFP_KERNEL);
	if (!weir)
		return -ENOMEM;
	weir->regs = regs;
	ret = weir_open(weir);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, weir);
	return 0;
}

static void weir_remove_bad(struct platform_device *pdev)
{
	kfree(platform_get_drvdata(pdev));
}

static struct platform_driver weir_driver = {
	.probe = weir_probe_bad,
	.remove = weir_remove_bad,
	.driver = { .name = "weir" },
};
module_platform_driver(weir_driver);

MODULE_DESCRIPTION("Weir");
MODULE_LICENSE("GPL");
