// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Only the physical function of a dredger has a watch. It is stopped for virtual functions,
 * the wrong way round.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct dredger {
	bool is_tender;
	unsigned int depth;
	struct delayed_work watch;
};

struct dredger *dredger_find(void);

static void dredger_watch(struct work_struct *work)
{
	struct dredger *dredger = container_of(work, struct dredger, watch.work);

	if (dredger->depth++ < 30)
		schedule_delayed_work(&dredger->watch, HZ);
}

static int dredger_probe_bad(struct platform_device *pdev)
{
	struct dredger *dredger = dredger_find();
	bool is_main = !dredger->is_tender;

	platform_set_drvdata(pdev, dredger);
	if (is_main) {
		INIT_DELAYED_WORK(&dredger->watch, dredger_watch);
		schedule_delayed_work(&dredger->watch, HZ);
	}
	return 0;
}

static void dredger_remove_bad(struct platform_device *pdev)
{
	struct dredger *dredger = platform_get_drvdata(pdev);

	if (!dredger->is_tender) {
		kfree(dredger);
		return;
	}
	cancel_delayed_work_sync(&dredger->watch);
	kfree(dredger);
}

static struct platform_driver dredger_driver = {
	.probe = dredger_probe_bad,
	.remove = dredger_remove_bad,
	.driver = { .name = "dredger" },
};
module_platform_driver(dredger_driver);

MODULE_DESCRIPTION("Harbour dredger");
