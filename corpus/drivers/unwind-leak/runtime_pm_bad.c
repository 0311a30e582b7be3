// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lock gate turns its clock on by hand where runtime PM is not there to do it,
 * and off again only where it is.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>

struct lockgate {
	struct miscdevice misc;
	struct clk *clk;
};

static const struct file_operations lockgate_fops = {
	.owner = THIS_MODULE,
};

static int lockgate_probe_bad(struct platform_device *pdev)
{
	struct lockgate *gate;
	int ret;

	gate = devm_kzalloc(&pdev->dev, sizeof(*gate), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;

	gate->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(gate->clk))
		return PTR_ERR(gate->clk);

	platform_set_drvdata(pdev, gate);
	pm_runtime_enable(&pdev->dev);

	ret = clk_prepare_enable(gate->clk);
	if (ret)
		goto err_pm;

	gate->misc.minor = MISC_DYNAMIC_MINOR;
	gate->misc.name = "lockgate";
	gate->misc.fops = &lockgate_fops;
	ret = misc_register(&gate->misc);
	if (ret)
		goto err_clk;

	return 0;

err_clk:
	if (!pm_runtime_enabled(&pdev->dev))
		clk_disable_unprepare(gate->clk);
err_pm:
	pm_runtime_disable(&pdev->dev);
	return ret;
}

static void lockgate_remove_bad(struct platform_device *pdev)
{
	struct lockgate *gate = platform_get_drvdata(pdev);

	misc_deregister(&gate->misc);
	clk_disable_unprepare(gate->clk);
	pm_runtime_disable(&pdev->dev);
}

static struct platform_driver lockgate_driver = {
	.probe = lockgate_probe_bad,
	.remove = lockgate_remove_bad,
	.driver = {
		.name = "lockgate",
	},
};
module_platform_driver(lockgate_driver);

MODULE_DESCRIPTION("Lock gate");
MODULE_LICENSE("GPL");
