// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A barometer that polls itself with a delayed work. cancel_delayed_work() does not
 * wait for a poll that is under way, and that poll arms the next one.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define BARO_PRESSURE 0x10

struct baro {
	void __iomem *regs;
	struct delayed_work poll;
	u32 pressure;
};

static void baro_poll(struct work_struct *work)
{
	struct baro *baro = container_of(work, struct baro, poll.work);

	baro->pressure = readl(baro->regs + BARO_PRESSURE);
	schedule_delayed_work(&baro->poll, HZ);
}

static int baro_probe_bad(struct platform_device *pdev)
{
	struct baro *baro;
	int ret;

	baro = kzalloc(sizeof(*baro), GFP_KERNEL);
	if (!baro)
		return -ENOMEM;
	baro->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(baro->regs)) {
		ret = PTR_ERR(baro->regs);
		kfree(baro);
		return ret;
	}

	INIT_DELAYED_WORK(&baro->poll, baro_poll);
	schedule_delayed_work(&baro->poll, HZ);
	platform_set_drvdata(pdev, baro);
	return 0;
}

static void baro_remove_bad(struct platform_device *pdev)
{
	struct baro *baro = platform_get_drvdata(pdev);

	cancel_delayed_work(&baro->poll);
	kfree(baro);
}

static struct platform_driver baro_driver = {
	.probe = baro_probe_bad,
	.remove = baro_remove_bad,
	.driver = { .name = "baro" },
};
module_platform_driver(baro_driver);

MODULE_DESCRIPTION("Barometer");
