// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An agent that cleans up through a function that its user has handed over. That one
 * forgets the work, which is then freed with the agent.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct beacon {
	void (*cleanup)(struct beacon *beacon);
	unsigned int flashes;
	struct delayed_work flash;
};

struct lamp {
	struct beacon *beacon;
};

static struct beacon *beacon_create(void (*cleanup)(struct beacon *beacon))
{
	struct beacon *beacon = kzalloc(sizeof(*beacon), GFP_KERNEL);

	if (!beacon)
		return NULL;
	beacon->cleanup = cleanup;
	return beacon;
}

static void beacon_destroy(struct beacon *beacon)
{
	beacon->cleanup(beacon);
	kfree(beacon);
}

static void beacon_flash(struct work_struct *work)
{
	struct beacon *beacon = container_of(work, struct beacon, flash.work);

	beacon->flashes++;
	schedule_delayed_work(&beacon->flash, HZ);
}

static void beacon_cleanup(struct beacon *beacon)
{
	beacon->flashes = 0;
}

static int beacon_resume(struct device *dev)
{
	struct lamp *lamp = dev_get_drvdata(dev);

	lamp->beacon = beacon_create(beacon_cleanup);
	if (!lamp->beacon)
		return -ENOMEM;
	INIT_DELAYED_WORK(&lamp->beacon->flash, beacon_flash);
	schedule_delayed_work(&lamp->beacon->flash, HZ);
	return 0;
}

static const struct dev_pm_ops beacon_pm = { .resume = beacon_resume };

static int beacon_probe_bad(struct platform_device *pdev)
{
	struct lamp *lamp;

	lamp = devm_kzalloc(&pdev->dev, sizeof(*lamp), GFP_KERNEL);
	if (!lamp)
		return -ENOMEM;
	platform_set_drvdata(pdev, lamp);
	return 0;
}

static void beacon_remove_bad(struct platform_device *pdev)
{
	struct lamp *lamp = platform_get_drvdata(pdev);

	if (lamp->beacon)
		beacon_destroy(lamp->beacon);
}

static struct platform_driver beacon_driver = {
	.probe = beacon_probe_bad,
	.remove = beacon_remove_bad,
	.driver = { .name = "beacon", .pm = &beacon_pm },
};
module_platform_driver(beacon_driver);

MODULE_DESCRIPTION("Harbour beacon");
