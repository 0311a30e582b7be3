// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A beacon that is powered only when its interrupt is there already, and polled
 * only when something schedules that: both are in time.
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

static int beacon_poll_ok(struct napi_struct *napi, int budget)
{
	struct beacon *beacon = container_of(napi, struct beacon, napi);

	spin_lock(&beacon->lock);
	beacon->flashes = 0;
	spin_unlock(&beacon->lock);
	return 0;
}

static irqreturn_t beacon_isr_ok(int irq, void *data)
{
	struct beacon *beacon = data;

	dev_info(beacon->dev, "flash\n");
	complete(&beacon->lit);
	return IRQ_HANDLED;
}

static int beacon_probe_ok(struct platform_device *pdev)
{
	struct beacon *beacon;
	int ret;

	beacon = devm_kzalloc(&pdev->dev, sizeof(*beacon), GFP_KERNEL);
	if (!beacon)
		return -ENOMEM;
	beacon->dev = &pdev->dev;
	init_completion(&beacon->lit);
	netif_napi_add(beacon->netdev, &beacon->napi, beacon_poll_ok);
	napi_enable(&beacon->napi);
	spin_lock_init(&beacon->lock);

	ret = devm_request_irq(&pdev->dev, platform_get_irq(pdev, 0), beacon_isr_ok, 0, "beacon", beacon);
	if (ret)
		goto no_irq;

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

static void beacon_remove_ok(struct platform_device *pdev)
{
	struct beacon *beacon = platform_get_drvdata(pdev);

	pm_runtime_put(beacon->dev);
	napi_disable(&beacon->napi);
	netif_napi_del(&beacon->napi);
}

static struct platform_driver beacon_driver = {
	.probe = beacon_probe_ok,
	.remove = beacon_remove_ok,
	.driver = {
		.name = "beacon",
	},
};
module_platform_driver(beacon_driver);

MODULE_DESCRIPTION("Beacon");
