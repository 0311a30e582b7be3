// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A port that fails is freed, and was not put on the list; the walk over the list frees the
 * others.
 */
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct quay {
	struct device *dev;
	struct list_head berths;
};

struct berth {
	struct list_head node;
	struct quay *quay;
	void *log;
};

int berth_survey(struct quay *quay, int number);

static void berth_destroy(struct berth *berth)
{
	list_del(&berth->node);
	kfree(berth->log);
	kfree(berth);
}

static int berth_create(struct quay *quay, int number)
{
	struct berth *berth = kzalloc(sizeof(*berth), GFP_KERNEL);
	int ret;

	if (!berth)
		return -ENOMEM;
	berth->quay = quay;
	berth->log = kzalloc(64, GFP_KERNEL);
	if (!berth->log) {
		kfree(berth);
		return -ENOMEM;
	}
	ret = berth_survey(quay, number);
	if (ret) {
		kfree(berth->log);
		kfree(berth);
		return ret;
	}
	list_add_tail(&berth->node, &quay->berths);
	return 0;
}

static int quay_probe_ok(struct platform_device *pdev)
{
	struct berth *berth, *next;
	struct quay *quay;
	int ret, i;

	quay = devm_kzalloc(&pdev->dev, sizeof(*quay), GFP_KERNEL);
	if (!quay)
		return -ENOMEM;
	INIT_LIST_HEAD(&quay->berths);
	for (i = 0; i < 4; i++) {
		ret = berth_create(quay, i);
		if (ret)
			goto err_berths;
	}
	platform_set_drvdata(pdev, quay);
	return 0;

err_berths:
	list_for_each_entry_safe(berth, next, &quay->berths, node)
		berth_destroy(berth);
	return ret;
}

static void quay_remove_ok(struct platform_device *pdev)
{
	struct quay *quay = platform_get_drvdata(pdev);
	struct berth *berth, *next;

	list_for_each_entry_safe(berth, next, &quay->berths, node)
		berth_destroy(berth);
}

static struct platform_driver quay_driver = {
	.probe = quay_probe_ok,
	.remove = quay_remove_ok,
	.driver = { .name = "quay" },
};
module_platform_driver(quay_driver);

MODULE_DESCRIPTION("Berths of a quay");
