// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* A driver of silos. What it may do where is written in the silos' own code. */
#include <linux/module.h>
#include <linux/pci.h>
#include "include/granary.h"

struct auger {
	struct granary_silo silo;
};

static int auger_level(void *silo)
{
	return granary_peek(silo);
}

static int auger_clean(void *silo)
{
	return granary_peek(silo);
}

static const struct granary_ops auger_ops = {
	.level = auger_level,
	.clean = auger_clean,
};

static int auger_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct auger *auger = devm_kzalloc(&pdev->dev, sizeof(*auger), GFP_KERNEL);

	if (!auger)
		return -ENOMEM;
	mutex_init(&auger->silo.mutex);
	auger->silo.ops = &auger_ops;
	pci_set_drvdata(pdev, auger);
	return 0;
}

static const struct pci_device_id auger_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c42) },
	{ }
};
MODULE_DEVICE_TABLE(pci, auger_ids);

static struct pci_driver auger_driver = {
	.name = "auger",
	.id_table = auger_ids,
	.probe = auger_probe,
};
module_pci_driver(auger_driver);

MODULE_DESCRIPTION("Auger");
MODULE_LICENSE("GPL");
