// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A storage accelerator that spreads its vectors over the CPUs. The longer
 * name moves the parenthesis that the continuation lines are aligned to.
 */
#include <linux/bits.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pci.h>

#define CURLEW_DONE(q) (0x200 + (q) * 8)
#define CURLEW_ADMIN 0x00
#define CURLEW_MAX_QUEUES 16

struct curlew_queue {
	void __iomem *done;
	u64 requests;
};

struct curlew {
	struct pci_dev *pdev;
	void __iomem *regs;
	int nr_queues;
	struct curlew_queue queues[CURLEW_MAX_QUEUES];
};

static irqreturn_t curlew_done(int irq, void *data)
{
	struct curlew_queue *queue = data;
	u32 done = readl(queue->done);

	if (!done)
		return IRQ_NONE;
	queue->requests += done;
	return IRQ_HANDLED;
}

static void curlew_free_irqs(struct curlew *curlew, int nr)
{
	while (nr--)
		free_irq(pci_irq_vector(curlew->pdev, nr), &curlew->queues[nr]);
}

static int curlew_setup_irqs(struct curlew *curlew)
{
	struct irq_affinity spread = { .pre_vectors = 1 };
	unsigned int most = min_t(unsigned int, num_online_cpus() + 1, CURLEW_MAX_QUEUES);
	int i, ret;

	ret = pci_alloc_irq_vectors_affinity(curlew->pdev, 2, most,
					     PCI_IRQ_MSIX | PCI_IRQ_AFFINITY,
					     &spread);
	if (ret < 0)
		return ret;
	curlew->nr_queues = ret;

	for (i = 0; i < curlew->nr_queues; i++) {
		curlew->queues[i].done = curlew->regs + CURLEW_DONE(i);
		ret = request_irq(pci_irq_vector(curlew->pdev, i), curlew_done, 0,
				  "curlew", &curlew->queues[i]);
		if (ret) {
			curlew_free_irqs(curlew, i);
			pci_free_irq_vectors(curlew->pdev);
			return ret;
		}
	}
	return 0;
}

static int curlew_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct curlew *curlew;
	int ret;

	curlew = devm_kzalloc(&pdev->dev, sizeof(*curlew), GFP_KERNEL);
	if (!curlew)
		return -ENOMEM;
	curlew->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);

	curlew->regs = pcim_iomap_region(pdev, 0, "curlew");
	if (IS_ERR(curlew->regs))
		return PTR_ERR(curlew->regs);

	ret = curlew_setup_irqs(curlew);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, curlew);
	writel(1, curlew->regs + CURLEW_ADMIN);
	return 0;
}

static void curlew_remove_bad(struct pci_dev *pdev)
{
	struct curlew *curlew = pci_get_drvdata(pdev);

	writel(0, curlew->regs + CURLEW_ADMIN);
	curlew_free_irqs(curlew, curlew->nr_queues);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id curlew_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0350) },
	{ }
};
MODULE_DEVICE_TABLE(pci, curlew_ids);

static struct pci_driver curlew_driver = {
	.name = "curlew",
	.id_table = curlew_ids,
	.probe = curlew_probe_bad,
	.remove = curlew_remove_bad,
};
module_pci_driver(curlew_driver);

MODULE_DESCRIPTION("Storage accelerator");
