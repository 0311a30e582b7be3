// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The same lock keeper, who makes the lock ready before he queues the work.
 */
#include <linux/module.h>
#include <linux/pci-epf.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct keeper {
	struct delayed_work rounds;
	spinlock_t water;
	unsigned int gates;
	unsigned int level[8];
};

static void keeper_rounds(struct work_struct *work)
{
	struct keeper *keeper = container_of(work, struct keeper, rounds.work);
	unsigned int i;

	for (i = 0; i < keeper->gates; i++) {
		spin_lock(&keeper->water);
		keeper->level[i]++;
		spin_unlock(&keeper->water);
	}
}

/* What a user writes into configfs. */
void keeper_gates_store(struct keeper *keeper, unsigned int gates)
{
	keeper->gates = gates;
}

static int keeper_bind_ok(struct pci_epf *epf)
{
	struct keeper *keeper = epf_get_drvdata(epf);

	INIT_DELAYED_WORK(&keeper->rounds, keeper_rounds);
	spin_lock_init(&keeper->water);
	queue_delayed_work(system_wq, &keeper->rounds, 0);
	return 0;
}

static void keeper_unbind_ok(struct pci_epf *epf)
{
	struct keeper *keeper = epf_get_drvdata(epf);

	cancel_delayed_work_sync(&keeper->rounds);
}

static int keeper_probe_ok(struct pci_epf *epf, const struct pci_epf_device_id *id)
{
	struct keeper *keeper;

	keeper = devm_kzalloc(&epf->dev, sizeof(*keeper), GFP_KERNEL);
	if (!keeper)
		return -ENOMEM;
	epf_set_drvdata(epf, keeper);
	return 0;
}

static const struct pci_epf_device_id keeper_ids[] = {
	{ .name = "keeper" },
	{ },
};

static const struct pci_epf_ops keeper_ops = {
	.bind = keeper_bind_ok,
	.unbind = keeper_unbind_ok,
};

static struct pci_epf_driver keeper_driver = {
	.driver = {
		.name = "keeper",
	},
	.probe = keeper_probe_ok,
	.id_table = keeper_ids,
	.ops = &keeper_ops,
	.owner = THIS_MODULE,
};

static int __init keeper_init(void)
{
	return pci_epf_register_driver(&keeper_driver);
}
module_init(keeper_init);

static void __exit keeper_exit(void)
{
	pci_epf_unregister_driver(&keeper_driver);
}
module_exit(keeper_exit);

MODULE_DESCRIPTION("Lock keeper");
