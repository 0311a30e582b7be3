// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A peal of bells with an IRQ and a record for each, which is the cookie of its handler.
 * When one of them cannot be requested, the others are freed with another cookie: with
 * none of these.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define PEAL_BELLS 4

struct peal_bell {
	unsigned int strikes;
};

struct peal {
	struct miscdevice misc;
	struct pci_dev *pdev;
	struct peal_bell bells[PEAL_BELLS];
};

static const struct file_operations peal_fops = {
	.owner = THIS_MODULE,
};

static irqreturn_t peal_isr(int irq, void *data)
{
	struct peal_bell *bell = data;

	bell->strikes++;
	return IRQ_HANDLED;
}

static int peal_request_irqs(struct peal *peal)
{
	struct pci_dev *pdev = peal->pdev;
	int i, ret;

	ret = pci_alloc_irq_vectors(pdev, PEAL_BELLS, PEAL_BELLS, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	for (i = 0; i < PEAL_BELLS; i++) {
		ret = request_irq(pci_irq_vector(pdev, i), peal_isr, 0, "peal", &peal->bells[i]);
		if (ret)
			goto err_irqs;
	}
	return 0;

err_irqs:
	while (i--)
		free_irq(pci_irq_vector(pdev, i), peal);
	pci_free_irq_vectors(pdev);
	return ret;
}

static void peal_free_irqs(struct peal *peal)
{
	int i;

	for (i = 0; i < PEAL_BELLS; i++)
		free_irq(pci_irq_vector(peal->pdev, i), &peal->bells[i]);
	pci_free_irq_vectors(peal->pdev);
}

static int peal_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct peal *peal;
	int ret;

	peal = kzalloc(sizeof(*peal), GFP_KERNEL);
	if (!peal)
		return -ENOMEM;
	peal->pdev = pdev;

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;

	ret = peal_request_irqs(peal);
	if (ret)
		goto err_disable;

	peal->misc.minor = MISC_DYNAMIC_MINOR;
	peal->misc.name = "peal";
	peal->misc.fops = &peal_fops;
	ret = misc_register(&peal->misc);
	if (ret)
		goto err_irqs;

	pci_set_drvdata(pdev, peal);
	return 0;

err_irqs:
	peal_free_irqs(peal);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(peal);
	return ret;
}

static void peal_remove_bad(struct pci_dev *pdev)
{
	struct peal *peal = pci_get_drvdata(pdev);

	misc_deregister(&peal->misc);
	peal_free_irqs(peal);
	pci_disable_device(pdev);
	kfree(peal);
}

static const struct pci_device_id peal_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0bd1) },
	{ }
};
MODULE_DEVICE_TABLE(pci, peal_ids);

static struct pci_driver peal_driver = {
	.name = "peal",
	.id_table = peal_ids,
	.probe = peal_probe_bad,
	.remove = peal_remove_bad,
};
module_pci_driver(peal_driver);

MODULE_DESCRIPTION("Peal");
