// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A weir that gives its gauge back by the region itself, and unmaps its gate as memory.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define WEIR_GAUGE 0x7000
#define WEIR_GAUGE_SIZE 0x100

struct weir {
	struct resource *gauge;
	void __iomem *gate;
};

int weir_flood(struct weir *weir);

static int weir_probe_ok(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct weir *weir;
	int ret;

	weir = devm_kzalloc(&pdev->dev, sizeof(*weir), GFP_KERNEL);
	if (!weir)
		return -ENOMEM;

	weir->gauge = request_mem_region(WEIR_GAUGE, WEIR_GAUGE_SIZE, "gauge");
	if (!weir->gauge)
		return -EBUSY;

	weir->gate = pci_iomap(pdev, 0, 0);
	if (!weir->gate) {
		ret = -ENOMEM;
		goto no_gate;
	}

	ret = weir_flood(weir);
	if (ret)
		goto unmap;

	pci_set_drvdata(pdev, weir);
	return 0;

unmap:
	iounmap(weir->gate);
no_gate:
	release_resource(weir->gauge);
	kfree(weir->gauge);
	return ret;
}

static void weir_remove_ok(struct pci_dev *pdev)
{
	struct weir *weir = pci_get_drvdata(pdev);

	iounmap(weir->gate);
	release_resource(weir->gauge);
	kfree(weir->gauge);
}

static struct pci_driver weir_driver = {
	.name = "weir",
	.probe = weir_probe_ok,
	.remove = weir_remove_ok,
};
module_pci_driver(weir_driver);

MODULE_DESCRIPTION("Weir");
