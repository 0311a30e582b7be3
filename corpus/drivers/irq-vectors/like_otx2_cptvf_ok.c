// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/crypto/marvell/octeontx2's VF driver, on managed
 * vectors.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#define LEDGER_MAIL_VECTOR 1
#define LEDGER_MAIL 0x00
#define LEDGER_MAIL_ON 0x08

struct ledger {
	struct pci_dev *pdev;
	void __iomem *base;
	struct work_struct mail_work;
	u64 letters;
};

static void ledger_read_mail(struct work_struct *work)
{
	struct ledger *ledger = container_of(work, struct ledger, mail_work);

	ledger->letters++;
	writeq(1, ledger->base + LEDGER_MAIL_ON);
}

static irqreturn_t ledger_mail_isr(int irq, void *arg)
{
	struct ledger *ledger = arg;

	if (!(readq(ledger->base + LEDGER_MAIL) & 1))
		return IRQ_NONE;
	writeq(1, ledger->base + LEDGER_MAIL);
	schedule_work(&ledger->mail_work);
	return IRQ_HANDLED;
}

static int ledger_register_irq(struct ledger *ledger)
{
	struct pci_dev *pdev = ledger->pdev;
	int irq, nr, ret;

	nr = pci_msix_vec_count(pdev);
	if (nr <= 0)
		return -EINVAL;

	ret = pcim_alloc_irq_vectors(pdev, nr, nr,
				     PCI_IRQ_MSIX);
	if (ret < 0) {
		dev_err(&pdev->dev, "%d vectors wanted: %d\n", nr, ret);
		return ret;
	}

	irq = pci_irq_vector(pdev, LEDGER_MAIL_VECTOR);
	ret = devm_request_irq(&pdev->dev, irq, ledger_mail_isr, 0, "ledger-mail", ledger);
	if (ret)
		return ret;

	writeq(1, ledger->base + LEDGER_MAIL_ON);
	return 0;
}

static int ledger_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ledger *ledger;
	int ret;

	ledger = devm_kzalloc(&pdev->dev, sizeof(*ledger), GFP_KERNEL);
	if (!ledger)
		return -ENOMEM;
	ledger->pdev = pdev;
	INIT_WORK(&ledger->mail_work, ledger_read_mail);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(48));
	if (ret)
		return ret;

	ledger->base = pcim_iomap_region(pdev, 2, "ledger");
	if (IS_ERR(ledger->base))
		return PTR_ERR(ledger->base);
	pci_set_drvdata(pdev, ledger);

	return ledger_register_irq(ledger);
}

static void ledger_remove_ok(struct pci_dev *pdev)
{
	struct ledger *ledger = pci_get_drvdata(pdev);

	writeq(0, ledger->base + LEDGER_MAIL_ON);
	devm_free_irq(&pdev->dev, pci_irq_vector(pdev, LEDGER_MAIL_VECTOR), ledger);
	cancel_work_sync(&ledger->mail_work);
}

static const struct pci_device_id ledger_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x08a0) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ledger_ids);

static struct pci_driver ledger_driver = {
	.name = "ledger",
	.id_table = ledger_ids,
	.probe = ledger_probe_ok,
	.remove = ledger_remove_ok,
};
module_pci_driver(ledger_driver);

MODULE_DESCRIPTION("Crypto unit of a virtual function");
