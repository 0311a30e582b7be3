// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/vdpa/alibaba/eni_vdpa.c, on managed vectors: allocated
 * once by probe(); starting and stopping only requests and frees IRQs.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define SLUICE_QUEUES 4
#define SLUICE_NO_LINE (-1)
#define SLUICE_QUEUE_VECTOR(q) (0x40 + (q) * 2)
#define SLUICE_CONFIG_VECTOR 0x60

struct sluice_queue {
	u64 kicks;
	int line;
};

struct sluice {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct sluice_queue queue[SLUICE_QUEUES];
	int config_line;
	u32 changes;
};

static irqreturn_t sluice_queue_isr(int irq, void *arg)
{
	struct sluice_queue *queue = arg;

	queue->kicks++;
	return IRQ_HANDLED;
}

static irqreturn_t sluice_config_isr(int irq, void *arg)
{
	struct sluice *sluice = arg;

	sluice->changes++;
	return IRQ_HANDLED;
}

static void sluice_stop(struct sluice *sluice)
{
	struct device *dev = &sluice->pdev->dev;
	int q;

	for (q = 0; q < SLUICE_QUEUES; q++) {
		if (sluice->queue[q].line != SLUICE_NO_LINE) {
			writew(0xffff, sluice->regs + SLUICE_QUEUE_VECTOR(q));
			devm_free_irq(dev, sluice->queue[q].line, &sluice->queue[q]);
			sluice->queue[q].line = SLUICE_NO_LINE;
		}
	}

	if (sluice->config_line != SLUICE_NO_LINE) {
		writew(0xffff, sluice->regs + SLUICE_CONFIG_VECTOR);
		devm_free_irq(dev, sluice->config_line, sluice);
		sluice->config_line = SLUICE_NO_LINE;
	}
}

static int sluice_start(struct sluice *sluice)
{
	struct pci_dev *pdev = sluice->pdev;
	int line, q, ret;

	for (q = 0; q < SLUICE_QUEUES; q++) {
		line = pci_irq_vector(pdev, q);
		ret = devm_request_irq(&pdev->dev, line, sluice_queue_isr, 0, "sluice-queue",
				       &sluice->queue[q]);
		if (ret)
			goto err;
		writew(q, sluice->regs + SLUICE_QUEUE_VECTOR(q));
		sluice->queue[q].line = line;
	}

	line = pci_irq_vector(pdev, SLUICE_QUEUES);
	ret = devm_request_irq(&pdev->dev, line, sluice_config_isr, 0, "sluice-config",
			       sluice);
	if (ret)
		goto err;
	writew(SLUICE_QUEUES, sluice->regs + SLUICE_CONFIG_VECTOR);
	sluice->config_line = line;
	return 0;

err:
	sluice_stop(sluice);
	return ret;
}

/* The user starts the device by giving it functions, and stops it by taking them. */
static int sluice_configure(struct pci_dev *pdev, int num_vfs)
{
	struct sluice *sluice = pci_get_drvdata(pdev);

	if (num_vfs)
		return sluice_start(sluice) ?: num_vfs;

	sluice_stop(sluice);
	return 0;
}

static int sluice_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct sluice *sluice;
	int q, ret;

	sluice = devm_kzalloc(&pdev->dev, sizeof(*sluice), GFP_KERNEL);
	if (!sluice)
		return -ENOMEM;
	sluice->pdev = pdev;
	sluice->config_line = SLUICE_NO_LINE;
	for (q = 0; q < SLUICE_QUEUES; q++)
		sluice->queue[q].line = SLUICE_NO_LINE;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	sluice->regs = pcim_iomap_region(pdev, 0, "sluice");
	if (IS_ERR(sluice->regs))
		return PTR_ERR(sluice->regs);

	ret = pcim_alloc_irq_vectors(pdev, SLUICE_QUEUES + 1, SLUICE_QUEUES + 1, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	pci_set_drvdata(pdev, sluice);
	return 0;
}

static void sluice_remove_ok(struct pci_dev *pdev)
{
	sluice_stop(pci_get_drvdata(pdev));
}

static const struct pci_device_id sluice_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0880) },
	{ }
};
MODULE_DEVICE_TABLE(pci, sluice_ids);

static struct pci_driver sluice_driver = {
	.name = "sluice",
	.id_table = sluice_ids,
	.probe = sluice_probe_ok,
	.remove = sluice_remove_ok,
	.sriov_configure = sluice_configure,
};
module_pci_driver(sluice_driver);

MODULE_DESCRIPTION("Queue device of a host");
