// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A patch panel controller. A function of its own gives the managed IRQs back
 * in a loop before remove() frees the vectors: the order is right, only the
 * vectors' lifetime ends twice.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define FINCH_PORTS 8
#define FINCH_ENABLE 0x00
#define FINCH_PORT_EVENT(n) (0x40 + (n) * 4)

struct finch_port {
	void __iomem *event;
	unsigned int changes;
};

struct finch {
	struct pci_dev *pdev;
	void __iomem *regs;
	int nr_irqs;
	struct finch_port ports[FINCH_PORTS];
};

static irqreturn_t finch_isr(int irq, void *data)
{
	struct finch_port *port = data;
	u32 event = readl(port->event);

	if (!event)
		return IRQ_NONE;
	writel(event, port->event);
	port->changes++;
	return IRQ_HANDLED;
}

static void finch_free_irqs(struct finch *finch)
{
	struct device *dev = &finch->pdev->dev;
	int i;

	for (i = 0; i < finch->nr_irqs; i++)
		devm_free_irq(dev, pci_irq_vector(finch->pdev, i), &finch->ports[i]);
	finch->nr_irqs = 0;
}

static int finch_request_irqs(struct finch *finch, int nr)
{
	struct device *dev = &finch->pdev->dev;
	int i, ret;

	for (i = 0; i < nr; i++) {
		finch->ports[i].event = finch->regs + FINCH_PORT_EVENT(i);
		ret = devm_request_irq(dev, pci_irq_vector(finch->pdev, i), finch_isr, 0,
				       "finch", &finch->ports[i]);
		if (ret)
			return ret;
		finch->nr_irqs++;
	}
	return 0;
}

static int finch_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct finch *finch;
	int ret;

	finch = devm_kzalloc(&pdev->dev, sizeof(*finch), GFP_KERNEL);
	if (!finch)
		return -ENOMEM;
	finch->pdev = pdev;
	pci_set_drvdata(pdev, finch);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	finch->regs = pcim_iomap_region(pdev, 0, "finch");
	if (IS_ERR(finch->regs))
		return PTR_ERR(finch->regs);

	ret = pci_alloc_irq_vectors(pdev, FINCH_PORTS, FINCH_PORTS, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	ret = finch_request_irqs(finch, FINCH_PORTS);
	if (ret)
		return ret;

	writel(GENMASK(FINCH_PORTS - 1, 0), finch->regs + FINCH_ENABLE);
	return 0;
}

static void finch_remove_bad(struct pci_dev *pdev)
{
	struct finch *finch = pci_get_drvdata(pdev);

	writel(0, finch->regs + FINCH_ENABLE);
	finch_free_irqs(finch);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id finch_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0501) },
	{ }
};
MODULE_DEVICE_TABLE(pci, finch_ids);

static struct pci_driver finch_driver = {
	.name = "finch",
	.id_table = finch_ids,
	.probe = finch_probe_bad,
	.remove = finch_remove_bad,
};
module_pci_driver(finch_driver);

MODULE_DESCRIPTION("Patch panel controller");
