/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A key store whose IRQ code lives apart from the code that manages the device. */
#ifndef GANNET_H
#define GANNET_H

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#define GANNET_CMD 0x00
#define GANNET_ARG 0x04
#define GANNET_RESULT 0x08
#define GANNET_IRQ 0x0c
#define GANNET_DONE BIT(0)
#define GANNET_WIPED BIT(1)

#define GANNET_CMD_SELF_TEST 1

struct gannet {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct mutex cmd_lock;
	struct completion done;
	bool wiped;
};

int gannet_irq_init(struct gannet *gannet, unsigned int vectors);

#endif
