/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Reduced for the corpus: ASoC components. */
#ifndef CORPUS_SOUND_SOC_H
#define CORPUS_SOUND_SOC_H

#include <linux/device.h>

struct snd_soc_component;

struct snd_soc_component_driver {
	const char *name;
	int (*probe)(struct snd_soc_component *component);
	void (*remove)(struct snd_soc_component *component);
	int (*set_bias_level)(struct snd_soc_component *component, int level);
};

struct snd_soc_dai_driver {
	const char *name;
};

struct snd_soc_component {
	const char *name;
	struct device *dev;
	const struct snd_soc_component_driver *driver;
};

static inline void *snd_soc_component_get_drvdata(struct snd_soc_component *c)
{
	return dev_get_drvdata(c->dev);
}

int snd_soc_register_component(struct device *dev,
			       const struct snd_soc_component_driver *driver,
			       struct snd_soc_dai_driver *dais, int num_dais);
int devm_snd_soc_register_component(struct device *dev,
				    const struct snd_soc_component_driver *driver,
				    struct snd_soc_dai_driver *dais,
				    int num_dais);
void snd_soc_unregister_component(struct device *dev);

#endif /* CORPUS_SOUND_SOC_H */
