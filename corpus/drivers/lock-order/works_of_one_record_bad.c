// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A loom with two works of one record. It waits for the one that takes the mutex which it holds:
 * by a helper that gets the record, and by one that asks for a flag.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

struct loom_job {
	struct work_struct work;
	int runs;
};

struct loom {
	struct mutex warp;
	struct loom_job weave;
	struct loom_job count;
	bool broken;
	int rows;
};

static void loom_weave(struct work_struct *work)
{
	struct loom *loom = container_of(work, struct loom, weave.work);

	mutex_lock(&loom->warp);
	loom->rows++;
	mutex_unlock(&loom->warp);
}

static void loom_count(struct work_struct *work)
{
	struct loom *loom = container_of(work, struct loom, count.work);

	loom->count.runs++;
}

static void loom_job_stop(struct loom_job *job)
{
	cancel_work_sync(&job->work);
}

/* A broken loom does not weave, and nobody waits for it. */
static void loom_halt(struct loom *loom)
{
	if (!loom->broken)
		cancel_work_sync(&loom->weave.work);
}

static int loom_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct loom *loom;

	loom = devm_kzalloc(&pdev->dev, sizeof(*loom), GFP_KERNEL);
	if (!loom)
		return -ENOMEM;
	mutex_init(&loom->warp);
	INIT_WORK(&loom->weave.work, loom_weave);
	INIT_WORK(&loom->count.work, loom_count);
	pci_set_drvdata(pdev, loom);
	queue_work(system_wq, &loom->weave.work);
	queue_work(system_wq, &loom->count.work);
	return 0;
}

static void loom_remove_bad(struct pci_dev *pdev)
{
	struct loom *loom = pci_get_drvdata(pdev);

	mutex_lock(&loom->warp);
	loom_job_stop(&loom->count);
	loom_job_stop(&loom->weave);
	loom_halt(loom);
	mutex_unlock(&loom->warp);
}

static const struct pci_device_id loom_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0c15) },
	{ }
};
MODULE_DEVICE_TABLE(pci, loom_ids);

static struct pci_driver loom_driver = {
	.name = "loom",
	.id_table = loom_ids,
	.probe = loom_probe_bad,
	.remove = loom_remove_bad,
};
module_pci_driver(loom_driver);

MODULE_DESCRIPTION("Loom");
MODULE_LICENSE("GPL");
