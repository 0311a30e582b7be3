// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A watchdog card. The free is all that the error label of probe() does
 * before it returns; without it every goto there is a plain return.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define MOSS_RELOAD 0x10
#define MOSS_LIMIT 0x14
#define MOSS_EVENT 0x18
#define MOSS_BARK BIT(1)

struct moss_wdt {
	struct pci_dev *pdev;
	void __iomem *regs;
	unsigned int irq;
	unsigned int barks;
};

static irqreturn_t moss_bark(int irq, void *data)
{
	struct moss_wdt *wdt = data;
	u32 event = readl(wdt->regs + MOSS_EVENT);

	if (!(event & MOSS_BARK))
		return IRQ_NONE;

	writel(event, wdt->regs + MOSS_EVENT);
	if (++wdt->barks == 1)
		dev_warn(&wdt->pdev->dev, "first bark\n");
	return IRQ_HANDLED;
}

static int moss_set_limit(struct moss_wdt *wdt, u32 ticks)
{
	if (ticks < 16)
		return -ERANGE;
	writel(ticks, wdt->regs + MOSS_LIMIT);
	return readl(wdt->regs + MOSS_LIMIT) == ticks ? 0 : -EIO;
}

static int moss_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct moss_wdt *wdt;
	int ret;

	wdt = devm_kzalloc(&pdev->dev, sizeof(*wdt), GFP_KERNEL);
	if (!wdt)
		return -ENOMEM;
	wdt->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	wdt->regs = pcim_iomap(pdev, 0, 0);
	if (!wdt->regs)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	ret = moss_set_limit(wdt, id->driver_data);
	if (ret) {
		dev_err(&pdev->dev, "limit refused\n");
		goto err_vectors;
	}

	wdt->irq = pci_irq_vector(pdev, 0);
	ret = devm_request_irq(&pdev->dev, wdt->irq, moss_bark, 0, "moss-wdt", wdt);
	if (ret)
		goto err_vectors;

	pci_set_drvdata(pdev, wdt);
	writel(1, wdt->regs + MOSS_RELOAD);
	return 0;

err_vectors:
	pci_free_irq_vectors(pdev);
	return ret;
}

static const struct pci_device_id moss_ids[] = {
	{ PCI_DEVICE_DATA(TARN, 0x0110, 4000) },
	{ PCI_DEVICE_DATA(TARN, 0x0111, 64000) },
	{ }
};
MODULE_DEVICE_TABLE(pci, moss_ids);

static struct pci_driver moss_driver = {
	.name = "moss-wdt",
	.id_table = moss_ids,
	.probe = moss_probe_bad,
};
module_pci_driver(moss_driver);

MODULE_DESCRIPTION("Watchdog card");
