/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Reduced for the corpus: register maps. The macros hand over a lock class key. */
#ifndef CORPUS_LINUX_REGMAP_H
#define CORPUS_LINUX_REGMAP_H

#include <linux/types.h>

struct device;
struct regmap;

struct regmap_config {
	int reg_bits;
	int val_bits;
	unsigned int max_register;
};

struct regmap *__devm_regmap_init_mmio_clk(struct device *dev, const char *clk_id,
					   void __iomem *regs,
					   const struct regmap_config *config,
					   void *lock_key, const char *lock_name);
#define devm_regmap_init_mmio(dev, regs, config) \
	__devm_regmap_init_mmio_clk(dev, NULL, regs, config, NULL, NULL)

struct regmap *dev_get_regmap(struct device *dev, const char *name);
int regmap_read(struct regmap *map, unsigned int reg, unsigned int *val);
int regmap_write(struct regmap *map, unsigned int reg, unsigned int val);
void regcache_cache_only(struct regmap *map, bool enable);

#endif /* CORPUS_LINUX_REGMAP_H */
