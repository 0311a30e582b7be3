// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A lottery machine. When init() fails the core does not call cleanup(), so the
 * clock runs on.
 */
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/hw_random.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define LOTTO_READY 0x00
#define LOTTO_BALL 0x04

struct lotto {
	void __iomem *regs;
	struct clk *clk;
};

static int lotto_init_bad(struct hwrng *rng)
{
	struct lotto *lotto = (struct lotto *)rng->priv;
	int ret;

	ret = clk_prepare_enable(lotto->clk);
	if (ret)
		return ret;

	if (!readl(lotto->regs + LOTTO_READY))
		return -EIO;

	return 0;
}

static void lotto_cleanup(struct hwrng *rng)
{
	struct lotto *lotto = (struct lotto *)rng->priv;

	clk_disable_unprepare(lotto->clk);
}

static int lotto_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	struct lotto *lotto = (struct lotto *)rng->priv;

	if (max < sizeof(u32))
		return 0;
	*(u32 *)data = readl(lotto->regs + LOTTO_BALL);
	return sizeof(u32);
}

static struct hwrng lotto_rng = {
	.name = "lotto",
	.init = lotto_init_bad,
	.cleanup = lotto_cleanup,
	.read = lotto_read,
};

static int lotto_probe(struct platform_device *pdev)
{
	struct lotto *lotto;

	lotto = devm_kzalloc(&pdev->dev, sizeof(*lotto), GFP_KERNEL);
	if (!lotto)
		return -ENOMEM;
	lotto->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lotto->regs))
		return PTR_ERR(lotto->regs);
	lotto->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(lotto->clk))
		return PTR_ERR(lotto->clk);

	lotto_rng.priv = (unsigned long)lotto;
	return devm_hwrng_register(&pdev->dev, &lotto_rng);
}

static struct platform_driver lotto_driver = {
	.probe = lotto_probe,
	.driver = { .name = "lotto" },
};
module_platform_driver(lotto_driver);

MODULE_DESCRIPTION("Lottery machine");
