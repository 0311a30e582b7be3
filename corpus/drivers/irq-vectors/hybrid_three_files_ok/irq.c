// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The IRQs of the packet tap, one vector per queue. Nothing in this file says
 * whether its device is managed.
 */
#include "siskin.h"

static irqreturn_t siskin_isr(int irq, void *data)
{
	struct siskin_queue *queue = data;
	struct siskin *tap = queue->tap;
	u32 cause = readl(tap->regs + SISKIN_CAUSE);

	if (!(cause & BIT(queue->index)))
		return IRQ_NONE;

	writel(BIT(queue->index), tap->regs + SISKIN_CAUSE);
	spin_lock(&tap->lock);
	queue->bytes += readl(tap->regs + SISKIN_BYTES);
	spin_unlock(&tap->lock);
	return IRQ_HANDLED;
}

void siskin_irq_release(struct siskin *tap, int nr)
{
	while (nr--)
		free_irq(pci_irq_vector(tap->pdev, nr), &tap->queue[nr]);
}

int siskin_irq_setup(struct siskin *tap)
{
	int i, ret;

	ret = pcim_alloc_irq_vectors(tap->pdev, 1, SISKIN_QUEUES,
				     PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;
	tap->nr_vectors = ret;

	for (i = 0; i < tap->nr_vectors; i++) {
		ret = request_irq(pci_irq_vector(tap->pdev, i), siskin_isr, 0,
				  KBUILD_MODNAME, &tap->queue[i]);
		if (ret) {
			siskin_irq_release(tap, i);
			return ret;
		}
	}
	return 0;
}
