// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A codec whose work looks for faults. The component has no remove, so that nothing
 * cancels the work before devres frees what holds it.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <sound/soc.h>

struct chime {
	struct device *dev;
	unsigned int faults;
	struct delayed_work look;
};

static void chime_look(struct work_struct *work)
{
	struct chime *chime = container_of(work, struct chime, look.work);

	if (chime->faults++ > 3)
		dev_warn(chime->dev, "the clapper is stuck\n");
	schedule_delayed_work(&chime->look, HZ);
}

static int chime_set_bias_level(struct snd_soc_component *component, int level)
{
	struct chime *chime = snd_soc_component_get_drvdata(component);

	if (level)
		schedule_delayed_work(&chime->look, HZ);
	return 0;
}

static const struct snd_soc_component_driver chime_component = {
	.name = "chime",
	.set_bias_level = chime_set_bias_level,
};

static struct snd_soc_dai_driver chime_dai = { .name = "chime-hifi" };

static int chime_probe_bad(struct platform_device *pdev)
{
	struct chime *chime;

	chime = devm_kzalloc(&pdev->dev, sizeof(*chime), GFP_KERNEL);
	if (!chime)
		return -ENOMEM;
	chime->dev = &pdev->dev;
	INIT_DELAYED_WORK(&chime->look, chime_look);
	dev_set_drvdata(&pdev->dev, chime);
	return devm_snd_soc_register_component(&pdev->dev, &chime_component,
					       &chime_dai, 1);
}

static struct platform_driver chime_driver = {
	.probe = chime_probe_bad,
	.driver = { .name = "chime" },
};
module_platform_driver(chime_driver);

MODULE_DESCRIPTION("Door chime");
