// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The port part of the serial card: allocates the vectors of a device that
 * another file has made managed, with the managed call.
 */
#include <linux/module.h>

#include "dunlin.h"

static irqreturn_t dunlin_isr(int irq, void *data)
{
	struct dunlin *port = data;
	u32 cause = readl(port->bar + DUNLIN_CAUSE);

	if (!(cause & DUNLIN_RX))
		return IRQ_NONE;
	if (cause & ~DUNLIN_RX)
		port->overruns++;
	writel(cause, port->bar + DUNLIN_CAUSE);
	return IRQ_HANDLED;
}

static int dunlin_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dunlin *port;
	int ret;

	port = devm_kzalloc(&pdev->dev, sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	port->pdev = pdev;
	pci_set_drvdata(pdev, port);

	ret = dunlin_bus_start(port, 0);
	if (ret)
		return ret;

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret < 0)
		return ret;

	port->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(port->irq, dunlin_isr, IRQF_SHARED, KBUILD_MODNAME, port);
	if (ret)
		return ret;

	writel(1, port->bar + DUNLIN_LINE);
	return 0;
}

static void dunlin_remove_ok(struct pci_dev *pdev)
{
	struct dunlin *port = pci_get_drvdata(pdev);

	writel(0, port->bar + DUNLIN_LINE);
	free_irq(port->irq, port);
}

static const struct pci_device_id dunlin_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0301) },
	{ }
};
MODULE_DEVICE_TABLE(pci, dunlin_ids);

static struct pci_driver dunlin_driver = {
	.name = "dunlin",
	.id_table = dunlin_ids,
	.probe = dunlin_probe_ok,
	.remove = dunlin_remove_ok,
};
module_pci_driver(dunlin_driver);

MODULE_DESCRIPTION("Serial card");
