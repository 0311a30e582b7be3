// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * What remove calls is more than a timeline holds, and the cancelling comes last. That the work
 * seems to be left open is no certain finding.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct loom {
	struct work_struct weave;
	struct work_struct thread;
	bool threaded;
};

static void loom_weave(struct work_struct *work)
{
	struct loom *loom = container_of(work, struct loom, weave);

	loom->threaded = true;
}

static void loom_thread(struct work_struct *work)
{
	struct loom *loom = container_of(work, struct loom, thread);

	schedule_work(&loom->weave);
}

/* Takes one thread out of the loom. */
static void loom_pull(struct loom *loom)
{
	if (loom->threaded)
		cancel_work_sync(&loom->thread);
	loom->threaded = false;
}

#define LOOM_TIMES_EIGHT(name, step) \
	static void name(struct loom *loom) \
	{ \
		step(loom); \
		step(loom); \
		step(loom); \
		step(loom); \
		step(loom); \
		step(loom); \
		step(loom); \
		step(loom); \
	}

LOOM_TIMES_EIGHT(loom_row, loom_pull)
LOOM_TIMES_EIGHT(loom_rows, loom_row)
LOOM_TIMES_EIGHT(loom_cloth, loom_rows)
LOOM_TIMES_EIGHT(loom_bale, loom_cloth)
LOOM_TIMES_EIGHT(loom_load, loom_bale)

static void loom_stop(struct loom *loom)
{
	cancel_work_sync(&loom->thread);
	cancel_work_sync(&loom->weave);
}

static int loom_probe_ok(struct platform_device *pdev)
{
	struct loom *loom;

	loom = kzalloc(sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;
	INIT_WORK(&loom->weave, loom_weave);
	INIT_WORK(&loom->thread, loom_thread);
	platform_set_drvdata(pdev, loom);
	schedule_work(&loom->thread);
	return 0;
}

static void loom_remove_ok(struct platform_device *pdev)
{
	struct loom *loom = platform_get_drvdata(pdev);

	loom_load(loom);
	loom_stop(loom);
	kfree(loom);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe_ok,
	.remove = loom_remove_ok,
	.driver = { .name = "loom" },
};
module_platform_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
