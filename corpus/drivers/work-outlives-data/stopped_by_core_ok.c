// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A work and a timer start each other, as long as the device runs. The core calls stop when
 * the device is unregistered, and stop tells the timer and cancels both.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <net/mac80211.h>

struct heron {
	struct ieee80211_hw *hw;
	struct delayed_work scan;
	struct timer_list silence;
	bool running;
};

static void heron_scan(struct work_struct *work)
{
	struct heron *heron = container_of(work, struct heron, scan.work);

	mod_timer(&heron->silence, jiffies + HZ);
}

static void heron_silence(struct timer_list *timer)
{
	struct heron *heron = from_timer(heron, timer, silence);

	if (heron->running)
		schedule_delayed_work(&heron->scan, HZ);
}

static int heron_start(struct ieee80211_hw *hw)
{
	struct heron *heron = hw->priv;

	heron->running = true;
	mod_timer(&heron->silence, jiffies + HZ);
	return 0;
}

static void heron_stop(struct ieee80211_hw *hw, bool suspend)
{
	struct heron *heron = hw->priv;

	if (!heron->running)
		return;
	heron->running = false;
	del_timer_sync(&heron->silence);
	cancel_delayed_work_sync(&heron->scan);
}

static const struct ieee80211_ops heron_ops = {
	.start = heron_start,
	.stop = heron_stop,
};

static int heron_probe_ok(struct platform_device *pdev)
{
	struct ieee80211_hw *hw;
	struct heron *heron;
	int ret;

	hw = ieee80211_alloc_hw(sizeof(*heron), &heron_ops);
	if (!hw)
		return -ENOMEM;
	heron = hw->priv;
	heron->hw = hw;
	timer_setup(&heron->silence, heron_silence, 0);
	INIT_DELAYED_WORK(&heron->scan, heron_scan);
	platform_set_drvdata(pdev, heron);
	ret = ieee80211_register_hw(hw);
	if (ret)
		ieee80211_free_hw(hw);
	return ret;
}

static void heron_remove_ok(struct platform_device *pdev)
{
	struct heron *heron = platform_get_drvdata(pdev);

	ieee80211_unregister_hw(heron->hw);
	ieee80211_free_hw(heron->hw);
}

static struct platform_driver heron_driver = {
	.probe = heron_probe_ok,
	.remove = heron_remove_ok,
	.driver = { .name = "heron" },
};
module_platform_driver(heron_driver);

MODULE_DESCRIPTION("Wireless bird watch");
