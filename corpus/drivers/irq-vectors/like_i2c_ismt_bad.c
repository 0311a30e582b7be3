// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Situation of drivers/i2c/busses/i2c-ismt.c: MSI is tried with the older
 * call; when the IRQ is refused MSI is turned off, and either failure goes to
 * the shared line by way of a goto. pci_disable_msi() stands on that path only.
 */
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>

#define SPIT_CMD 0x00
#define SPIT_STATUS 0x04
#define SPIT_DONE BIT(0)

struct spit {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct completion done;
	struct i2c_adapter adapter;
};

static irqreturn_t spit_message(int irq, void *data)
{
	struct spit *spit = data;

	complete(&spit->done);
	return IRQ_HANDLED;
}

static irqreturn_t spit_line(int irq, void *data)
{
	struct spit *spit = data;

	if (!(readl(spit->regs + SPIT_STATUS) & SPIT_DONE))
		return IRQ_NONE;
	writel(SPIT_DONE, spit->regs + SPIT_STATUS);
	return spit_message(irq, data);
}

static int spit_xfer(struct i2c_adapter *adap, struct i2c_msg *msgs, int num)
{
	struct spit *spit = i2c_get_adapdata(adap);
	int i;

	for (i = 0; i < num; i++) {
		reinit_completion(&spit->done);
		writel(msgs[i].addr << 8 | msgs[i].len, spit->regs + SPIT_CMD);
		if (!wait_for_completion_timeout(&spit->done, msecs_to_jiffies(100)))
			return -ETIMEDOUT;
	}
	return num;
}

static u32 spit_func(struct i2c_adapter *adap)
{
	return I2C_FUNC_I2C;
}

static const struct i2c_algorithm spit_algorithm = {
	.xfer = spit_xfer,
	.functionality = spit_func,
};

static int spit_init_irq(struct spit *spit)
{
	struct pci_dev *pdev = spit->pdev;
	int err;

	err = pci_enable_msi(pdev);
	if (err)
		goto shared;

	err = devm_request_irq(&pdev->dev,
			       pdev->irq,
			       spit_message,
			       0,
			       "spit-msi",
			       spit);
	if (err) {
		pci_disable_msi(pdev);
		goto shared;
	}
	return 0;

shared:
	dev_warn(&pdev->dev, "no MSI, taking the shared line\n");
	err = devm_request_irq(&pdev->dev,
			       pdev->irq,
			       spit_line,
			       IRQF_SHARED,
			       "spit-line",
			       spit);
	if (err)
		dev_err(&pdev->dev, "no IRQ at all\n");
	return err;
}

static int spit_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct spit *spit;
	int err;

	spit = devm_kzalloc(&pdev->dev, sizeof(*spit), GFP_KERNEL);
	if (!spit)
		return -ENOMEM;
	spit->pdev = pdev;
	init_completion(&spit->done);
	i2c_set_adapdata(&spit->adapter, spit);
	spit->adapter.owner = THIS_MODULE;
	spit->adapter.algo = &spit_algorithm;
	spit->adapter.dev.parent = &pdev->dev;
	pci_set_drvdata(pdev, spit);

	err = pcim_enable_device(pdev);
	if (err)
		return err;

	spit->regs = pcim_iomap_region(pdev, 0, "spit");
	if (IS_ERR(spit->regs))
		return PTR_ERR(spit->regs);

	err = spit_init_irq(spit);
	if (err)
		return err;

	return i2c_add_adapter(&spit->adapter);
}

static void spit_remove_bad(struct pci_dev *pdev)
{
	struct spit *spit = pci_get_drvdata(pdev);

	i2c_del_adapter(&spit->adapter);
}

static const struct pci_device_id spit_ids[] = {
	{ PCI_VDEVICE(FELLSIDE, 0x0860) },
	{ }
};
MODULE_DEVICE_TABLE(pci, spit_ids);

static struct pci_driver spit_driver = {
	.name = "spit",
	.id_table = spit_ids,
	.probe = spit_probe_bad,
	.remove = spit_remove_bad,
};
module_pci_driver(spit_driver);

MODULE_DESCRIPTION("SMBus controller");
