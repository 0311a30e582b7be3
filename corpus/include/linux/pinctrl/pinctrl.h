/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_PINCTRL_PINCTRL_H
#define CORPUS_LINUX_PINCTRL_PINCTRL_H

#include <linux/device.h>

struct device_node;

struct pinctrl_map {
	const char *dev_name;
	const char *name;
	unsigned int type;
};

struct pinctrl_dev {
	struct device *dev;
};

struct pinctrl_ops {
	int (*get_groups_count)(struct pinctrl_dev *pctldev);
	int (*dt_node_to_map)(struct pinctrl_dev *pctldev, struct device_node *np,
			      struct pinctrl_map **map, unsigned int *num_maps);
	void (*dt_free_map)(struct pinctrl_dev *pctldev, struct pinctrl_map *map,
			    unsigned int num_maps);
};

struct pinctrl_desc {
	const char *name;
	const struct pinctrl_ops *pctlops;
	struct module *owner;
};

struct pinctrl_dev *devm_pinctrl_register(struct device *dev, struct pinctrl_desc *desc,
					  void *driver_data);
void pinctrl_utils_free_map(struct pinctrl_dev *pctldev, struct pinctrl_map *map,
			    unsigned int num_maps);

#endif
