// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Buoys that form a chain: a probe that fails after it has put its buoy on the
 * list leaves it there, in memory that devres frees.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/i2c.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>

#define BUOY_DEPTH 0x00

struct buoy {
	struct list_head node;
	struct i2c_adapter adap;
	void __iomem *regs;
};

static DEFINE_MUTEX(buoy_lock);
static LIST_HEAD(buoy_list);

static int buoy_xfer(struct i2c_adapter *adap, struct i2c_msg *msgs, int num)
{
	struct buoy *next;
	int depth = 0;

	mutex_lock(&buoy_lock);
	list_for_each_entry(next, &buoy_list, node)
		depth += readl(next->regs + BUOY_DEPTH);
	mutex_unlock(&buoy_lock);
	return depth ? num : -EIO;
}

static u32 buoy_functionality(struct i2c_adapter *adap)
{
	return I2C_FUNC_I2C;
}

static const struct i2c_algorithm buoy_algorithm = {
	.xfer = buoy_xfer,
	.functionality = buoy_functionality,
};

static int buoy_probe_bad(struct platform_device *pdev)
{
	struct buoy *buoy;
	int ret;

	buoy = devm_kzalloc(&pdev->dev, sizeof(*buoy), GFP_KERNEL);
	if (!buoy)
		return -ENOMEM;

	buoy->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(buoy->regs))
		return PTR_ERR(buoy->regs);

	mutex_lock(&buoy_lock);
	list_add(&buoy->node, &buoy_list);
	mutex_unlock(&buoy_lock);

	buoy->adap.owner = THIS_MODULE;
	buoy->adap.algo = &buoy_algorithm;
	buoy->adap.dev.parent = &pdev->dev;
	ret = i2c_add_adapter(&buoy->adap);
	if (ret)
		return ret;

	platform_set_drvdata(pdev, buoy);
	return 0;
}

static void buoy_remove_bad(struct platform_device *pdev)
{
	struct buoy *buoy = platform_get_drvdata(pdev);

	i2c_del_adapter(&buoy->adap);
	mutex_lock(&buoy_lock);
	list_del(&buoy->node);
	mutex_unlock(&buoy_lock);
}

static struct platform_driver buoy_driver = {
	.probe = buoy_probe_bad,
	.remove = buoy_remove_bad,
	.driver = {
		.name = "buoy",
	},
};
module_platform_driver(buoy_driver);

MODULE_DESCRIPTION("Chain of buoys");
