// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A train that looks at the next wagon when the first is gone, and has a reference
 * to its engine from looking it up.
 */
#include <linux/device.h>
#include <linux/list.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct wagon {
	struct list_head link;
	u32 load;
};

struct train {
	struct list_head wagons;
	u32 load;
};

struct platform_device *train_find_engine(struct train *train);

void train_shunt_ok(struct train *train)
{
	struct wagon *wagon;

	wagon = list_first_entry(&train->wagons, struct wagon, link);
	list_del(&wagon->link);
	kfree(wagon);
	if (list_empty(&train->wagons))
		return;
	wagon = list_first_entry(&train->wagons, struct wagon, link);
	train->load = wagon->load;
}

void train_stop_ok(struct train *train)
{
	struct platform_device *engine = train_find_engine(train);

	if (!engine)
		return;
	platform_device_unregister(engine);
	put_device(&engine->dev);
}
