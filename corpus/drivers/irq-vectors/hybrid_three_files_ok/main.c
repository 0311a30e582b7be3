// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The device of the packet tap: enabled and managed here, its vectors
 * allocated in irq.c and released by devres.
 */
#include <linux/module.h>

#include "siskin.h"

static void siskin_init_queues(struct siskin *tap)
{
	int i;

	for (i = 0; i < SISKIN_QUEUES; i++) {
		tap->queue[i].tap = tap;
		tap->queue[i].index = i;
	}
}

static int siskin_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct siskin *tap;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	tap = devm_kzalloc(&pdev->dev, sizeof(*tap), GFP_KERNEL);
	if (!tap)
		return -ENOMEM;

	tap->pdev = pdev;
	spin_lock_init(&tap->lock);
	siskin_init_queues(tap);
	pci_set_drvdata(pdev, tap);

	tap->regs = pcim_iomap_region(pdev, 0, KBUILD_MODNAME);
	if (IS_ERR(tap->regs))
		return PTR_ERR(tap->regs);

	ret = siskin_irq_setup(tap);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no IRQs\n");

	writel(1, tap->regs + SISKIN_CTRL);
	return 0;
}

static void siskin_remove_ok(struct pci_dev *pdev)
{
	siskin_end(pci_get_drvdata(pdev));
}

static const struct pci_device_id siskin_ids[] = {
	{ PCI_VDEVICE(OSIER, 0x0230) },
	{ }
};
MODULE_DEVICE_TABLE(pci, siskin_ids);

static struct pci_driver siskin_driver = {
	.name = "siskin",
	.id_table = siskin_ids,
	.probe = siskin_probe_ok,
	.remove = siskin_remove_ok,
};
module_pci_driver(siskin_driver);

MODULE_DESCRIPTION("Packet tap");
