// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A module with two drivers for two generations of a relay board. The first
 * enables its device by hand and has to free its vectors; the second one is
 * managed and frees them all the same. Only the second is wrong.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define WREN_STATE 0x00
#define WREN_CHANGED BIT(7)

struct wren {
	void __iomem *regs;
	int irq;
	u32 state;
};

static irqreturn_t wren_isr(int irq, void *data)
{
	struct wren *wren = data;
	u32 state = readl(wren->regs + WREN_STATE);

	if (!(state & WREN_CHANGED))
		return IRQ_NONE;
	wren->state = state & 0x7f;
	writel(WREN_CHANGED, wren->regs + WREN_STATE);
	return IRQ_HANDLED;
}

static int wren1_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct wren *wren;
	int ret;

	wren = kzalloc(sizeof(*wren), GFP_KERNEL);
	if (!wren)
		return -ENOMEM;

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;

	ret = -ENOMEM;
	wren->regs = pci_iomap(pdev, 0, 0);
	if (!wren->regs)
		goto err_disable;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX | PCI_IRQ_MSI);
	if (ret < 0)
		goto err_unmap;

	wren->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(wren->irq, wren_isr, IRQF_SHARED, "wren1", wren);
	if (ret)
		goto err_vectors;

	pci_set_drvdata(pdev, wren);
	return 0;

err_vectors:
	pci_free_irq_vectors(pdev);
err_unmap:
	pci_iounmap(pdev, wren->regs);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(wren);
	return ret;
}

static void wren1_remove_ok(struct pci_dev *pdev)
{
	struct wren *wren = pci_get_drvdata(pdev);

	free_irq(wren->irq, wren);
	pci_free_irq_vectors(pdev);
	pci_iounmap(pdev, wren->regs);
	pci_disable_device(pdev);
	kfree(wren);
}

static int wren2_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct wren *wren;
	int ret;

	wren = devm_kzalloc(&pdev->dev, sizeof(*wren), GFP_KERNEL);
	if (!wren)
		return -ENOMEM;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	wren->regs = pcim_iomap(pdev, 0, 0);
	if (!wren->regs)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	wren->irq = pci_irq_vector(pdev, 0);
	ret = request_irq(wren->irq, wren_isr, 0, "wren2", wren);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, wren);
	return 0;
}

static void wren2_remove_bad(struct pci_dev *pdev)
{
	struct wren *wren = pci_get_drvdata(pdev);

	free_irq(wren->irq, wren);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id wren1_ids[] = { { PCI_VDEVICE(FELLSIDE, 0x0310) }, { } };
static const struct pci_device_id wren2_ids[] = { { PCI_VDEVICE(FELLSIDE, 0x0311) }, { } };

static struct pci_driver wren1_driver = {
	.name = "wren1",
	.id_table = wren1_ids,
	.probe = wren1_probe_ok,
	.remove = wren1_remove_ok,
};

static struct pci_driver wren2_driver = {
	.name = "wren2",
	.id_table = wren2_ids,
	.probe = wren2_probe_bad,
	.remove = wren2_remove_bad,
};

static int __init wren_init(void)
{
	int ret;

	ret = pci_register_driver(&wren1_driver);
	if (ret)
		return ret;

	ret = pci_register_driver(&wren2_driver);
	if (ret)
		pci_unregister_driver(&wren1_driver);
	return ret;
}
module_init(wren_init);

static void __exit wren_exit(void)
{
	pci_unregister_driver(&wren2_driver);
	pci_unregister_driver(&wren1_driver);
}
module_exit(wren_exit);

MODULE_DESCRIPTION("Relay boards of two generations");
