/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* IRQs for the drivers of a family of cards. */
#ifndef COVEY_H
#define COVEY_H

#include <linux/interrupt.h>
#include <linux/pci.h>

struct covey;

struct covey *covey_create(struct pci_dev *pdev, void __iomem *status, int most);
int covey_connect(struct covey *covey, int index, void (*notify)(void *owner, int index),
		  void *owner);
void covey_disconnect(struct covey *covey, int index);
void covey_destroy(struct covey *covey);

#endif
