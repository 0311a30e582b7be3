// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A noise generator that frees its vectors with a devres action, which does
 * nothing else. The action stands before the IRQ, so devres gives the IRQ
 * back first; only the second release of the vectors is wrong.
 */
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>

#define PLOVER_CMD 0x00
#define PLOVER_STATE 0x04
#define PLOVER_WORD 0x08
#define PLOVER_FILL BIT(0)
#define PLOVER_FULL BIT(31)

struct plover_rng {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct completion full;
};

static irqreturn_t plover_isr(int irq, void *data)
{
	struct plover_rng *rng = data;

	if (!(readl(rng->regs + PLOVER_STATE) & PLOVER_FULL))
		return IRQ_NONE;
	writel(PLOVER_FULL, rng->regs + PLOVER_STATE);
	complete(&rng->full);
	return IRQ_HANDLED;
}

static int plover_read_word(struct plover_rng *rng, u32 *word)
{
	reinit_completion(&rng->full);
	writel(PLOVER_FILL, rng->regs + PLOVER_CMD);
	if (!wait_for_completion_timeout(&rng->full, msecs_to_jiffies(20)))
		return -ETIMEDOUT;
	*word = readl(rng->regs + PLOVER_WORD);
	return 0;
}

static void plover_free_vectors(void *data)
{
	struct pci_dev *pdev = data;

	pci_free_irq_vectors(pdev);
}

static int plover_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct plover_rng *rng;
	u32 first;
	int ret;

	rng = devm_kzalloc(dev, sizeof(*rng), GFP_KERNEL);
	if (!rng)
		return -ENOMEM;
	rng->pdev = pdev;
	init_completion(&rng->full);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	rng->regs = pcim_iomap(pdev, 1, 0);
	if (!rng->regs)
		return -ENOMEM;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
	if (ret < 0)
		return ret;

	ret = devm_add_action_or_reset(dev, plover_free_vectors, pdev);
	if (ret)
		return ret;

	ret = devm_request_irq(dev, pci_irq_vector(pdev, 0), plover_isr, 0, "plover", rng);
	if (ret)
		return ret;

	ret = plover_read_word(rng, &first);
	if (ret)
		return ret;

	dev_info(dev, "first word %08x\n", first);
	return 0;
}

static const struct pci_device_id plover_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0210) },
	{ }
};
MODULE_DEVICE_TABLE(pci, plover_ids);

static struct pci_driver plover_driver = {
	.name = "plover",
	.id_table = plover_ids,
	.probe = plover_probe_bad,
};
module_pci_driver(plover_driver);

MODULE_DESCRIPTION("Noise generator");
