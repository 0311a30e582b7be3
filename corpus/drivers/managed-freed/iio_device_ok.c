// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A firefly counter that turns its lamp off in remove, and therefore unregisters
 * its IIO device there, too: it has registered it with the plain call.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/iio/iio.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>

#define FIREFLY_LAMP 0x00
#define FIREFLY_COUNT 0x04

struct firefly {
	void __iomem *regs;
};

static int firefly_read_raw(struct iio_dev *indio_dev, struct iio_chan_spec const *chan,
			    int *val, int *val2, long mask)
{
	struct firefly *firefly = iio_priv(indio_dev);

	*val = readl(firefly->regs + FIREFLY_COUNT);
	return IIO_VAL_INT;
}

static const struct iio_info firefly_info = {
	.read_raw = firefly_read_raw,
};

static const struct iio_chan_spec firefly_channels[] = {
	{ .type = IIO_LIGHT, .info_mask_separate = BIT(IIO_CHAN_INFO_RAW) },
};

static int firefly_probe_ok(struct platform_device *pdev)
{
	struct iio_dev *indio_dev;
	struct firefly *firefly;
	int ret;

	indio_dev = devm_iio_device_alloc(&pdev->dev, sizeof(*firefly));
	if (!indio_dev)
		return -ENOMEM;

	firefly = iio_priv(indio_dev);
	firefly->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(firefly->regs))
		return PTR_ERR(firefly->regs);

	indio_dev->name = "firefly";
	indio_dev->modes = INDIO_DIRECT_MODE;
	indio_dev->info = &firefly_info;
	indio_dev->channels = firefly_channels;
	indio_dev->num_channels = ARRAY_SIZE(firefly_channels);
	platform_set_drvdata(pdev, indio_dev);

	writel(1, firefly->regs + FIREFLY_LAMP);
	ret = iio_device_register(indio_dev);
	if (ret)
		writel(0, firefly->regs + FIREFLY_LAMP);
	return ret;
}

static void firefly_remove_ok(struct platform_device *pdev)
{
	struct iio_dev *indio_dev = platform_get_drvdata(pdev);
	struct firefly *firefly = iio_priv(indio_dev);

	iio_device_unregister(indio_dev);
	writel(0, firefly->regs + FIREFLY_LAMP);
}

static struct platform_driver firefly_driver = {
	.probe = firefly_probe_ok,
	.remove = firefly_remove_ok,
	.driver = {
		.name = "firefly",
	},
};
module_platform_driver(firefly_driver);

MODULE_DESCRIPTION("Firefly counter");
