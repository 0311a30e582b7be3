// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A beacon that can flash before there is anything that waits for it.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct beacon {
	struct device *dev;
	struct net_device *netdev;
	struct napi_struct napi;
	struct completion lit;
	spinlock_t lock;
	u32 flashes;
};

static int beacon_poll_bad(struct napi_struct *napi, int budget)
{
	struct beacon *beacon = container_of(napi, struct beacon, napi);

	spin_lock(&beacon->lock);
	beacon->flashes = 0;
	spin_unlock(&beacon->lock);
	return 0;
}

static irqreturn_t beacon_isr_bad(int irq, void *data)
{
	struct beacon *beacon = data;

	dev_info(beacon->dev, "flash\n");
	complete(&beacon->lit);
	return IRQ_HANDLED;
}

static int beacon_probe_bad(struct platform_device *pdev)
{
	struct beacon *beacon;
	int ret;

	beacon = devm_kzalloc(&pdev->dev, sizeof(*beacon), GFP_KERNEL);
	if (!beacon)
		return -ENOMEM;
	beacon->dev = &pdev->dev;
	netif_napi_add(beacon->netdev, &beacon->napi, beacon_poll_bad);
	napi_enable(&beacon->napi);
	spin_lock_init(&beacon->lock);

	ret = devm_request_irq(&pdev->dev, platform_get_irq(pdev, 0), beacon_isr_bad, 0, "beacon", beacon);
	if (ret)
		goto no_irq;
	init_completion(&beacon->lit);
	ret = pm_runtime_get_sync(beacon->dev);
	if (ret < 0)
		goto no_power;

	platform_set_drvdata(pdev, beacon);
	return 0;

no_power:
	pm_runtime_put_noidle(beacon->dev);
no_irq:
	napi_disable(&beacon->napi);
	netif_napi_del(&beacon->napi);
	return ret;
}

static void beacon_remove_bad(struct platform_device *pdev)
{
	struct beacon *beacon = platform_get_drvdata(pdev);

	pm_runtime_put(beacon->dev);
	napi_disable(&beacon->napi);
	netif_napi_del(&beacon->napi);
}

static struct platform_driver beacon_driver = {
	.probe = beacon_probe_bad,
	.remove = beacon_remove_bad,
	.driver = {
		.name = "beacon",
	},
};
module_platform_driver(beacon_driver);

MODULE_DESCRIPTION("Beacon");
