// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A radio receiver. When its tuner does not answer, probe() frees the vectors
 * while the managed IRQ that was requested just before is still there.
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define DIPPER_TUNE 0x00
#define DIPPER_LEVEL 0x04
#define DIPPER_EVENT 0x08
#define DIPPER_TUNED BIT(0)

struct dipper {
	struct pci_dev *pdev;
	void __iomem *regs;
	bool tuned;
	int level;
};

static irqreturn_t dipper_isr(int irq, void *data)
{
	struct dipper *dipper = data;

	if (!(readl(dipper->regs + DIPPER_EVENT) & DIPPER_TUNED))
		return IRQ_NONE;

	dipper->level = readl(dipper->regs + DIPPER_LEVEL);
	WRITE_ONCE(dipper->tuned, true);
	writel(DIPPER_TUNED, dipper->regs + DIPPER_EVENT);
	return IRQ_HANDLED;
}

static int dipper_tune(struct dipper *dipper, u32 khz)
{
	int tries;

	writel(khz, dipper->regs + DIPPER_TUNE);
	for (tries = 0; tries < 10; tries++) {
		if (READ_ONCE(dipper->tuned))
			return 0;
		usleep_range(1000, 2000);
	}
	return -ETIMEDOUT;
}

static int dipper_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dipper *dipper;
	int ret;

	dipper = devm_kzalloc(&pdev->dev, sizeof(*dipper), GFP_KERNEL);
	if (!dipper)
		return -ENOMEM;
	dipper->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	dipper->regs = pcim_iomap_region(pdev, 0, "dipper");
	if (IS_ERR(dipper->regs))
		return PTR_ERR(dipper->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	ret = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 0), dipper_isr, 0,
			       "dipper", dipper);
	if (ret)
		goto err_vectors;

	ret = dipper_tune(dipper, 96000);
	if (ret) {
		dev_err(&pdev->dev, "tuner does not answer\n");
		goto err_vectors;
	}

	dev_info(&pdev->dev, "level %d\n", dipper->level);
	return 0;

err_vectors:
	pci_free_irq_vectors(pdev);
	return ret;
}

static const struct pci_device_id dipper_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0410) },
	{ }
};
MODULE_DEVICE_TABLE(pci, dipper_ids);

static struct pci_driver dipper_driver = {
	.name = "dipper",
	.id_table = dipper_ids,
	.probe = dipper_probe_bad,
};
module_pci_driver(dipper_driver);

MODULE_DESCRIPTION("Radio receiver");
