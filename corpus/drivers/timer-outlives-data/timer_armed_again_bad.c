// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A metronome whose timer arms itself at every beat. del_timer() does not wait for a
 * beat that is under way on another CPU, and that beat arms the timer again.
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

static int metronome_probe_bad(struct platform_device *pdev)
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

static void metronome_remove_bad(struct platform_device *pdev)
{
	struct metronome *metronome = platform_get_drvdata(pdev);

	del_timer(&metronome->beat);
	kfree(metronome);
}

static struct platform_driver metronome_driver = {
	.probe = metronome_probe_bad,
	.remove = metronome_remove_bad,
	.driver = { .name = "metronome" },
};
module_platform_driver(metronome_driver);

MODULE_DESCRIPTION("Metronome");
