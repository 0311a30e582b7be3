// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An analog sampler. pcim_enable_device() manages the vectors in a hybrid
 * tree, and remove() frees them as well, once the IRQ has been given back:
 * their lifetime ends twice, which works because the second free is empty.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define KELP_CTRL 0x00
#define KELP_STATUS 0x04
#define KELP_SAMPLE 0x08
#define KELP_RUN BIT(0)
#define KELP_READY BIT(4)

struct kelp_adc {
	struct pci_dev *pdev;
	void __iomem *regs;
	spinlock_t lock;
	unsigned int irq;
	u32 last;
	u64 count;
};

static irqreturn_t kelp_isr(int irq, void *data)
{
	struct kelp_adc *adc = data;

	if (!(readl(adc->regs + KELP_STATUS) & KELP_READY))
		return IRQ_NONE;

	spin_lock(&adc->lock);
	adc->last = readl(adc->regs + KELP_SAMPLE);
	adc->count++;
	spin_unlock(&adc->lock);
	writel(KELP_READY, adc->regs + KELP_STATUS);
	return IRQ_HANDLED;
}

static int kelp_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct kelp_adc *adc;
	int ret;

	adc = devm_kzalloc(&pdev->dev, sizeof(*adc), GFP_KERNEL);
	if (!adc)
		return -ENOMEM;

	adc->pdev = pdev;
	spin_lock_init(&adc->lock);
	pci_set_drvdata(pdev, adc);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	adc->regs = pcim_iomap_region(pdev, 0, KBUILD_MODNAME);
	if (IS_ERR(adc->regs))
		return PTR_ERR(adc->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
	if (ret < 0)
		return dev_err_probe(&pdev->dev, ret, "no IRQ vector\n");

	adc->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(adc->irq, kelp_isr, IRQF_SHARED, KBUILD_MODNAME, adc);
	if (ret)
		return ret;

	writel(KELP_RUN, adc->regs + KELP_CTRL);
	return 0;
}

static void kelp_remove_bad(struct pci_dev *pdev)
{
	struct kelp_adc *adc = pci_get_drvdata(pdev);

	writel(0, adc->regs + KELP_CTRL);
	free_irq(adc->irq, adc);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id kelp_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0101) },
	{ }
};
MODULE_DEVICE_TABLE(pci, kelp_ids);

static struct pci_driver kelp_driver = {
	.name = "kelp-adc",
	.id_table = kelp_ids,
	.probe = kelp_probe_bad,
	.remove = kelp_remove_bad,
};
module_pci_driver(kelp_driver);

MODULE_DESCRIPTION("Analog sampler");
