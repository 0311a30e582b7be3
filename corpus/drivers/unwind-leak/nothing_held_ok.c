// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A mill that holds nothing when it fails: the condition with two halves says
 * so, a clock is not there, and a request takes the memory with it.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/usb.h>

struct mill {
	struct clk *clk;
	bool wet;
};

struct sack {
	int weight;
};

/* What no rule knows. */
int mill_check(struct device *dev);
struct clk *mill_clock(struct device *dev);

/* Both halves of the condition tell something. */
static int mill_both_probe_ok(struct platform_device *pdev)
{
	struct mill *mill = devm_kzalloc(&pdev->dev, sizeof(*mill), GFP_KERNEL);
	int wind = -ENODEV, water;

	if (!mill)
		return -ENOMEM;
	platform_set_drvdata(pdev, mill);
	mill->clk = devm_clk_get(&pdev->dev, "both");
	if (IS_ERR(mill->clk))
		return PTR_ERR(mill->clk);
	if (mill->wet)
		wind = mill_check(&pdev->dev);
	water = clk_prepare_enable(mill->clk);
	if (wind < 0 && water < 0)
		return -ENODEV;
	return 0;
}

static void mill_both_remove_ok(struct platform_device *pdev)
{
	struct mill *mill = platform_get_drvdata(pdev);

	clk_disable_unprepare(mill->clk);
}

static struct platform_driver mill_both_driver = {
	.probe = mill_both_probe_ok,
	.remove = mill_both_remove_ok,
	.driver = {
		.name = "mill-both",
	},
};

/* Of a clock that is not there nothing is held. */
static int mill_null_probe_ok(struct platform_device *pdev)
{
	struct clk *clk = mill_clock(&pdev->dev);
	int ret;

	platform_set_drvdata(pdev, clk);
	ret = clk_prepare_enable(clk);
	if (ret)
		return ret;
	ret = mill_check(&pdev->dev);
	if (ret)
		goto err;
	return 0;

err:
	if (clk)
		clk_disable_unprepare(clk);
	return ret;
}

static void mill_null_remove_ok(struct platform_device *pdev)
{
	clk_disable_unprepare(platform_get_drvdata(pdev));
}

static struct platform_driver mill_null_driver = {
	.probe = mill_null_probe_ok,
	.remove = mill_null_remove_ok,
	.driver = {
		.name = "mill-null",
	},
};

/* The request carries the sack to its completion, which frees it. */
static void mill_sent_ok(struct urb *urb)
{
	struct sack *sack = urb->context;

	kfree(sack);
}

int mill_send_ok(struct usb_device *udev, struct urb *urb, struct device *dev)
{
	struct sack *sack = kzalloc(sizeof(*sack), GFP_KERNEL);
	int ret;

	if (!sack)
		return -ENOMEM;
	usb_fill_int_urb(urb, udev, 0, NULL, 0, mill_sent_ok, sack, 1);
	ret = usb_submit_urb(urb, GFP_KERNEL);
	if (ret) {
		kfree(sack);
		return ret;
	}
	return mill_check(dev);
}

MODULE_DESCRIPTION("Mill");
