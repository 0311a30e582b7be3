// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An endpoint function that leaves it to configfs to take it off its controller. It
 * takes a second controller by itself, and gives that one back.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci-epc.h>
#include <linux/pci-epf.h>
#include <linux/slab.h>

struct ferry {
	struct pci_epf *epf;
	struct pci_epc *harbour;
	void *deck;
};

static void ferry_leave(struct ferry *ferry)
{
	pci_epc_put(ferry->harbour);
}

static int ferry_bind_ok(struct pci_epf *epf)
{
	struct ferry *ferry = epf_get_drvdata(epf);

	ferry->harbour = pci_epc_get("harbour");
	if (IS_ERR(ferry->harbour))
		return PTR_ERR(ferry->harbour);

	ferry->deck = pci_epf_alloc_space(epf, 4096, BAR_0, NULL, PRIMARY_INTERFACE);
	if (!ferry->deck) {
		ferry_leave(ferry);
		return -ENOMEM;
	}
	return 0;
}

static void ferry_unbind_ok(struct pci_epf *epf)
{
	struct ferry *ferry = epf_get_drvdata(epf);

	pci_epf_free_space(epf, ferry->deck, BAR_0, PRIMARY_INTERFACE);
	ferry_leave(ferry);
}

static int ferry_probe_ok(struct pci_epf *epf, const struct pci_epf_device_id *id)
{
	struct ferry *ferry;

	ferry = devm_kzalloc(&epf->dev, sizeof(*ferry), GFP_KERNEL);
	if (!ferry)
		return -ENOMEM;
	ferry->epf = epf;
	epf_set_drvdata(epf, ferry);
	return 0;
}

static const struct pci_epf_device_id ferry_ids[] = {
	{ .name = "ferry" },
	{ },
};

static const struct pci_epf_ops ferry_ops = {
	.bind = ferry_bind_ok,
	.unbind = ferry_unbind_ok,
};

static struct pci_epf_driver ferry_driver = {
	.driver = {
		.name = "ferry",
	},
	.probe = ferry_probe_ok,
	.id_table = ferry_ids,
	.ops = &ferry_ops,
	.owner = THIS_MODULE,
};

static int __init ferry_init(void)
{
	return pci_epf_register_driver(&ferry_driver);
}
module_init(ferry_init);

static void __exit ferry_exit(void)
{
	pci_epf_unregister_driver(&ferry_driver);
}
module_exit(ferry_exit);

MODULE_DESCRIPTION("Ferry");
