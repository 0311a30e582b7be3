// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The coin sorter waits for its tasklet, after the IRQ that schedules it was freed.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define SORTER_COIN 0x00
#define SORTER_TRAYS 8

struct sorter {
	void __iomem *regs;
	struct tasklet_struct sort;
	unsigned int coin;
	unsigned int trays[SORTER_TRAYS];
};

static void sorter_sort(struct tasklet_struct *t)
{
	struct sorter *sorter = from_tasklet(sorter, t, sort);

	sorter->trays[sorter->coin % SORTER_TRAYS]++;
}

static irqreturn_t sorter_isr(int irq, void *data)
{
	struct sorter *sorter = data;

	sorter->coin = readl(sorter->regs + SORTER_COIN);
	tasklet_schedule(&sorter->sort);
	return IRQ_HANDLED;
}

static int sorter_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct sorter *sorter;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	sorter = kzalloc(sizeof(*sorter), GFP_KERNEL);
	if (!sorter)
		return -ENOMEM;
	sorter->regs = pcim_iomap(pdev, 0, 0);
	if (!sorter->regs) {
		ret = -ENOMEM;
		goto err_free;
	}

	tasklet_setup(&sorter->sort, sorter_sort);
	ret = request_irq(pdev->irq, sorter_isr, IRQF_SHARED, "sorter", sorter);
	if (ret)
		goto err_free;
	pci_set_drvdata(pdev, sorter);
	return 0;

err_free:
	kfree(sorter);
	return ret;
}

static void sorter_remove_ok(struct pci_dev *pdev)
{
	struct sorter *sorter = pci_get_drvdata(pdev);

	free_irq(pdev->irq, sorter);
	tasklet_kill(&sorter->sort);
	kfree(sorter);
}

static const struct pci_device_id sorter_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0c01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, sorter_ids);

static struct pci_driver sorter_driver = {
	.name = "sorter",
	.id_table = sorter_ids,
	.probe = sorter_probe_ok,
	.remove = sorter_remove_ok,
};
module_pci_driver(sorter_driver);

MODULE_DESCRIPTION("Coin sorter");
