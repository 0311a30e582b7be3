// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The accelerometer card with managed vectors instead of the action.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#define LINNET_FIFO_LEVEL 0x00
#define LINNET_FIFO 0x04
#define LINNET_CAUSE 0x08
#define LINNET_WATERMARK BIT(0)

struct linnet {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct mutex lock;
	s32 last[3];
};

static irqreturn_t linnet_hard(int irq, void *data)
{
	struct linnet *linnet = data;

	if (!(readl(linnet->regs + LINNET_CAUSE) & LINNET_WATERMARK))
		return IRQ_NONE;
	writel(LINNET_WATERMARK, linnet->regs + LINNET_CAUSE);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t linnet_thread(int irq, void *data)
{
	struct linnet *linnet = data;
	unsigned int level;
	int axis = 0;

	mutex_lock(&linnet->lock);
	for (level = readl(linnet->regs + LINNET_FIFO_LEVEL); level; level--) {
		linnet->last[axis] = (s32)readl(linnet->regs + LINNET_FIFO);
		axis = (axis + 1) % 3;
	}
	mutex_unlock(&linnet->lock);
	return IRQ_HANDLED;
}

static int linnet_get_irq(struct linnet *linnet)
{
	struct pci_dev *pdev = linnet->pdev;
	int ret;

	ret = pcim_alloc_irq_vectors(pdev, 1, 4, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	return devm_request_threaded_irq(&pdev->dev, pci_irq_vector(pdev, 0), linnet_hard,
					 linnet_thread, IRQF_ONESHOT, "linnet", linnet);
}

static int linnet_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct linnet *linnet;
	int ret;

	linnet = devm_kzalloc(&pdev->dev, sizeof(*linnet), GFP_KERNEL);
	if (!linnet)
		return -ENOMEM;
	linnet->pdev = pdev;
	mutex_init(&linnet->lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	linnet->regs = pcim_iomap_region(pdev, 0, "linnet");
	if (IS_ERR(linnet->regs))
		return PTR_ERR(linnet->regs);

	return linnet_get_irq(linnet);
}

static const struct pci_device_id linnet_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0510) },
	{ }
};
MODULE_DEVICE_TABLE(pci, linnet_ids);

static struct pci_driver linnet_driver = {
	.name = "linnet",
	.id_table = linnet_ids,
	.probe = linnet_probe_ok,
};
module_pci_driver(linnet_driver);

MODULE_DESCRIPTION("Accelerometer card");
