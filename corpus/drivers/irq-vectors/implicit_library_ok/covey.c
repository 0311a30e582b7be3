// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A library that sets up IRQs for the drivers of a family of cards. It has no
 * driver of its own and cannot know whether its callers' devices are managed:
 * there is nothing to say about it.
 */
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "covey.h"

#define COVEY_MAX 8

struct covey_irq {
	struct covey *covey;
	void (*notify)(void *owner, int index);
	void *owner;
	u32 fired;
};

struct covey {
	struct pci_dev *pdev;
	void __iomem *status;
	int nr;
	struct covey_irq irqs[COVEY_MAX];
};

static irqreturn_t covey_isr(int irq, void *data)
{
	struct covey_irq *one = data;
	struct covey *covey = one->covey;
	int index = one - covey->irqs;

	if (!(readl(covey->status) & BIT(index)))
		return IRQ_NONE;
	writel(BIT(index), covey->status);
	one->fired++;
	one->notify(one->owner, index);
	return IRQ_HANDLED;
}

struct covey *covey_create(struct pci_dev *pdev, void __iomem *status, int most)
{
	struct covey *covey;
	int i, nr;

	covey = kzalloc(sizeof(*covey), GFP_KERNEL);
	if (!covey)
		return ERR_PTR(-ENOMEM);

	nr = pci_alloc_irq_vectors(pdev, 1, most, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (nr < 0) {
		kfree(covey);
		return ERR_PTR(nr);
	}

	covey->pdev = pdev;
	covey->status = status;
	covey->nr = nr < COVEY_MAX ? nr : COVEY_MAX;
	for (i = 0; i < covey->nr; i++)
		covey->irqs[i].covey = covey;
	return covey;
}
EXPORT_SYMBOL_GPL(covey_create);

int covey_connect(struct covey *covey, int index, void (*notify)(void *owner, int index),
		  void *owner)
{
	struct covey_irq *one;

	if (index >= covey->nr)
		return -EINVAL;

	one = &covey->irqs[index];
	one->notify = notify;
	one->owner = owner;
	return request_irq(pci_irq_vector(covey->pdev, index), covey_isr, 0, "covey", one);
}
EXPORT_SYMBOL_GPL(covey_connect);

void covey_disconnect(struct covey *covey, int index)
{
	free_irq(pci_irq_vector(covey->pdev, index), &covey->irqs[index]);
}
EXPORT_SYMBOL_GPL(covey_disconnect);

void covey_destroy(struct covey *covey)
{
	kfree(covey);
}
EXPORT_SYMBOL_GPL(covey_destroy);

MODULE_DESCRIPTION("IRQs of a family of cards");
