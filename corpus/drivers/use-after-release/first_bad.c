// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A train that still looks at its first wagon, and at its engine, when they are gone.
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

void train_shunt_bad(struct train *train)
{
	struct wagon *wagon;

	wagon = list_first_entry(&train->wagons, struct wagon, link);
	list_del(&wagon->link);
	kfree(wagon);
	if (list_empty(&train->wagons))
		return;
	train->load = wagon->load;
}

void train_stop_bad(struct train *train)
{
	struct platform_device *engine = train_find_engine(train);

	if (!engine)
		return;
	platform_device_unregister(engine);
	train->load = engine->num_resources;
}
