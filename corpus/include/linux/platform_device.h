/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_PLATFORM_DEVICE_H
#define CORPUS_LINUX_PLATFORM_DEVICE_H

#include <linux/container_of.h>
#include <linux/device.h>

struct platform_device {
	const char *name;
	int id;
	struct device dev;
	u32 num_resources;
	struct resource *resource;
};

#define to_platform_device(x) container_of((x), struct platform_device, dev)

struct platform_driver {
	int (*probe)(struct platform_device *pdev);
	void (*remove)(struct platform_device *pdev);
	void (*shutdown)(struct platform_device *pdev);
	struct device_driver driver;
	const struct platform_device_id *id_table;
};

static inline void *platform_get_drvdata(const struct platform_device *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void platform_set_drvdata(struct platform_device *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

struct platform_device_info {
	struct device *parent;
	const char *name;
	int id;
	const void *data;
	size_t size_data;
};

struct platform_device *
platform_device_register_full(const struct platform_device_info *pdevinfo);
static inline struct platform_device *
platform_device_register_data(struct device *parent, const char *name, int id,
			      const void *data, size_t size)
{
	struct platform_device_info info = {
		.parent = parent,
		.name = name,
		.id = id,
		.data = data,
		.size_data = size,
	};

	return platform_device_register_full(&info);
}
void platform_device_unregister(struct platform_device *pdev);

int platform_get_irq(struct platform_device *pdev, unsigned int num);
void platform_device_unregister(struct platform_device *pdev);
struct resource *platform_get_resource(struct platform_device *pdev, unsigned int type,
				       unsigned int num);
void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev,
					     unsigned int index);

int __platform_driver_register(struct platform_driver *drv, struct module *owner);
void platform_driver_unregister(struct platform_driver *drv);

#define platform_driver_register(drv) __platform_driver_register(drv, THIS_MODULE)

int __platform_driver_probe(struct platform_driver *drv,
			    int (*probe)(struct platform_device *pdev), struct module *owner);

#define platform_driver_probe(drv, probe) __platform_driver_probe(drv, probe, THIS_MODULE)

/* No module_exit(): such a module cannot be unloaded. */
#define builtin_platform_driver(table) \
	static int __init table##_init(void) \
	{ \
		return platform_driver_register(&(table)); \
	} \
	module_init(table##_init)

#define module_platform_driver(table) \
	module_driver(table, platform_driver_register, platform_driver_unregister)

#define module_platform_driver_probe(table, begin) \
	static int __init table##_init(void) \
	{ \
		return platform_driver_probe(&(table), begin); \
	} \
	module_init(table##_init); \
	static void __exit table##_exit(void) \
	{ \
		platform_driver_unregister(&(table)); \
	} \
	module_exit(table##_exit)

#endif
