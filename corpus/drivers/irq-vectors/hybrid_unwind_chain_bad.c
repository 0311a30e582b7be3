// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A line multiplexer. The free stands among other statements of an error
 * label, and that label is one of a chain: the label has to stay.
 */
#include <linux/bits.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define BRACKEN_RESET 0x00
#define BRACKEN_MASK 0x04
#define BRACKEN_PENDING 0x08
#define BRACKEN_RING 0x20
#define BRACKEN_RING_BYTES 4096

struct bracken_mux {
	struct pci_dev *pdev;
	void __iomem *regs;
	u32 *ring;
	dma_addr_t ring_dma;
	int irq;
	u32 seen;
};

static irqreturn_t bracken_isr(int irq, void *data)
{
	struct bracken_mux *mux = data;
	u32 pending = readl(mux->regs + BRACKEN_PENDING);

	if (!pending)
		return IRQ_NONE;
	writel(pending, mux->regs + BRACKEN_PENDING);
	mux->seen |= pending;
	return IRQ_HANDLED;
}

static int bracken_self_test(struct bracken_mux *mux)
{
	writel(mux->ring_dma & 0xffffffff, mux->regs + BRACKEN_RING);
	return mux->ring[0] == 0 ? 0 : -EIO;
}

static int bracken_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct bracken_mux *mux;
	int ret;

	mux = devm_kzalloc(&pdev->dev, sizeof(*mux), GFP_KERNEL);
	if (!mux)
		return -ENOMEM;
	mux->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);

	mux->regs = pcim_iomap_region(pdev, 0, "bracken");
	if (IS_ERR(mux->regs))
		return PTR_ERR(mux->regs);

	mux->ring = dma_alloc_coherent(&pdev->dev, BRACKEN_RING_BYTES, &mux->ring_dma,
				       GFP_KERNEL);
	if (!mux->ring)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (ret < 0)
		goto err_ring;

	ret = bracken_self_test(mux);
	if (ret)
		goto err_reset;

	mux->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(mux->irq, bracken_isr, IRQF_SHARED, "bracken", mux);
	if (ret)
		goto err_reset;

	pci_set_drvdata(pdev, mux);
	writel(0, mux->regs + BRACKEN_MASK);
	return 0;

err_reset:
	writel(1, mux->regs + BRACKEN_RESET);
	pci_free_irq_vectors(pdev);
	dev_err(&pdev->dev, "not started: %d\n", ret);
err_ring:
	dma_free_coherent(&pdev->dev, BRACKEN_RING_BYTES, mux->ring, mux->ring_dma);
	return ret;
}

static void bracken_remove_bad(struct pci_dev *pdev)
{
	struct bracken_mux *mux = pci_get_drvdata(pdev);

	writel(~0U, mux->regs + BRACKEN_MASK);
	free_irq(mux->irq, mux);
	writel(1, mux->regs + BRACKEN_RESET);
	pci_free_irq_vectors(pdev);
	dma_free_coherent(&pdev->dev, BRACKEN_RING_BYTES, mux->ring, mux->ring_dma);
}

static const struct pci_device_id bracken_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0130) },
	{ }
};
MODULE_DEVICE_TABLE(pci, bracken_ids);

static struct pci_driver bracken_driver = {
	.name = "bracken",
	.id_table = bracken_ids,
	.probe = bracken_probe_bad,
	.remove = bracken_remove_bad,
};
module_pci_driver(bracken_driver);

MODULE_DESCRIPTION("Line multiplexer");
