// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom whose remove takes the misc device away before it stops the shuttle.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#define LOOM_SHUTTLE 0x00
#define LOOM_ROWS 0x04

struct loom {
	struct miscdevice misc;
	void __iomem *regs;
};

static ssize_t loom_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct loom *loom = container_of(file->private_data, struct loom, misc);
	u32 rows = readl(loom->regs + LOOM_ROWS);

	if (len < sizeof(rows))
		return -EINVAL;
	if (copy_to_user(buf, &rows, sizeof(rows)))
		return -EFAULT;
	return sizeof(rows);
}

static const struct file_operations loom_fops = {
	.owner = THIS_MODULE,
	.read = loom_read,
};

static int loom_probe_ok(struct platform_device *pdev)
{
	struct loom *loom;
	int ret;

	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;

	loom->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(loom->regs))
		return PTR_ERR(loom->regs);

	loom->misc.minor = MISC_DYNAMIC_MINOR;
	loom->misc.name = "loom";
	loom->misc.fops = &loom_fops;
	loom->misc.parent = &pdev->dev;
	ret = misc_register(&loom->misc);
	if (ret)
		return ret;

	writel(1, loom->regs + LOOM_SHUTTLE);
	platform_set_drvdata(pdev, loom);
	return 0;
}

static void loom_remove_ok(struct platform_device *pdev)
{
	struct loom *loom = platform_get_drvdata(pdev);

	misc_deregister(&loom->misc);
	writel(0, loom->regs + LOOM_SHUTTLE);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe_ok,
	.remove = loom_remove_ok,
	.driver = {
		.name = "loom",
	},
};
module_platform_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
