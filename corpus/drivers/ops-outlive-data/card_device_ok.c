// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The device of the card, which remove unregisters, is of the same type as the one that the
 * driver is bound to, and that the component hangs on. It is another one.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <sound/soc.h>

struct choir {
	struct platform_device *card;
	int *scores;
};

static int choir_set_bias_level(struct snd_soc_component *component, int level)
{
	struct choir *choir = snd_soc_component_get_drvdata(component);

	choir->scores[0] = level;
	return 0;
}

static const struct snd_soc_component_driver choir_component = {
	.name = "choir",
	.set_bias_level = choir_set_bias_level,
};

static int choir_probe_ok(struct platform_device *pdev)
{
	struct choir *choir;
	int ret;

	choir = devm_kzalloc(&pdev->dev, sizeof(*choir), GFP_KERNEL);
	if (!choir)
		return -ENOMEM;
	choir->scores = devm_kcalloc(&pdev->dev, 8, sizeof(int), GFP_KERNEL);
	if (!choir->scores)
		return -ENOMEM;
	platform_set_drvdata(pdev, choir);
	ret = devm_snd_soc_register_component(&pdev->dev, &choir_component, NULL, 0);
	if (ret)
		return ret;
	choir->card = platform_device_register_data(&pdev->dev, "choir-card", -1, NULL, 0);
	if (IS_ERR(choir->card))
		choir->card = NULL;
	return 0;
}

static void choir_remove_ok(struct platform_device *pdev)
{
	struct choir *choir = platform_get_drvdata(pdev);

	if (choir->card)
		platform_device_unregister(choir->card);
}

static struct platform_driver choir_driver = {
	.probe = choir_probe_ok,
	.remove = choir_remove_ok,
	.driver = { .name = "choir" },
};
module_platform_driver(choir_driver);

MODULE_DESCRIPTION("Choir");
