// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A turnstile whose IRQ is named by the device and the index of its vector,
 * with pci_request_irq() and pci_free_irq(). The IRQ goes before the vectors,
 * at remove() and when the self test fails; the vectors are released twice.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define NUTHATCH_GATE 0x00
#define NUTHATCH_IRQ 0x04
#define NUTHATCH_TEST 0x08
#define NUTHATCH_PASSED BIT(0)

struct nuthatch {
	struct pci_dev *pdev;
	void __iomem *regs;
	unsigned long people;
};

static irqreturn_t nuthatch_hard(int irq, void *data)
{
	struct nuthatch *gate = data;

	if (!(readl(gate->regs + NUTHATCH_IRQ) & NUTHATCH_PASSED))
		return IRQ_NONE;
	writel(NUTHATCH_PASSED, gate->regs + NUTHATCH_IRQ);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t nuthatch_thread(int irq, void *data)
{
	struct nuthatch *gate = data;

	gate->people++;
	writel(0, gate->regs + NUTHATCH_GATE);
	return IRQ_HANDLED;
}

static int nuthatch_self_test(struct nuthatch *gate)
{
	writel(0x5a, gate->regs + NUTHATCH_TEST);
	return readl(gate->regs + NUTHATCH_TEST) == 0xa5 ? 0 : -EIO;
}

static int nuthatch_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nuthatch *gate;
	int ret;

	gate = devm_kzalloc(&pdev->dev, sizeof(*gate), GFP_KERNEL);
	if (!gate)
		return -ENOMEM;
	gate->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	gate->regs = pcim_iomap_region(pdev, 0, "nuthatch");
	if (IS_ERR(gate->regs))
		return PTR_ERR(gate->regs);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	ret = pci_request_irq(pdev, 0, nuthatch_hard, nuthatch_thread, gate, "nuthatch:%s",
			      pci_name(pdev));
	if (ret)
		goto err_vectors;

	ret = nuthatch_self_test(gate);
	if (ret)
		goto err_irq;

	pci_set_drvdata(pdev, gate);
	return 0;

err_irq:
	pci_free_irq(pdev, 0, gate);
err_vectors:
	pci_free_irq_vectors(pdev);
	return ret;
}

static void nuthatch_remove_bad(struct pci_dev *pdev)
{
	struct nuthatch *gate = pci_get_drvdata(pdev);

	writel(0, gate->regs + NUTHATCH_GATE);
	pci_free_irq(pdev, 0, gate);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id nuthatch_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0540) },
	{ }
};
MODULE_DEVICE_TABLE(pci, nuthatch_ids);

static struct pci_driver nuthatch_driver = {
	.name = "nuthatch",
	.id_table = nuthatch_ids,
	.probe = nuthatch_probe_bad,
	.remove = nuthatch_remove_bad,
};
module_pci_driver(nuthatch_driver);

MODULE_DESCRIPTION("Turnstile");
