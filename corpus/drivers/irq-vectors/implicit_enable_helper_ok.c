// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The ultrasound card with managed vectors.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define GODWIT_POWER 0x00
#define GODWIT_ECHO 0x04
#define GODWIT_IRQ 0x08
#define GODWIT_ECHO_IN BIT(0)

struct godwit {
	struct pci_dev *pdev;
	void __iomem *regs;
	u32 echo;
	u32 echoes;
};

static irqreturn_t godwit_isr(int irq, void *data)
{
	struct godwit *godwit = data;

	if (!(readl(godwit->regs + GODWIT_IRQ) & GODWIT_ECHO_IN))
		return IRQ_NONE;
	godwit->echo = readl(godwit->regs + GODWIT_ECHO);
	godwit->echoes++;
	writel(GODWIT_ECHO_IN, godwit->regs + GODWIT_IRQ);
	return IRQ_HANDLED;
}

static int godwit_enable(struct pci_dev *pdev)
{
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	pci_set_master(pdev);
	return dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
}

static int godwit_power_up(struct godwit *godwit)
{
	int ret;

	ret = godwit_enable(godwit->pdev);
	if (ret)
		return ret;

	godwit->regs = pcim_iomap(godwit->pdev, 0, 0);
	if (!godwit->regs)
		return -ENOMEM;

	writel(1, godwit->regs + GODWIT_POWER);
	msleep(20);
	return readl(godwit->regs + GODWIT_POWER) & 1 ? 0 : -EIO;
}

static int godwit_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct godwit *godwit;
	int irq, ret;

	godwit = devm_kzalloc(&pdev->dev, sizeof(*godwit), GFP_KERNEL);
	if (!godwit)
		return -ENOMEM;
	godwit->pdev = pdev;

	ret = godwit_power_up(godwit);
	if (ret)
		return ret;

	ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	irq = pci_irq_vector(pdev, 0);
	return devm_request_irq(&pdev->dev, irq, godwit_isr, 0, "godwit", godwit);
}

static const struct pci_device_id godwit_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0620) },
	{ }
};
MODULE_DEVICE_TABLE(pci, godwit_ids);

static struct pci_driver godwit_driver = {
	.name = "godwit",
	.id_table = godwit_ids,
	.probe = godwit_probe_ok,
};
module_pci_driver(godwit_driver);

MODULE_DESCRIPTION("Ultrasound card");
