/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_DMAENGINE_H
#define CORPUS_LINUX_DMAENGINE_H

#include <linux/device.h>
#include <linux/list.h>

struct dma_chan;

struct dma_device {
	struct device *dev;
	struct list_head channels;
	int (*device_alloc_chan_resources)(struct dma_chan *chan);
	void (*device_free_chan_resources)(struct dma_chan *chan);
	void (*device_synchronize)(struct dma_chan *chan);
};

struct dma_chan {
	struct dma_device *device;
	struct list_head device_node;
};

int dma_async_device_register(struct dma_device *device);
void dma_async_device_unregister(struct dma_device *device);

#endif
