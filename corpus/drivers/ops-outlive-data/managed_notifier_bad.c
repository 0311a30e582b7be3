// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A pump that is told when its supply goes off. The notifier is registered by hand and
 * stays when the driver is unbound, while devres frees what it lies in.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/regulator/consumer.h>
#include <linux/slab.h>

struct pump {
	struct device *dev;
	struct regulator *supply;
	struct notifier_block off;
	bool stale;
};

static int pump_off(struct notifier_block *nb, unsigned long event, void *data)
{
	struct pump *pump = container_of(nb, struct pump, off);

	pump->stale = true;
	return 0;
}

static int pump_probe_bad(struct platform_device *pdev)
{
	struct pump *pump;

	pump = devm_kzalloc(&pdev->dev, sizeof(*pump), GFP_KERNEL);
	if (!pump)
		return -ENOMEM;
	pump->dev = &pdev->dev;
	pump->supply = devm_regulator_get(&pdev->dev, "vin");
	if (IS_ERR(pump->supply))
		return PTR_ERR(pump->supply);
	pump->off.notifier_call = pump_off;
	return regulator_register_notifier(pump->supply, &pump->off);
}

static struct platform_driver pump_driver = {
	.probe = pump_probe_bad,
	.driver = { .name = "pump" },
};
module_platform_driver(pump_driver);

MODULE_DESCRIPTION("Bilge pump");
