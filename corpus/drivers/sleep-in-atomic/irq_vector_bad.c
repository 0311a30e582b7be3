// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A sluice whose IRQ handler asks which vector it is: pci_irq_vector() takes the mutex of
 * the device's MSI descriptors.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>

#define SLUICE_GATES 2
#define SLUICE_LEVEL 0x20

struct sluice {
	struct pci_dev *pdev;
	void __iomem *regs;
	int lines[SLUICE_GATES];
	unsigned int levels[SLUICE_GATES];
};

static irqreturn_t sluice_isr(int irq, void *data)
{
	struct sluice *sluice = data;
	int gate;

	for (gate = 0; gate < SLUICE_GATES; gate++)
		if (irq == pci_irq_vector(sluice->pdev, gate))
			sluice->levels[gate] = readl(sluice->regs + SLUICE_LEVEL);
	return IRQ_HANDLED;
}

static int sluice_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct sluice *sluice;
	int gate, ret;

	ret = pci_enable_device(pdev);
	if (ret)
		return ret;
	sluice = devm_kzalloc(&pdev->dev, sizeof(*sluice), GFP_KERNEL);
	if (!sluice)
		goto err_disable;
	sluice->pdev = pdev;
	sluice->regs = pci_iomap(pdev, 0, 0);
	if (!sluice->regs)
		goto err_disable;
	pci_set_drvdata(pdev, sluice);
	if (pci_alloc_irq_vectors(pdev, SLUICE_GATES, SLUICE_GATES, PCI_IRQ_MSIX) < 0)
		goto err_unmap;
	for (gate = 0; gate < SLUICE_GATES; gate++) {
		sluice->lines[gate] = pci_irq_vector(pdev, gate);
		ret = request_irq(sluice->lines[gate], sluice_isr, 0, "sluice", sluice);
		if (ret)
			goto err_irqs;
	}
	return 0;

err_irqs:
	while (--gate >= 0)
		free_irq(sluice->lines[gate], sluice);
	pci_free_irq_vectors(pdev);
err_unmap:
	pci_iounmap(pdev, sluice->regs);
err_disable:
	pci_disable_device(pdev);
	return -ENODEV;
}

static void sluice_remove_bad(struct pci_dev *pdev)
{
	struct sluice *sluice = pci_get_drvdata(pdev);
	int gate;

	for (gate = 0; gate < SLUICE_GATES; gate++)
		free_irq(sluice->lines[gate], sluice);
	pci_free_irq_vectors(pdev);
	pci_iounmap(pdev, sluice->regs);
	pci_disable_device(pdev);
}

static const struct pci_device_id sluice_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c03) },
	{ }
};
MODULE_DEVICE_TABLE(pci, sluice_ids);

static struct pci_driver sluice_driver = {
	.name = "sluice",
	.id_table = sluice_ids,
	.probe = sluice_probe_bad,
	.remove = sluice_remove_bad,
};
module_pci_driver(sluice_driver);

MODULE_DESCRIPTION("Sluice");
MODULE_LICENSE("GPL");
