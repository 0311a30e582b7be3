// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A quay with two berths. Both come out of one table; they are two all the same.
 */
#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define QUAY_BERTH 16

struct quay {
	resource_size_t north;
	resource_size_t south;
};

static int quay_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct quay *quay;

	quay = devm_kzalloc(&pdev->dev, sizeof(*quay), GFP_KERNEL);
	if (!quay)
		return -ENOMEM;

	quay->north = pdev->resource[0].start;
	quay->south = pdev->resource[1].start;
	if (!request_mem_region(quay->north, QUAY_BERTH, "north"))
		return -EBUSY;
	if (!request_mem_region(quay->south, QUAY_BERTH, "south")) {
		release_mem_region(quay->north, QUAY_BERTH);
		return -EBUSY;
	}

	pci_set_drvdata(pdev, quay);
	return 0;
}

static void quay_remove_ok(struct pci_dev *pdev)
{
	struct quay *quay = pci_get_drvdata(pdev);

	release_mem_region(quay->north, QUAY_BERTH);
	release_mem_region(quay->south, QUAY_BERTH);
}

static struct pci_driver quay_driver = {
	.name = "quay",
	.probe = quay_probe_ok,
	.remove = quay_remove_ok,
};
module_pci_driver(quay_driver);

MODULE_DESCRIPTION("Quay");
