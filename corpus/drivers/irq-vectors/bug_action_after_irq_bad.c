// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A smart card reader that registers the action for its vectors after it has
 * requested the managed IRQ. devres releases the newest first, so the vectors
 * go before the IRQ, at remove() and when the reset fails.
 */
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>

#define GARNET_CMD 0x00
#define GARNET_IRQ 0x04
#define GARNET_CMD_RESET 1
#define GARNET_RESET_DONE BIT(0)

struct garnet {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct completion reset_done;
};

static irqreturn_t garnet_isr(int irq, void *data)
{
	struct garnet *garnet = data;
	u32 cause = readl(garnet->regs + GARNET_IRQ);

	if (!cause)
		return IRQ_NONE;
	writel(cause, garnet->regs + GARNET_IRQ);
	if (cause & GARNET_RESET_DONE)
		complete(&garnet->reset_done);
	return IRQ_HANDLED;
}

static int garnet_reset(struct garnet *garnet)
{
	reinit_completion(&garnet->reset_done);
	writel(GARNET_CMD_RESET, garnet->regs + GARNET_CMD);
	if (!wait_for_completion_timeout(&garnet->reset_done, msecs_to_jiffies(100)))
		return -ETIMEDOUT;
	return 0;
}

static void garnet_free_vectors(void *data)
{
	pci_free_irq_vectors(data);
}

static int garnet_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct garnet *garnet;
	int irq, ret;

	garnet = devm_kzalloc(dev, sizeof(*garnet), GFP_KERNEL);
	if (!garnet)
		return -ENOMEM;
	garnet->pdev = pdev;
	init_completion(&garnet->reset_done);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	garnet->regs = pcim_iomap_region(pdev, 0, "garnet");
	if (IS_ERR(garnet->regs))
		return PTR_ERR(garnet->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	irq = pci_irq_vector(pdev, 0);
	ret = devm_request_irq(dev, irq, garnet_isr, 0, "garnet", garnet);
	if (ret)
		return ret;

	ret = devm_add_action_or_reset(dev, garnet_free_vectors, pdev);
	if (ret)
		return ret;

	ret = garnet_reset(garnet);
	if (ret)
		dev_err(dev, "no answer to reset\n");
	return ret;
}

static const struct pci_device_id garnet_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0430) },
	{ }
};
MODULE_DEVICE_TABLE(pci, garnet_ids);

static struct pci_driver garnet_driver = {
	.name = "garnet",
	.id_table = garnet_ids,
	.probe = garnet_probe_bad,
};
module_pci_driver(garnet_driver);

MODULE_DESCRIPTION("Smart card reader");
