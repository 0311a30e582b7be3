// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A pin controller whose maps are managed memory. The core frees a map by .dt_free_map,
 * which is a function of the kernel in one table, and the driver's own in the other.
 */
#include <linux/err.h>
#include <linux/pinctrl/pinctrl.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define PEG_MAPS 2

static int peg_count(struct pinctrl_dev *pctldev)
{
	return PEG_MAPS;
}

static int peg_map_bad(struct pinctrl_dev *pctldev, struct device_node *np,
		       struct pinctrl_map **map, unsigned int *num_maps)
{
	struct pinctrl_map *new;

	new = devm_kcalloc(pctldev->dev, PEG_MAPS, sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;

	*map = new;
	*num_maps = PEG_MAPS;
	return 0;
}

static int peg_map_one_bad(struct pinctrl_dev *pctldev, struct device_node *np,
			   struct pinctrl_map **map, unsigned int *num_maps)
{
	*map = devm_kzalloc(pctldev->dev, sizeof(**map), GFP_KERNEL);
	if (!*map)
		return -ENOMEM;

	*num_maps = 1;
	return 0;
}

static void peg_free_map(struct pinctrl_dev *pctldev, struct pinctrl_map *map,
			 unsigned int num_maps)
{
	kfree(map);
}

static const struct pinctrl_ops peg_ops = {
	.get_groups_count = peg_count,
	.dt_node_to_map = peg_map_bad,
	.dt_free_map = pinctrl_utils_free_map,
};

static const struct pinctrl_ops peg_one_ops = {
	.get_groups_count = peg_count,
	.dt_node_to_map = peg_map_one_bad,
	.dt_free_map = peg_free_map,
};

static struct pinctrl_desc peg_descs[] = {
	{ .name = "pegs", .pctlops = &peg_ops },
	{ .name = "peg", .pctlops = &peg_one_ops },
};

static int peg_probe(struct platform_device *pdev)
{
	struct pinctrl_dev *pctl;
	int i;

	for (i = 0; i < 2; i++) {
		pctl = devm_pinctrl_register(&pdev->dev, &peg_descs[i], NULL);
		if (IS_ERR(pctl))
			return PTR_ERR(pctl);
	}
	return 0;
}

static struct platform_driver peg_driver = {
	.probe = peg_probe,
	.driver = {
		.name = "peg",
	},
};
module_platform_driver(peg_driver);

MODULE_DESCRIPTION("Peg");
