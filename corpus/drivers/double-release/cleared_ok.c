// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loft that clears its nests, and forgets them, when it cannot be filled.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct nest {
	char *egg;
};

struct loft {
	struct nest *nests;
	int count;
};

int loft_count(struct platform_device *pdev);
bool loft_taken(int i);

static void loft_clear(struct loft *loft)
{
	int i;

	if (loft->nests) {
		for (i = 0; i < loft->count; i++)
			kfree(loft->nests[i].egg);
		kfree(loft->nests);
		loft->nests = NULL;
	}
}

static int loft_fill(struct loft *loft)
{
	int i;

	loft->nests = kcalloc(loft->count, sizeof(*loft->nests), GFP_KERNEL);
	if (!loft->nests)
		return -ENOMEM;
	for (i = 0; i < loft->count; i++) {
		loft->nests[i].egg = kzalloc(8, GFP_KERNEL);
		if (!loft->nests[i].egg)
			goto failed;
	}
	if (loft_taken(loft->count))
		goto failed;
	return 0;

failed:
	loft_clear(loft);
	return -EBUSY;
}

static int loft_probe_ok(struct platform_device *pdev)
{
	struct loft *loft;

	loft = devm_kzalloc(&pdev->dev, sizeof(*loft), GFP_KERNEL);
	if (!loft)
		return -ENOMEM;
	loft->count = loft_count(pdev);
	/* An empty loft will do as well. */
	loft_fill(loft);
	platform_set_drvdata(pdev, loft);
	return 0;
}

static void loft_remove_ok(struct platform_device *pdev)
{
	loft_clear(platform_get_drvdata(pdev));
}

static struct platform_driver loft_driver = {
	.probe = loft_probe_ok,
	.remove = loft_remove_ok,
	.driver = {
		.name = "loft",
	},
};
module_platform_driver(loft_driver);

MODULE_DESCRIPTION("Loft");
