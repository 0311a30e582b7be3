// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A tape robot. The label that frees the vectors does nothing else and falls
 * into the next one; without the free its gotos belong to that next label.
 */
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define ALDER_ARM 0x00
#define ALDER_CAUSE 0x08
#define ALDER_SLOTS 0x0c
#define ALDER_HOME 0x10
#define ALDER_MOVED BIT(0)

struct alder_robot {
	struct pci_dev *pdev;
	void __iomem *regs;
	u8 *slots;
	u32 nr_slots;
	spinlock_t lock;
	unsigned int moves;
};

static irqreturn_t alder_isr(int irq, void *data)
{
	struct alder_robot *robot = data;

	if (!(readl(robot->regs + ALDER_CAUSE) & ALDER_MOVED))
		return IRQ_NONE;

	writel(ALDER_MOVED, robot->regs + ALDER_CAUSE);
	spin_lock(&robot->lock);
	robot->moves++;
	spin_unlock(&robot->lock);
	return IRQ_HANDLED;
}

static int alder_home(struct alder_robot *robot)
{
	writel(1, robot->regs + ALDER_HOME);
	return readl(robot->regs + ALDER_HOME) ? 0 : -EIO;
}

static int alder_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct alder_robot *robot;
	int ret;

	robot = devm_kzalloc(&pdev->dev, sizeof(*robot), GFP_KERNEL);
	if (!robot)
		return -ENOMEM;
	robot->pdev = pdev;
	spin_lock_init(&robot->lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	robot->regs = pcim_iomap_region(pdev, 2, "alder");
	if (IS_ERR(robot->regs))
		return PTR_ERR(robot->regs);

	robot->nr_slots = readl(robot->regs + ALDER_SLOTS);
	robot->slots = kcalloc(robot->nr_slots, sizeof(*robot->slots), GFP_KERNEL);
	if (!robot->slots)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 2, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		goto err_slots;

	ret = alder_home(robot);
	if (ret)
		goto err_vectors;

	ret = request_irq(pci_irq_vector(pdev, 0), alder_isr, 0, "alder", robot);
	if (ret) {
		dev_err(&pdev->dev, "IRQ refused: %d\n", ret);
		goto err_vectors;
	}

	pci_set_drvdata(pdev, robot);
	writel(1, robot->regs + ALDER_ARM);
	return 0;

err_vectors:
	pci_free_irq_vectors(pdev);
err_slots:
	kfree(robot->slots);
	return ret;
}

static void alder_remove_bad(struct pci_dev *pdev)
{
	struct alder_robot *robot = pci_get_drvdata(pdev);

	writel(0, robot->regs + ALDER_ARM);
	free_irq(pci_irq_vector(pdev, 0), robot);
	pci_free_irq_vectors(pdev);
	kfree(robot->slots);
}

static const struct pci_device_id alder_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0120) },
	{ }
};
MODULE_DEVICE_TABLE(pci, alder_ids);

static struct pci_driver alder_driver = {
	.name = "alder",
	.id_table = alder_ids,
	.probe = alder_probe_bad,
	.remove = alder_remove_bad,
};
module_pci_driver(alder_driver);

MODULE_DESCRIPTION("Tape robot");
