// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A clock distribution card that allocates its vector the new way and gives
 * it back the old way, with pci_disable_msi(). In a managed device this is a
 * second end of the vectors' lifetime just as pci_free_irq_vectors() is.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#define PIPIT_LOCK 0x00
#define PIPIT_EVENT 0x04
#define PIPIT_LOST BIT(2)

struct pipit {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct work_struct relock;
	int irq;
};

static void pipit_relock(struct work_struct *work)
{
	struct pipit *pipit = container_of(work, struct pipit, relock);

	writel(1, pipit->regs + PIPIT_LOCK);
	dev_info(&pipit->pdev->dev, "locked again\n");
}

static irqreturn_t pipit_isr(int irq, void *data)
{
	struct pipit *pipit = data;

	if (!(readl(pipit->regs + PIPIT_EVENT) & PIPIT_LOST))
		return IRQ_NONE;
	writel(PIPIT_LOST, pipit->regs + PIPIT_EVENT);
	schedule_work(&pipit->relock);
	return IRQ_HANDLED;
}

static int pipit_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pipit *pipit;
	int ret;

	pipit = devm_kzalloc(&pdev->dev, sizeof(*pipit), GFP_KERNEL);
	if (!pipit)
		return -ENOMEM;
	pipit->pdev = pdev;
	INIT_WORK(&pipit->relock, pipit_relock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	pipit->regs = pcim_iomap_region(pdev, 0, "pipit");
	if (IS_ERR(pipit->regs))
		return PTR_ERR(pipit->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	pipit->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(pipit->irq, pipit_isr, 0, "pipit", pipit);
	if (ret) {
		pci_disable_msi(pdev);
		return ret;
	}

	pci_set_drvdata(pdev, pipit);
	return 0;
}

static void pipit_remove_bad(struct pci_dev *pdev)
{
	struct pipit *pipit = pci_get_drvdata(pdev);

	free_irq(pipit->irq, pipit);
	cancel_work_sync(&pipit->relock);
	pci_disable_msi(pdev);
}

static const struct pci_device_id pipit_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0320) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pipit_ids);

static struct pci_driver pipit_driver = {
	.name = "pipit",
	.id_table = pipit_ids,
	.probe = pipit_probe_bad,
	.remove = pipit_remove_bad,
};
module_pci_driver(pipit_driver);

MODULE_DESCRIPTION("Clock distribution card");
