// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A conveyor of DMA transfers whose tasklet is killed when the last user
 * of its channel goes.
 */
#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct conveyor {
	struct dma_device dma;
	struct tasklet_struct done;
	unsigned int moved;
};

static struct conveyor *the_conveyor(struct dma_chan *chan)
{
	return container_of(chan->device, struct conveyor, dma);
}

static void conveyor_done(struct tasklet_struct *t)
{
	struct conveyor *conveyor = from_tasklet(conveyor, t, done);

	conveyor->moved++;
}

static irqreturn_t conveyor_isr(int irq, void *data)
{
	struct conveyor *conveyor = data;

	tasklet_schedule(&conveyor->done);
	return IRQ_HANDLED;
}

static void conveyor_synchronize_ok(struct dma_chan *chan)
{
	tasklet_kill(&the_conveyor(chan)->done);
}

static int conveyor_probe_ok(struct platform_device *pdev)
{
	struct conveyor *conveyor;
	int irq, ret;

	conveyor = devm_kzalloc(&pdev->dev, sizeof(*conveyor), GFP_KERNEL);
	if (!conveyor)
		return -ENOMEM;

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	tasklet_setup(&conveyor->done, conveyor_done);
	ret = devm_request_irq(&pdev->dev, irq, conveyor_isr, 0, "conveyor", conveyor);
	if (ret)
		return ret;

	conveyor->dma.dev = &pdev->dev;
	conveyor->dma.device_synchronize = conveyor_synchronize_ok;
	platform_set_drvdata(pdev, conveyor);
	return dma_async_device_register(&conveyor->dma);
}

static void conveyor_remove_ok(struct platform_device *pdev)
{
	struct conveyor *conveyor = platform_get_drvdata(pdev);

	dma_async_device_unregister(&conveyor->dma);
}

static struct platform_driver conveyor_driver = {
	.probe = conveyor_probe_ok,
	.remove = conveyor_remove_ok,
	.driver = {
		.name = "conveyor",
	},
};
module_platform_driver(conveyor_driver);

MODULE_DESCRIPTION("Conveyor");
MODULE_LICENSE("GPL");
