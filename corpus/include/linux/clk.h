/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Getting, preparing and enabling are calls of their own; the pair forms are inline. */
#ifndef CORPUS_LINUX_CLK_H
#define CORPUS_LINUX_CLK_H

#include <linux/compiler.h>
#include <linux/types.h>

struct clk;
struct device;

struct clk *clk_get(struct device *dev, const char *id);
void clk_put(struct clk *clk);
struct clk *devm_clk_get(struct device *dev, const char *id);
struct clk *devm_clk_get_optional(struct device *dev, const char *id);
struct clk *devm_clk_get_enabled(struct device *dev, const char *id);

int __must_check clk_prepare(struct clk *clk);
void clk_unprepare(struct clk *clk);
int __must_check clk_enable(struct clk *clk);
void clk_disable(struct clk *clk);
int clk_set_rate(struct clk *clk, unsigned long rate);
unsigned long clk_get_rate(struct clk *clk);

static inline int __must_check clk_prepare_enable(struct clk *clk)
{
	int err = clk_prepare(clk);

	if (!err) {
		err = clk_enable(clk);
		if (err)
			clk_unprepare(clk);
	}
	return err;
}

static inline void clk_disable_unprepare(struct clk *clk)
{
	clk_disable(clk);
	clk_unprepare(clk);
}

#endif
