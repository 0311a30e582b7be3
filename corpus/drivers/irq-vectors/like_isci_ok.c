// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/scsi/isci/init.c, on managed vectors: the kind is
 * settled when they are allocated, and a refused IRQ fails probe().
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pci.h>

#define MILL_HOSTS 2
#define MILL_PER_HOST 2
#define MILL_VECTORS (MILL_HOSTS * MILL_PER_HOST)
#define MILL_DONE(h) (0x100 * (h) + 0x00)
#define MILL_ERROR(h) (0x100 * (h) + 0x04)

struct mill_host {
	void __iomem *regs;
	int id;
	u32 done;
	u32 errors;
};

struct mill {
	struct pci_dev *pdev;
	struct mill_host hosts[MILL_HOSTS];
};

static irqreturn_t mill_done_isr(int irq, void *data)
{
	struct mill_host *host = data;
	u32 done = readl(host->regs + MILL_DONE(host->id));

	host->done += done;
	return IRQ_RETVAL(done);
}

static irqreturn_t mill_error_isr(int irq, void *data)
{
	struct mill_host *host = data;
	u32 error = readl(host->regs + MILL_ERROR(host->id));

	host->errors += !!error;
	return IRQ_RETVAL(error);
}

static irqreturn_t mill_line_isr(int irq, void *data)
{
	return max(mill_done_isr(irq, data), mill_error_isr(irq, data));
}

static int mill_setup_irqs(struct mill *mill)
{
	struct pci_dev *pdev = mill->pdev;
	struct mill_host *host;
	int err, i;

	err = pcim_alloc_irq_vectors(pdev, MILL_VECTORS, MILL_VECTORS, PCI_IRQ_MSIX);
	if (err < 0)
		goto line;

	for (i = 0; i < MILL_VECTORS; i++) {
		host = &mill->hosts[i / MILL_PER_HOST];
		err = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, i),
				       i & 1 ? mill_error_isr : mill_done_isr, 0,
				       "mill-msix", host);
		if (err)
			return err;
	}
	return 0;

line:
	for (i = 0; i < MILL_HOSTS; i++) {
		err = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, 0), mill_line_isr,
				       IRQF_SHARED, "mill-line", &mill->hosts[i]);
		if (err)
			break;
	}
	return err;
}

static int mill_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct mill *mill;
	void __iomem *regs;
	int i, ret;

	mill = devm_kzalloc(&pdev->dev, sizeof(*mill), GFP_KERNEL);
	if (!mill)
		return -ENOMEM;
	mill->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	regs = pcim_iomap_region(pdev, 0, "mill");
	if (IS_ERR(regs))
		return PTR_ERR(regs);
	for (i = 0; i < MILL_HOSTS; i++) {
		mill->hosts[i].regs = regs;
		mill->hosts[i].id = i;
	}

	pci_set_drvdata(pdev, mill);
	return mill_setup_irqs(mill);
}

static const struct pci_device_id mill_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0870) },
	{ }
};
MODULE_DEVICE_TABLE(pci, mill_ids);

static struct pci_driver mill_driver = {
	.name = "mill",
	.id_table = mill_ids,
	.probe = mill_probe_ok,
};
module_pci_driver(mill_driver);

MODULE_DESCRIPTION("Disk controller with two hosts");
