// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The switch with managed vectors. The table is gone; pci_irq_vector() gives
 * each number.
 */

/* A tree that has the managed allocators. */
#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#define BRANT_MIN 2
#define BRANT_MAX 8
#define BRANT_UP 0x00
#define BRANT_PORT(n) (0x20 + (n) * 8)

struct brant_port {
	void __iomem *status;
	u32 flaps;
};

struct brant {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct brant_port ports[BRANT_MAX];
	int nr;
};

static irqreturn_t brant_isr(int irq, void *data)
{
	struct brant_port *port = data;
	u32 status = readl(port->status);

	if (!status)
		return IRQ_NONE;
	writel(status, port->status);
	port->flaps++;
	return IRQ_HANDLED;
}

static void brant_release_irqs(struct brant *brant, int nr)
{
	while (nr--)
		free_irq(pci_irq_vector(brant->pdev, nr), &brant->ports[nr]);
}

static int brant_request_irqs(struct brant *brant)
{
	int i, ret;

	ret = pcim_alloc_irq_vectors(brant->pdev, BRANT_MIN, BRANT_MAX, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;
	brant->nr = ret;

	for (i = 0; i < brant->nr; i++) {
		brant->ports[i].status = brant->regs + BRANT_PORT(i);
		ret = request_irq(pci_irq_vector(brant->pdev, i), brant_isr, 0, "brant",
				  &brant->ports[i]);
		if (ret) {
			brant_release_irqs(brant, i);
			return ret;
		}
	}
	return 0;
}

static int brant_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct brant *brant;
	int ret;

	brant = devm_kzalloc(&pdev->dev, sizeof(*brant), GFP_KERNEL);
	if (!brant)
		return -ENOMEM;
	brant->pdev = pdev;
	pci_set_drvdata(pdev, brant);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	brant->regs = pcim_iomap_region(pdev, 0, "brant");
	if (IS_ERR(brant->regs))
		return PTR_ERR(brant->regs);

	ret = brant_request_irqs(brant);
	if (ret)
		return ret;

	writel(1, brant->regs + BRANT_UP);
	return 0;
}

static void brant_remove_ok(struct pci_dev *pdev)
{
	struct brant *brant = pci_get_drvdata(pdev);

	writel(0, brant->regs + BRANT_UP);
	brant_release_irqs(brant, brant->nr);
}

static const struct pci_device_id brant_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0730) },
	{ }
};
MODULE_DEVICE_TABLE(pci, brant_ids);

static struct pci_driver brant_driver = {
	.name = "brant",
	.id_table = brant_ids,
	.probe = brant_probe_ok,
	.remove = brant_remove_ok,
};
module_pci_driver(brant_driver);

MODULE_DESCRIPTION("Switch");
