/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A packet tap in three files: the device, its IRQ vectors, the end of its life. */
#ifndef SISKIN_H
#define SISKIN_H

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define SISKIN_CTRL 0x00
#define SISKIN_CAUSE 0x04
#define SISKIN_BYTES 0x08
#define SISKIN_QUEUES 4

struct siskin_queue {
	struct siskin *tap;
	int index;
	u64 bytes;
};

struct siskin {
	struct pci_dev *pdev;
	void __iomem *regs;
	spinlock_t lock;
	int nr_vectors;
	struct siskin_queue queue[SISKIN_QUEUES];
};

int siskin_irq_setup(struct siskin *tap);
void siskin_irq_release(struct siskin *tap, int nr);
void siskin_end(struct siskin *tap);

#endif
