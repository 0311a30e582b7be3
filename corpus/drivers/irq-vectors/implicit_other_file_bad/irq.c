// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The IRQs of the key store. The vectors are allocated here without any word
 * of who releases them; only core.c tells that the device is managed.
 */
#include "gannet.h"

static irqreturn_t gannet_done(int irq, void *data)
{
	struct gannet *gannet = data;

	if (!(readl(gannet->regs + GANNET_IRQ) & GANNET_DONE))
		return IRQ_NONE;
	writel(GANNET_DONE, gannet->regs + GANNET_IRQ);
	complete(&gannet->done);
	return IRQ_HANDLED;
}

static irqreturn_t gannet_wiped(int irq, void *data)
{
	struct gannet *gannet = data;

	if (!(readl(gannet->regs + GANNET_IRQ) & GANNET_WIPED))
		return IRQ_NONE;
	writel(GANNET_WIPED, gannet->regs + GANNET_IRQ);
	gannet->wiped = true;
	return IRQ_HANDLED;
}

int gannet_irq_init(struct gannet *gannet, unsigned int vectors)
{
	struct pci_dev *pdev = gannet->pdev;
	int ret;

	ret = pci_alloc_irq_vectors(pdev, vectors, vectors, PCI_IRQ_MSIX);
	if (ret < 0) {
		pci_err(pdev, "%u vectors wanted: %d\n", vectors, ret);
		return ret;
	}

	ret = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 0), gannet_done, 0,
			       "gannet-done", gannet);
	if (ret)
		return ret;

	return devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 1), gannet_wiped, 0,
				"gannet-wiped", gannet);
}
