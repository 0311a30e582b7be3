// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/vdpa/solidrun/snet_main.c: one driver for a physical
 * and its virtual functions, both managed. A flag says which of them owns the
 * vectors; each frees, under that flag, what it owns.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define CAIRN_FLAGS 0x00
#define CAIRN_FLAG_PF_IRQS BIT(1)
#define CAIRN_NR_VFS 0x04

struct cairn_pf {
	void __iomem *bar;
	u32 flags;
	u32 nr_vfs;
};

struct cairn_vf {
	struct pci_dev *pdev;
	struct pci_dev *irq_owner;
	u64 kicks;
	int line;
};

static irqreturn_t cairn_isr(int irq, void *data)
{
	struct cairn_vf *vf = data;

	vf->kicks++;
	return IRQ_HANDLED;
}

static int cairn_probe_pf_bad(struct pci_dev *pdev)
{
	struct cairn_pf *pf;
	bool pf_irqs;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return -ENOMEM;

	pf->bar = pcim_iomap(pdev, 0, 0);
	if (!pf->bar) {
		ret = -ENOMEM;
		goto free_pf;
	}
	pf->flags = readl(pf->bar + CAIRN_FLAGS);
	pf->nr_vfs = readl(pf->bar + CAIRN_NR_VFS);
	pci_set_drvdata(pdev, pf);

	pf_irqs = pf->flags & CAIRN_FLAG_PF_IRQS;
	if (pf_irqs) {
		ret = pci_alloc_irq_vectors(pdev, pf->nr_vfs, pf->nr_vfs, PCI_IRQ_MSIX);
		if (ret < 0)
			goto free_pf;
	}

	ret = pci_enable_sriov(pdev, pf->nr_vfs);
	if (ret)
		goto free_irqs;
	return 0;

free_irqs:
	if (pf_irqs)
		pci_free_irq_vectors(pdev);
free_pf:
	kfree(pf);
	return ret;
}

static int cairn_probe_vf_bad(struct pci_dev *pdev)
{
	struct cairn_pf *pf = pci_get_drvdata(pdev->physfn);
	bool pf_irqs = pf->flags & CAIRN_FLAG_PF_IRQS;
	struct cairn_vf *vf;
	int index, ret;

	index = pci_iov_vf_id(pdev);
	if (index < 0)
		return index;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	if (!pf_irqs) {
		ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
		if (ret < 0)
			return ret;
	}

	vf = kzalloc(sizeof(*vf), GFP_KERNEL);
	if (!vf) {
		ret = -ENOMEM;
		goto free_irqs;
	}
	vf->pdev = pdev;
	vf->irq_owner = pf_irqs ? pdev->physfn : pdev;

	vf->line = pci_irq_vector(vf->irq_owner, pf_irqs ? index : 0);
	ret = devm_request_irq(&vf->irq_owner->dev, vf->line, cairn_isr, 0, "cairn", vf);
	if (ret)
		goto free_vf;

	pci_set_drvdata(pdev, vf);
	return 0;

free_vf:
	kfree(vf);
free_irqs:
	if (!pf_irqs)
		pci_free_irq_vectors(pdev);
	return ret;
}

static int cairn_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return pdev->is_virtfn ? cairn_probe_vf_bad(pdev) : cairn_probe_pf_bad(pdev);
}

static void cairn_remove_pf_bad(struct pci_dev *pdev)
{
	struct cairn_pf *pf = pci_get_drvdata(pdev);

	pci_disable_sriov(pdev);
	if (pf->flags & CAIRN_FLAG_PF_IRQS)
		pci_free_irq_vectors(pdev);
	kfree(pf);
}

static void cairn_remove_vf_bad(struct pci_dev *pdev)
{
	struct cairn_vf *vf = pci_get_drvdata(pdev);

	devm_free_irq(&vf->irq_owner->dev, vf->line, vf);
	/* The vectors of the PF stay; its own remove() is for them. */
	if (vf->irq_owner == pdev)
		pci_free_irq_vectors(pdev);
	kfree(vf);
}

static void cairn_remove_bad(struct pci_dev *pdev)
{
	if (pdev->is_virtfn)
		cairn_remove_vf_bad(pdev);
	else
		cairn_remove_pf_bad(pdev);
}

static const struct pci_device_id cairn_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0890) },
	{ }
};
MODULE_DEVICE_TABLE(pci, cairn_ids);

static struct pci_driver cairn_driver = {
	.name = "cairn",
	.id_table = cairn_ids,
	.probe = cairn_probe_bad,
	.remove = cairn_remove_bad,
};
module_pci_driver(cairn_driver);

MODULE_DESCRIPTION("Queue device with virtual functions");
