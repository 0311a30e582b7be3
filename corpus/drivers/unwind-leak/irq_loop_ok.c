// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A carillon with an IRQ for each bell, which frees those that it has when one
 * of them cannot be requested.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define CARILLON_BELLS 4

struct carillon {
	struct miscdevice misc;
	struct pci_dev *pdev;
};

static const struct file_operations carillon_fops = {
	.owner = THIS_MODULE,
};

static u32 carillon_strikes;

static irqreturn_t carillon_isr(int irq, void *data)
{
	carillon_strikes++;
	return IRQ_HANDLED;
}

static int carillon_request_irqs(struct carillon *carillon)
{
	struct pci_dev *pdev = carillon->pdev;
	int i, ret;

	ret = pci_alloc_irq_vectors(pdev, CARILLON_BELLS, CARILLON_BELLS, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	for (i = 0; i < CARILLON_BELLS; i++) {
		ret = request_irq(pci_irq_vector(pdev, i), carillon_isr, 0, "carillon", carillon);
		if (ret)
			goto err_irqs;
	}
	return 0;

err_irqs:
	while (i--)
		free_irq(pci_irq_vector(pdev, i), carillon);
	pci_free_irq_vectors(pdev);
	return ret;
}

static void carillon_free_irqs(struct carillon *carillon)
{
	int i;

	for (i = 0; i < CARILLON_BELLS; i++)
		free_irq(pci_irq_vector(carillon->pdev, i), carillon);
	pci_free_irq_vectors(carillon->pdev);
}

static int carillon_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct carillon *carillon;
	int ret;

	carillon = kzalloc(sizeof(*carillon), GFP_KERNEL);
	if (!carillon)
		return -ENOMEM;
	carillon->pdev = pdev;

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;

	ret = carillon_request_irqs(carillon);
	if (ret)
		goto err_disable;

	carillon->misc.minor = MISC_DYNAMIC_MINOR;
	carillon->misc.name = "carillon";
	carillon->misc.fops = &carillon_fops;
	ret = misc_register(&carillon->misc);
	if (ret)
		goto err_irqs;

	pci_set_drvdata(pdev, carillon);
	return 0;

err_irqs:
	carillon_free_irqs(carillon);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(carillon);
	return ret;
}

static void carillon_remove_ok(struct pci_dev *pdev)
{
	struct carillon *carillon = pci_get_drvdata(pdev);

	misc_deregister(&carillon->misc);
	carillon_free_irqs(carillon);
	pci_disable_device(pdev);
	kfree(carillon);
}

static const struct pci_device_id carillon_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0bd1) },
	{ }
};
MODULE_DEVICE_TABLE(pci, carillon_ids);

static struct pci_driver carillon_driver = {
	.name = "carillon",
	.id_table = carillon_ids,
	.probe = carillon_probe_ok,
	.remove = carillon_remove_ok,
};
module_pci_driver(carillon_driver);

MODULE_DESCRIPTION("Carillon");
