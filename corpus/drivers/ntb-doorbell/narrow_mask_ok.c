// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An NTB device with 48 doorbells, and 64 bits wherever their bits are made or looked for.
 */
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>

#define AVOCET_BELLS 48
#define AVOCET_RING(n) (0x100 + 4 * (n))

struct avocet {
	struct ntb_dev ntb;
	void __iomem *regs;
	u64 rung;
};

#define to_avocet(dev) container_of(dev, struct avocet, ntb)

static irqreturn_t avocet_isr(int irq, void *data)
{
	struct avocet *avocet = data;
	int i;

	for (i = 0; i < AVOCET_BELLS; i++) {
		if (!readl(avocet->regs + 4 * i))
			continue;
		avocet->rung |= 1ULL << i;
		ntb_db_event(&avocet->ntb, i);
	}
	return IRQ_HANDLED;
}

static u64 avocet_db_valid_mask(struct ntb_dev *ntb)
{
	return BIT_ULL(AVOCET_BELLS) - 1;
}

static u64 avocet_db_read(struct ntb_dev *ntb)
{
	return to_avocet(ntb)->rung;
}

static int avocet_db_clear(struct ntb_dev *ntb, u64 bits)
{
	to_avocet(ntb)->rung &= ~bits;
	return 0;
}

static int avocet_peer_db_set(struct ntb_dev *ntb, u64 bits)
{
	unsigned int nr;

	if (!bits)
		return -EINVAL;
	nr = __ffs64(bits);
	writel(1, to_avocet(ntb)->regs + AVOCET_RING(nr));
	return 0;
}

static const struct ntb_dev_ops avocet_ops = {
	.db_valid_mask = avocet_db_valid_mask,
	.db_read = avocet_db_read,
	.db_clear = avocet_db_clear,
	.peer_db_set = avocet_peer_db_set,
};

static int avocet_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct avocet *avocet;
	int ret;

	avocet = devm_kzalloc(&pdev->dev, sizeof(*avocet), GFP_KERNEL);
	if (!avocet)
		return -ENOMEM;
	avocet->ntb.pdev = pdev;
	avocet->ntb.ops = &avocet_ops;
	pci_set_drvdata(pdev, avocet);
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	avocet->regs = pcim_iomap(pdev, 0, 0);
	if (!avocet->regs)
		return -ENOMEM;
	ret = ntb_register_device(&avocet->ntb);
	if (ret)
		return ret;
	ret = request_irq(pdev->irq, avocet_isr, IRQF_SHARED, "avocet", avocet);
	if (ret)
		ntb_unregister_device(&avocet->ntb);
	return ret;
}

static void avocet_remove_ok(struct pci_dev *pdev)
{
	struct avocet *avocet = pci_get_drvdata(pdev);

	free_irq(pdev->irq, avocet);
	ntb_unregister_device(&avocet->ntb);
}

static const struct pci_device_id avocet_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0d05) },
	{ }
};
MODULE_DEVICE_TABLE(pci, avocet_ids);

static struct pci_driver avocet_driver = {
	.name = "avocet",
	.id_table = avocet_ids,
	.probe = avocet_probe_ok,
	.remove = avocet_remove_ok,
};
module_pci_driver(avocet_driver);

MODULE_DESCRIPTION("Avocet");
MODULE_LICENSE("GPL");
