// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The music box cancels its timer in remove, before devres frees the memory.
 */
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define MUSICBOX_COMB 0x10

struct musicbox {
	void __iomem *regs;
	struct hrtimer pluck;
	ktime_t period;
	unsigned int tooth;
};

static enum hrtimer_restart musicbox_pluck(struct hrtimer *timer)
{
	struct musicbox *box = container_of(timer, struct musicbox, pluck);

	writel(box->tooth++, box->regs + MUSICBOX_COMB);
	hrtimer_forward_now(timer, box->period);
	return HRTIMER_RESTART;
}

static int musicbox_probe_ok(struct platform_device *pdev)
{
	struct musicbox *box;

	box = devm_kzalloc(&pdev->dev, sizeof(*box), GFP_KERNEL);
	if (!box)
		return -ENOMEM;
	box->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(box->regs))
		return PTR_ERR(box->regs);

	box->period = ms_to_ktime(125);
	hrtimer_init(&box->pluck, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	box->pluck.function = musicbox_pluck;
	hrtimer_start(&box->pluck, box->period, HRTIMER_MODE_REL);
	platform_set_drvdata(pdev, box);
	return 0;
}

static void musicbox_remove_ok(struct platform_device *pdev)
{
	struct musicbox *box = platform_get_drvdata(pdev);

	hrtimer_cancel(&box->pluck);
}

static struct platform_driver musicbox_driver = {
	.probe = musicbox_probe_ok,
	.remove = musicbox_remove_ok,
	.driver = { .name = "musicbox" },
};
module_platform_driver(musicbox_driver);

MODULE_DESCRIPTION("Music box");
