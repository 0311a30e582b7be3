// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The bus part of the serial card: pcim_enable_device() is called only here,
 * in a function that the other file calls.
 */
#include <linux/dma-mapping.h>

#include "dunlin.h"

int dunlin_bus_start(struct dunlin *port, int bar)
{
	struct pci_dev *pdev = port->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret) {
		dev_err(&pdev->dev, "not enabled: %d\n", ret);
		return ret;
	}

	pci_set_master(pdev);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	port->bar = pcim_iomap(pdev, bar, 0);
	return port->bar ? 0 : -ENOMEM;
}
