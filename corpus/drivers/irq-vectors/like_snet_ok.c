// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/vdpa/solidrun/snet_main.c, on managed vectors: labels
 * and tests that were there for the free only are gone.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

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

static int cairn_probe_pf_ok(struct pci_dev *pdev)
{
	struct cairn_pf *pf;
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

	if (pf->flags & CAIRN_FLAG_PF_IRQS) {
		ret = pcim_alloc_irq_vectors(pdev, pf->nr_vfs, pf->nr_vfs, PCI_IRQ_MSIX);
		if (ret < 0)
			goto free_pf;
	}

	ret = pci_enable_sriov(pdev, pf->nr_vfs);
	if (ret)
		goto free_pf;
	return 0;

free_pf:
	kfree(pf);
	return ret;
}

static int cairn_probe_vf_ok(struct pci_dev *pdev)
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
		ret = pcim_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
		if (ret < 0)
			return ret;
	}

	vf = kzalloc(sizeof(*vf), GFP_KERNEL);
	if (!vf)
		return -ENOMEM;
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
	return ret;
}

static int cairn_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return pdev->is_virtfn ? cairn_probe_vf_ok(pdev) : cairn_probe_pf_ok(pdev);
}

static void cairn_remove_pf_ok(struct pci_dev *pdev)
{
	struct cairn_pf *pf = pci_get_drvdata(pdev);

	pci_disable_sriov(pdev);
	kfree(pf);
}

static void cairn_remove_vf_ok(struct pci_dev *pdev)
{
	struct cairn_vf *vf = pci_get_drvdata(pdev);

	devm_free_irq(&vf->irq_owner->dev, vf->line, vf);
	kfree(vf);
}

static void cairn_remove_ok(struct pci_dev *pdev)
{
	if (pdev->is_virtfn)
		cairn_remove_vf_ok(pdev);
	else
		cairn_remove_pf_ok(pdev);
}

static const struct pci_device_id cairn_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0890) },
	{ }
};
MODULE_DEVICE_TABLE(pci, cairn_ids);

static struct pci_driver cairn_driver = {
	.name = "cairn",
	.id_table = cairn_ids,
	.probe = cairn_probe_ok,
	.remove = cairn_remove_ok,
};
module_pci_driver(cairn_driver);

MODULE_DESCRIPTION("Queue device with virtual functions");
