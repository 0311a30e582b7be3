// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The bus of a lighthouse. It has no remove, and keeps nobody from unbinding it.
 */
#include <linux/err.h>
#include <linux/i2c.h>
#include <linux/io.h>
#include <linux/platform_device.h>

#define LIGHTHOUSE_LAMP 0x10

struct lighthouse {
	struct i2c_adapter adap;
	void __iomem *regs;
};

static int lighthouse_xfer(struct i2c_adapter *adap, struct i2c_msg *msgs, int num)
{
	struct lighthouse *house = i2c_get_adapdata(adap);
	int i;

	for (i = 0; i < num; i++)
		writel(msgs[i].addr, house->regs + LIGHTHOUSE_LAMP);
	return num;
}

static u32 lighthouse_functionality(struct i2c_adapter *adap)
{
	return I2C_FUNC_I2C;
}

static const struct i2c_algorithm lighthouse_algorithm = {
	.xfer = lighthouse_xfer,
	.functionality = lighthouse_functionality,
};

static int lighthouse_probe_bad(struct platform_device *pdev)
{
	struct lighthouse *house;

	house = devm_kzalloc(&pdev->dev, sizeof(*house), GFP_KERNEL);
	if (!house)
		return -ENOMEM;

	house->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(house->regs))
		return PTR_ERR(house->regs);

	house->adap.owner = THIS_MODULE;
	house->adap.algo = &lighthouse_algorithm;
	house->adap.dev.parent = &pdev->dev;
	i2c_set_adapdata(&house->adap, house);
	return i2c_add_adapter(&house->adap);
}

static struct platform_driver lighthouse_driver = {
	.probe = lighthouse_probe_bad,
	.driver = {
		.name = "lighthouse",
	},
};
module_platform_driver(lighthouse_driver);

MODULE_DESCRIPTION("Lighthouse");
