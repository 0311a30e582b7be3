// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The metronome shuts its timer down: that waits for a beat under way, and refuses to
 * arm the timer again.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/timer.h>

#define METRONOME_TICK 0x04

struct metronome {
	void __iomem *regs;
	struct timer_list beat;
	unsigned int beats;
};

static void metronome_beat(struct timer_list *timer)
{
	struct metronome *metronome = from_timer(metronome, timer, beat);

	writel(++metronome->beats, metronome->regs + METRONOME_TICK);
	mod_timer(&metronome->beat, jiffies + HZ / 2);
}

static int metronome_probe_ok(struct platform_device *pdev)
{
	struct metronome *metronome;
	void __iomem *regs;

	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);
	metronome = kzalloc(sizeof(*metronome), GFP_KERNEL);
	if (!metronome)
		return -ENOMEM;
	metronome->regs = regs;

	timer_setup(&metronome->beat, metronome_beat, 0);
	mod_timer(&metronome->beat, jiffies + HZ / 2);
	platform_set_drvdata(pdev, metronome);
	return 0;
}

static void metronome_remove_ok(struct platform_device *pdev)
{
	struct metronome *metronome = platform_get_drvdata(pdev);

	timer_shutdown_sync(&metronome->beat);
	kfree(metronome);
}

static struct platform_driver metronome_driver = {
	.probe = metronome_probe_ok,
	.remove = metronome_remove_ok,
	.driver = { .name = "metronome" },
};
module_platform_driver(metronome_driver);

MODULE_DESCRIPTION("Metronome");
