// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A plotter. remove() reaches free_irq() two calls deep, in the function that
 * also ends a job, and only then frees the vectors: the order is right, the
 * vectors' lifetime ends twice.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#define OUSEL_JOB 0x00
#define OUSEL_POS 0x04
#define OUSEL_IRQ 0x08
#define OUSEL_ARRIVED BIT(0)

struct ousel {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct mutex job_lock;
	bool job;
	int irq;
	u32 pos;
};

static irqreturn_t ousel_isr(int irq, void *data)
{
	struct ousel *ousel = data;

	if (!(readl(ousel->regs + OUSEL_IRQ) & OUSEL_ARRIVED))
		return IRQ_NONE;
	ousel->pos = readl(ousel->regs + OUSEL_POS);
	writel(OUSEL_ARRIVED, ousel->regs + OUSEL_IRQ);
	return IRQ_HANDLED;
}

static int ousel_start_job(struct ousel *ousel)
{
	int ret;

	guard(mutex)(&ousel->job_lock);

	ret = request_irq(ousel->irq, ousel_isr, 0, "ousel", ousel);
	if (ret)
		return ret;
	writel(1, ousel->regs + OUSEL_JOB);
	ousel->job = true;
	return 0;
}

static void ousel_end_job(struct ousel *ousel)
{
	guard(mutex)(&ousel->job_lock);

	if (!ousel->job)
		return;
	writel(0, ousel->regs + OUSEL_JOB);
	free_irq(ousel->irq, ousel);
	ousel->job = false;
}

static void ousel_park(struct ousel *ousel)
{
	ousel_end_job(ousel);
	writel(0, ousel->regs + OUSEL_POS);
}

static int ousel_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ousel *ousel;
	int ret;

	ousel = devm_kzalloc(&pdev->dev, sizeof(*ousel), GFP_KERNEL);
	if (!ousel)
		return -ENOMEM;
	ousel->pdev = pdev;
	mutex_init(&ousel->job_lock);
	pci_set_drvdata(pdev, ousel);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	ousel->regs = pcim_iomap(pdev, 0, 0);
	if (!ousel->regs)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	ousel->irq = pci_irq_vector(pdev, 0);
	return ousel_start_job(ousel);
}

static void ousel_remove_bad(struct pci_dev *pdev)
{
	struct ousel *ousel = pci_get_drvdata(pdev);

	ousel_park(ousel);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id ousel_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0520) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ousel_ids);

static struct pci_driver ousel_driver = {
	.name = "ousel",
	.id_table = ousel_ids,
	.probe = ousel_probe_bad,
	.remove = ousel_remove_bad,
};
module_pci_driver(ousel_driver);

MODULE_DESCRIPTION("Plotter");
