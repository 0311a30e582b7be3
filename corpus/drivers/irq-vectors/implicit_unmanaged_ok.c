// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A tuner that enables its device by hand and releases all that it acquires
 * by hand, vectors included, in both directions. Nothing here is managed,
 * so the unmanaged calls are the right ones.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define SWIFT_BAND 0x00
#define SWIFT_IRQ 0x04
#define SWIFT_LOCKED BIT(0)

struct swift {
	struct pci_dev *pdev;
	void __iomem *regs;
	int irq;
	bool locked;
};

static irqreturn_t swift_isr(int irq, void *data)
{
	struct swift *swift = data;

	if (!(readl(swift->regs + SWIFT_IRQ) & SWIFT_LOCKED))
		return IRQ_NONE;
	swift->locked = true;
	writel(SWIFT_LOCKED, swift->regs + SWIFT_IRQ);
	return IRQ_HANDLED;
}

static int swift_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct swift *swift;
	int ret;

	swift = kzalloc(sizeof(*swift), GFP_KERNEL);
	if (!swift)
		return -ENOMEM;
	swift->pdev = pdev;

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;

	ret = pci_request_regions(pdev, "swift");
	if (ret)
		goto err_disable;

	swift->regs = pci_iomap(pdev, 0, 0);
	if (!swift->regs) {
		ret = -ENOMEM;
		goto err_regions;
	}

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		goto err_unmap;

	swift->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(swift->irq, swift_isr, 0, "swift", swift);
	if (ret)
		goto err_vectors;

	pci_set_drvdata(pdev, swift);
	writel(3, swift->regs + SWIFT_BAND);
	return 0;

err_vectors:
	pci_free_irq_vectors(pdev);
err_unmap:
	pci_iounmap(pdev, swift->regs);
err_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(swift);
	return ret;
}

static void swift_remove_ok(struct pci_dev *pdev)
{
	struct swift *swift = pci_get_drvdata(pdev);

	writel(0, swift->regs + SWIFT_BAND);
	free_irq(swift->irq, swift);
	pci_free_irq_vectors(pdev);
	pci_iounmap(pdev, swift->regs);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	kfree(swift);
}

static const struct pci_device_id swift_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0640) },
	{ }
};
MODULE_DEVICE_TABLE(pci, swift_ids);

static struct pci_driver swift_driver = {
	.name = "swift",
	.id_table = swift_ids,
	.probe = swift_probe_ok,
	.remove = swift_remove_ok,
};
module_pci_driver(swift_driver);

MODULE_DESCRIPTION("Tuner");
