/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A serial card whose bus part enables the device for its port part. */
#ifndef DUNLIN_H
#define DUNLIN_H

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/pci.h>

#define DUNLIN_LINE 0x00
#define DUNLIN_CAUSE 0x04
#define DUNLIN_RX BIT(0)

struct dunlin {
	struct pci_dev *pdev;
	void __iomem *bar;
	int irq;
	unsigned int overruns;
};

int dunlin_bus_start(struct dunlin *port, int bar);

#endif
