// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The device of the key store: managed here, in another file than the one
 * that allocates its vectors.
 */
#include <linux/jiffies.h>
#include <linux/module.h>

#include "gannet.h"

static int gannet_command(struct gannet *gannet, u32 cmd, u32 arg)
{
	guard(mutex)(&gannet->cmd_lock);

	reinit_completion(&gannet->done);
	writel(arg, gannet->regs + GANNET_ARG);
	writel(cmd, gannet->regs + GANNET_CMD);
	if (!wait_for_completion_timeout(&gannet->done, msecs_to_jiffies(500)))
		return -ETIMEDOUT;
	return readl(gannet->regs + GANNET_RESULT) ? -EIO : 0;
}

static int gannet_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct gannet *gannet;
	int ret;

	gannet = devm_kzalloc(&pdev->dev, sizeof(*gannet), GFP_KERNEL);
	if (!gannet)
		return -ENOMEM;

	gannet->pdev = pdev;
	mutex_init(&gannet->cmd_lock);
	init_completion(&gannet->done);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	gannet->regs = pcim_iomap_region(pdev, 4, KBUILD_MODNAME);
	if (IS_ERR(gannet->regs))
		return PTR_ERR(gannet->regs);

	ret = gannet_irq_init(gannet, 2);
	if (ret)
		return ret;

	return gannet_command(gannet, GANNET_CMD_SELF_TEST, 0);
}

static const struct pci_device_id gannet_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0610) },
	{ }
};
MODULE_DEVICE_TABLE(pci, gannet_ids);

static struct pci_driver gannet_driver = {
	.name = "gannet",
	.id_table = gannet_ids,
	.probe = gannet_probe_bad,
};
module_pci_driver(gannet_driver);

MODULE_DESCRIPTION("Key store");
