// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An altimeter whose data lie in its IIO device: it is off before they go.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iio/iio.h>
#include <linux/io.h>
#include <linux/platform_device.h>

#define ALTIMETER_POWER 0x10

struct altimeter {
	struct iio_dev *indio_dev;
	void __iomem *regs;
};

static void altimeter_power(struct altimeter *alt, u32 on)
{
	writel(on, alt->regs + ALTIMETER_POWER);
}

static int altimeter_probe_ok(struct platform_device *pdev)
{
	struct iio_dev *indio_dev;
	struct altimeter *alt;
	void __iomem *regs;
	int ret;

	regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);

	indio_dev = iio_device_alloc(&pdev->dev, sizeof(*alt));
	if (!indio_dev)
		return -ENOMEM;

	alt = iio_priv(indio_dev);
	alt->indio_dev = indio_dev;
	alt->regs = regs;
	altimeter_power(alt, 1);
	platform_set_drvdata(pdev, alt);

	ret = iio_device_register(indio_dev);
	if (ret) {
		altimeter_power(alt, 0);
		iio_device_free(indio_dev);
	}
	return ret;
}

static void altimeter_remove_ok(struct platform_device *pdev)
{
	struct altimeter *alt = platform_get_drvdata(pdev);

	iio_device_unregister(alt->indio_dev);
	altimeter_power(alt, 0);
	iio_device_free(alt->indio_dev);
}

static struct platform_driver altimeter_driver = {
	.probe = altimeter_probe_ok,
	.remove = altimeter_remove_ok,
	.driver = {
		.name = "altimeter",
	},
};
module_platform_driver(altimeter_driver);

MODULE_DESCRIPTION("Altimeter");
