// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A forge that leaves its bellows powered when its IRQ cannot be had: only
 * remove turns the regulator off.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/platform_device.h>
#include <linux/regulator/consumer.h>

struct forge {
	struct regulator *bellows;
	u32 heat;
};

static irqreturn_t forge_isr(int irq, void *data)
{
	struct forge *forge = data;

	forge->heat++;
	return IRQ_HANDLED;
}

static int forge_probe_bad(struct platform_device *pdev)
{
	struct forge *forge;
	int irq, ret;

	forge = devm_kzalloc(&pdev->dev, sizeof(*forge), GFP_KERNEL);
	if (!forge)
		return -ENOMEM;

	forge->bellows = devm_regulator_get(&pdev->dev, "bellows");
	if (IS_ERR(forge->bellows))
		return PTR_ERR(forge->bellows);

	ret = regulator_enable(forge->bellows);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "bellows do not move\n");

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	ret = devm_request_irq(&pdev->dev, irq, forge_isr, 0, "forge", forge);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no IRQ\n");

	platform_set_drvdata(pdev, forge);
	return 0;
}

static void forge_remove_bad(struct platform_device *pdev)
{
	struct forge *forge = platform_get_drvdata(pdev);

	regulator_disable(forge->bellows);
}

static struct platform_driver forge_driver = {
	.probe = forge_probe_bad,
	.remove = forge_remove_bad,
	.driver = {
		.name = "forge",
	},
};
module_platform_driver(forge_driver);

MODULE_DESCRIPTION("Forge");
