// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A turnstile that requests its IRQ before it initialises the lock and sets up the
 * tasklet that its handler uses. The line is shared: the handler may run at once.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define TURNSTILE_COUNT 0x04

struct turnstile {
	void __iomem *regs;
	spinlock_t lock;
	struct tasklet_struct tally;
	unsigned int passed;
	unsigned int total;
};

static void turnstile_tally(struct tasklet_struct *t)
{
	struct turnstile *turnstile = from_tasklet(turnstile, t, tally);

	spin_lock_irq(&turnstile->lock);
	turnstile->total += turnstile->passed;
	turnstile->passed = 0;
	spin_unlock_irq(&turnstile->lock);
}

static irqreturn_t turnstile_isr(int irq, void *data)
{
	struct turnstile *turnstile = data;

	spin_lock(&turnstile->lock);
	turnstile->passed += readl(turnstile->regs + TURNSTILE_COUNT);
	spin_unlock(&turnstile->lock);
	tasklet_schedule(&turnstile->tally);
	return IRQ_HANDLED;
}

static int turnstile_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct turnstile *turnstile;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	turnstile = devm_kzalloc(&pdev->dev, sizeof(*turnstile), GFP_KERNEL);
	if (!turnstile)
		return -ENOMEM;
	turnstile->regs = pcim_iomap(pdev, 0, 0);
	if (!turnstile->regs)
		return -ENOMEM;

	ret = request_irq(pdev->irq, turnstile_isr, IRQF_SHARED, "turnstile", turnstile);
	if (ret)
		return ret;

	spin_lock_init(&turnstile->lock);
	tasklet_setup(&turnstile->tally, turnstile_tally);
	pci_set_drvdata(pdev, turnstile);
	return 0;
}

static void turnstile_remove_bad(struct pci_dev *pdev)
{
	struct turnstile *turnstile = pci_get_drvdata(pdev);

	free_irq(pdev->irq, turnstile);
	tasklet_kill(&turnstile->tally);
}

static const struct pci_device_id turnstile_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0b07) },
	{ }
};
MODULE_DEVICE_TABLE(pci, turnstile_ids);

static struct pci_driver turnstile_driver = {
	.name = "turnstile",
	.id_table = turnstile_ids,
	.probe = turnstile_probe_bad,
	.remove = turnstile_remove_bad,
};
module_pci_driver(turnstile_driver);

MODULE_DESCRIPTION("Turnstile");
