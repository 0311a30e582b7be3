// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A frequency counter that requests and frees its IRQ by hand, but frees the
 * vectors first: between the two calls the IRQ has no vector any more.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define RAVEN_GATE 0x00
#define RAVEN_COUNT 0x04
#define RAVEN_STATUS 0x08
#define RAVEN_CLOSED BIT(0)

struct raven_window {
	u32 counts[32];
	unsigned int next;
};

struct raven {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct raven_window *window;
	int irq;
};

static irqreturn_t raven_gate_closed(int irq, void *data)
{
	struct raven *raven = data;
	struct raven_window *window = raven->window;

	if (!(readl(raven->regs + RAVEN_STATUS) & RAVEN_CLOSED))
		return IRQ_NONE;

	window->counts[window->next++ % 32] = readl(raven->regs + RAVEN_COUNT);
	writel(RAVEN_CLOSED, raven->regs + RAVEN_STATUS);
	return IRQ_HANDLED;
}

static void raven_gate(struct raven *raven, bool open)
{
	writel(open, raven->regs + RAVEN_GATE);
}

static int raven_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct raven *raven;
	int ret;

	raven = devm_kzalloc(&pdev->dev, sizeof(*raven), GFP_KERNEL);
	if (!raven)
		return -ENOMEM;
	raven->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	raven->regs = pcim_iomap(pdev, 0, 0);
	if (!raven->regs)
		return -ENOMEM;

	raven->window = kzalloc(sizeof(*raven->window), GFP_KERNEL);
	if (!raven->window)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		goto err_window;

	raven->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(raven->irq, raven_gate_closed, 0, "raven", raven);
	if (ret)
		goto err_window;

	pci_set_drvdata(pdev, raven);
	raven_gate(raven, true);
	return 0;

err_window:
	kfree(raven->window);
	return ret;
}

static void raven_remove_bad(struct pci_dev *pdev)
{
	struct raven *raven = pci_get_drvdata(pdev);

	raven_gate(raven, false);
	pci_free_irq_vectors(pdev);
	free_irq(raven->irq, raven);
	kfree(raven->window);
}

static const struct pci_device_id raven_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0420) },
	{ }
};
MODULE_DEVICE_TABLE(pci, raven_ids);

static struct pci_driver raven_driver = {
	.name = "raven",
	.id_table = raven_ids,
	.probe = raven_probe_bad,
	.remove = raven_remove_bad,
};
module_pci_driver(raven_driver);

MODULE_DESCRIPTION("Frequency counter");
