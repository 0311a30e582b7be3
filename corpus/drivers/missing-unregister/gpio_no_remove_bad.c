// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Sluice gates as GPIO lines, by a driver that has no remove: the chip stays
 * registered when the driver is unbound.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/gpio/driver.h>
#include <linux/io.h>
#include <linux/platform_device.h>

#define SLUICE_GATES 8
#define SLUICE_STATE 0x00

struct sluice {
	struct gpio_chip gc;
	void __iomem *regs;
};

static int sluice_get(struct gpio_chip *gc, unsigned int offset)
{
	struct sluice *sluice = gpiochip_get_data(gc);

	return !!(readl(sluice->regs + SLUICE_STATE) & BIT(offset));
}

static void sluice_set(struct gpio_chip *gc, unsigned int offset, int value)
{
	struct sluice *sluice = gpiochip_get_data(gc);
	u32 state = readl(sluice->regs + SLUICE_STATE) & ~BIT(offset);

	writel(value ? state | BIT(offset) : state, sluice->regs + SLUICE_STATE);
}

static int sluice_probe_bad(struct platform_device *pdev)
{
	struct sluice *sluice;

	sluice = devm_kzalloc(&pdev->dev, sizeof(*sluice), GFP_KERNEL);
	if (!sluice)
		return -ENOMEM;

	sluice->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sluice->regs))
		return PTR_ERR(sluice->regs);

	sluice->gc.label = "sluice";
	sluice->gc.parent = &pdev->dev;
	sluice->gc.owner = THIS_MODULE;
	sluice->gc.get = sluice_get;
	sluice->gc.set = sluice_set;
	sluice->gc.base = -1;
	sluice->gc.ngpio = SLUICE_GATES;

	return gpiochip_add_data(&sluice->gc, sluice);
}

static struct platform_driver sluice_driver = {
	.probe = sluice_probe_bad,
	.driver = {
		.name = "sluice",
	},
};
module_platform_driver(sluice_driver);

MODULE_DESCRIPTION("Sluice gates");
