/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the drivers of a test share, so that a test shows what it is about. */
#ifndef TEST_FOO_H
#define TEST_FOO_H

#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>

struct foo {
	struct pci_dev *pdev;
	void __iomem *regs;
	void *buf;
	bool msi;
	int irq;
};

static inline irqreturn_t foo_isr(int irq, void *data)
{
	return IRQ_HANDLED;
}

static inline int foo_begin(struct pci_dev *pdev)
{
	struct foo *foo = devm_kzalloc(&pdev->dev, sizeof(*foo), GFP_KERNEL);

	if (!foo)
		return -ENOMEM;
	foo->pdev = pdev;
	pci_set_drvdata(pdev, foo);
	return pcim_enable_device(pdev);
}

#define FOO_DRIVER(name_, more...) \
	static const struct pci_device_id name_##_ids[] = { \
		{ PCI_VDEVICE(FELLSIDE, 0x0310) }, \
		{ } \
	}; \
	static struct pci_driver name_##_driver = { \
		.name = #name_, \
		.id_table = name_##_ids, \
		.probe = name_##_probe, \
		.remove = name_##_remove, \
		more \
	}

#endif
