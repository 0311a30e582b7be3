// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A kiln that writes its log, which has a mutex, after it has dropped the spinlock of its
 * state.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#define KILN_HEAT 0x10

struct kiln {
	void __iomem *regs;
	spinlock_t state;
	struct mutex log;
	unsigned int heat;
	unsigned int entries[32];
	unsigned int used;
};

static void kiln_append(struct kiln *kiln, unsigned int what)
{
	mutex_lock(&kiln->log);
	if (kiln->used < 32)
		kiln->entries[kiln->used++] = what;
	mutex_unlock(&kiln->log);
}

static void kiln_note(struct kiln *kiln, unsigned int heat)
{
	if (heat)
		kiln_append(kiln, heat);
}

static void kiln_set(struct kiln *kiln, unsigned int heat)
{
	unsigned long flags;

	spin_lock_irqsave(&kiln->state, flags);
	kiln->heat = heat;
	writel(heat, kiln->regs + KILN_HEAT);
	spin_unlock_irqrestore(&kiln->state, flags);
	kiln_note(kiln, heat);
}

static int kiln_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct kiln *kiln;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	kiln = devm_kzalloc(&pdev->dev, sizeof(*kiln), GFP_KERNEL);
	if (!kiln)
		return -ENOMEM;
	kiln->regs = pcim_iomap(pdev, 0, 0);
	if (!kiln->regs)
		return -ENOMEM;
	spin_lock_init(&kiln->state);
	mutex_init(&kiln->log);
	pci_set_drvdata(pdev, kiln);
	kiln_set(kiln, 1);
	return 0;
}

static void kiln_remove_ok(struct pci_dev *pdev)
{
	kiln_set(pci_get_drvdata(pdev), 0);
}

static const struct pci_device_id kiln_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, kiln_ids);

static struct pci_driver kiln_driver = {
	.name = "kiln",
	.id_table = kiln_ids,
	.probe = kiln_probe_ok,
	.remove = kiln_remove_ok,
};
module_pci_driver(kiln_driver);

MODULE_DESCRIPTION("Kiln");
MODULE_LICENSE("GPL");
