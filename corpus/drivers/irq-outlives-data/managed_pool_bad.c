// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom that destroys the pool of its weft descriptors in remove. The handler
 * gives descriptors back to that pool, and devres frees its IRQ only afterwards.
 */
#include <linux/dmapool.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define LOOM_DONE 0x08
#define LOOM_WEFT 0x10
#define LOOM_WEFT_SIZE 64

struct loom {
	void __iomem *regs;
	struct dma_pool *pool;
	void *weft;
	dma_addr_t weft_dma;
};

static irqreturn_t loom_isr(int irq, void *data)
{
	struct loom *loom = data;

	if (!readl(loom->regs + LOOM_DONE))
		return IRQ_NONE;
	dma_pool_free(loom->pool, loom->weft, loom->weft_dma);
	loom->weft = dma_pool_alloc(loom->pool, GFP_ATOMIC, &loom->weft_dma);
	if (loom->weft)
		writeq(loom->weft_dma, loom->regs + LOOM_WEFT);
	return IRQ_HANDLED;
}

static int loom_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct loom *loom;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;
	loom->regs = pcim_iomap(pdev, 0, 0);
	if (!loom->regs)
		return -ENOMEM;

	loom->pool = dma_pool_create("loom", &pdev->dev, LOOM_WEFT_SIZE, LOOM_WEFT_SIZE, 0);
	if (!loom->pool)
		return -ENOMEM;

	ret = devm_request_irq(&pdev->dev, pdev->irq, loom_isr, IRQF_SHARED, "loom", loom);
	if (ret) {
		dma_pool_destroy(loom->pool);
		return ret;
	}
	pci_set_drvdata(pdev, loom);
	return 0;
}

static void loom_remove_bad(struct pci_dev *pdev)
{
	struct loom *loom = pci_get_drvdata(pdev);

	dma_pool_destroy(loom->pool);
}

static const struct pci_device_id loom_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0a10) },
	{ }
};
MODULE_DEVICE_TABLE(pci, loom_ids);

static struct pci_driver loom_driver = {
	.name = "loom",
	.id_table = loom_ids,
	.probe = loom_probe_bad,
	.remove = loom_remove_bad,
};
module_pci_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
