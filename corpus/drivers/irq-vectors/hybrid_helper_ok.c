// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The display scaler with managed vectors: the function that only freed
 * them is gone, and so are its calls.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#define HERON_MODE 0x00
#define HERON_IRQ 0x40
#define HERON_FRAME_DONE BIT(3)

struct heron {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct mutex mode_lock;
	int vector;
	unsigned long frames;
};

static irqreturn_t heron_frame(int irq, void *data)
{
	struct heron *heron = data;

	if (!(readl(heron->regs + HERON_IRQ) & HERON_FRAME_DONE))
		return IRQ_NONE;
	writel(HERON_FRAME_DONE, heron->regs + HERON_IRQ);
	heron->frames++;
	return IRQ_HANDLED;
}

static int heron_set_mode(struct heron *heron, u32 mode)
{
	guard(mutex)(&heron->mode_lock);

	writel(mode, heron->regs + HERON_MODE);
	return readl(heron->regs + HERON_MODE) == mode ? 0 : -EIO;
}

static int heron_take_irq(struct heron *heron)
{
	int ret;

	ret = pcim_alloc_irq_vectors(heron->pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	heron->vector = pci_irq_vector(heron->pdev, 0);
	ret = request_irq(heron->vector, heron_frame, 0, "heron", heron);
	return ret;
}

static int heron_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct heron *heron;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	heron = devm_kzalloc(&pdev->dev, sizeof(*heron), GFP_KERNEL);
	if (!heron)
		return -ENOMEM;
	heron->pdev = pdev;
	mutex_init(&heron->mode_lock);

	heron->regs = pcim_iomap_region(pdev, 0, "heron");
	if (IS_ERR(heron->regs))
		return PTR_ERR(heron->regs);

	ret = heron_take_irq(heron);
	if (ret)
		return ret;

	ret = heron_set_mode(heron, 1);
	if (ret) {
		free_irq(heron->vector, heron);
		return ret;
	}

	pci_set_drvdata(pdev, heron);
	return 0;
}

static void heron_remove_ok(struct pci_dev *pdev)
{
	struct heron *heron = pci_get_drvdata(pdev);

	heron_set_mode(heron, 0);
	free_irq(heron->vector, heron);
}

static const struct pci_device_id heron_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0201) },
	{ }
};
MODULE_DEVICE_TABLE(pci, heron_ids);

static struct pci_driver heron_driver = {
	.name = "heron",
	.id_table = heron_ids,
	.probe = heron_probe_ok,
	.remove = heron_remove_ok,
};
module_pci_driver(heron_driver);

MODULE_DESCRIPTION("Display scaler");
