// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The virtual NTB, started too early and emptied too early. The command work and the
 * doorbells run from bind on, before the PCI driver's probe has set the pointer to the NTB
 * device that they follow; and unbind frees the memory of the BAR while the clients of the
 * NTB device can still read its scratchpads.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/ntb.h>
#include <linux/pci.h>
#include <linux/pci-ep-msi.h>
#include <linux/pci-epc.h>
#include <linux/pci-epf.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define VNTB_DOORBELLS 4
#define VNTB_SPADS 16
#define VNTB_BUS 0x60
#define VNTB_POLL msecs_to_jiffies(5)

#define VNTB_CMD_LINK_UP 1
#define VNTB_CMD_LINK_DOWN 2
#define VNTB_CMD_DONE 0x80000000

/* What the host sees in BAR 0. */
struct vntb_regs {
	u32 command;
	u32 status;
	u32 spads[VNTB_SPADS];
	u32 doorbells[VNTB_DOORBELLS];
};

struct vntb {
	struct pci_epf *epf;
	struct pci_bus *bus;
	struct ntb_dev *ntb;
	struct vntb_regs *regs;
	struct delayed_work commands;
	bool link_up;
};

/* The NTB device, as its clients know it. */
struct vntb_port {
	struct ntb_dev ntb;
	struct vntb *vntb;
};

#define to_vntb(dev) (container_of(dev, struct vntb_port, ntb)->vntb)

/* What the host asks for */

static void vntb_commands(struct work_struct *work)
{
	struct vntb *vntb = container_of(work, struct vntb, commands.work);
	struct vntb_regs *regs = vntb->regs;
	u32 command = READ_ONCE(regs->command);
	int i;

	for (i = 0; i < VNTB_DOORBELLS; i++) {
		if (!READ_ONCE(regs->doorbells[i]))
			continue;
		regs->doorbells[i] = 0;
		ntb_db_event(vntb->ntb, i);
	}

	if (command) {
		regs->command = 0;
		vntb->link_up = command == VNTB_CMD_LINK_UP;
		ntb_link_event(vntb->ntb);
		regs->status = command | VNTB_CMD_DONE;
	}
	schedule_delayed_work(&vntb->commands, VNTB_POLL);
}

static irqreturn_t vntb_doorbell(int irq, void *data)
{
	struct vntb *vntb = data;
	int i;

	for (i = 0; i < VNTB_DOORBELLS; i++)
		if (vntb->epf->db_msg[i].virq == irq)
			ntb_db_event(vntb->ntb, i);
	return IRQ_HANDLED;
}

static int vntb_request_doorbells(struct vntb *vntb)
{
	struct pci_epf_doorbell_msg *msg = vntb->epf->db_msg;
	int i, ret;

	for (i = 0; i < VNTB_DOORBELLS; i++) {
		ret = request_irq(msg[i].virq, vntb_doorbell, 0, "vntb", vntb);
		if (ret)
			goto err_free;
	}
	return 0;

err_free:
	while (i--)
		free_irq(msg[i].virq, vntb);
	return ret;
}

static void vntb_free_doorbells(struct vntb *vntb)
{
	int i;

	for (i = 0; i < VNTB_DOORBELLS; i++)
		free_irq(vntb->epf->db_msg[i].virq, vntb);
}

static void vntb_start_commands(struct vntb *vntb)
{
	INIT_DELAYED_WORK(&vntb->commands, vntb_commands);
	schedule_delayed_work(&vntb->commands, VNTB_POLL);
}

static void vntb_stop_commands(struct vntb *vntb)
{
	cancel_delayed_work_sync(&vntb->commands);
}

/* What the clients on this side ask for */

static int vntb_port_number(struct ntb_dev *ntb)
{
	return 0;
}

static int vntb_peer_port_count(struct ntb_dev *ntb)
{
	return 1;
}

static u64 vntb_link_is_up(struct ntb_dev *ntb, enum ntb_speed *speed, enum ntb_width *width)
{
	return to_vntb(ntb)->link_up;
}

static int vntb_spad_count(struct ntb_dev *ntb)
{
	return VNTB_SPADS;
}

static u32 vntb_spad_read(struct ntb_dev *ntb, int index)
{
	return READ_ONCE(to_vntb(ntb)->regs->spads[index]);
}

static int vntb_spad_write(struct ntb_dev *ntb, int index, u32 val)
{
	WRITE_ONCE(to_vntb(ntb)->regs->spads[index], val);
	return 0;
}

static u64 vntb_db_valid_mask(struct ntb_dev *ntb)
{
	return (1ULL << VNTB_DOORBELLS) - 1;
}

static const struct ntb_dev_ops vntb_ops = {
	.port_number = vntb_port_number,
	.peer_port_count = vntb_peer_port_count,
	.link_is_up = vntb_link_is_up,
	.db_valid_mask = vntb_db_valid_mask,
	.spad_count = vntb_spad_count,
	.spad_read = vntb_spad_read,
	.spad_write = vntb_spad_write,
};

/* The virtual PCI device */

static int vntb_pci_probe_bad(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vntb *vntb = pdev->sysdata;
	struct vntb_port *port;
	int ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	port->vntb = vntb;
	port->ntb.pdev = pdev;
	port->ntb.topo = NTB_TOPO_NONE;
	port->ntb.ops = &vntb_ops;
	ret = ntb_register_device(&port->ntb);
	if (ret)
		goto err_free;

	vntb->ntb = &port->ntb;
	pci_set_drvdata(pdev, port);
	return 0;

err_free:
	kfree(port);
	return ret;
}

static void vntb_pci_remove_bad(struct pci_dev *pdev)
{
	struct vntb_port *port = pci_get_drvdata(pdev);
	struct vntb *vntb = port->vntb;

	vntb->ntb = NULL;
	/* Waits until nobody holds the NTB device. */
	ntb_unregister_device(&port->ntb);
	kfree(port);
}

static const struct pci_device_id vntb_pci_ids[] = {
	{ PCI_VDEVICE(TARN, 0x0ff0) },
	{ }
};

static struct pci_driver vntb_pci_driver = {
	.name = "vntb-pci",
	.id_table = vntb_pci_ids,
	.probe = vntb_pci_probe_bad,
	.remove = vntb_pci_remove_bad,
};

static int vntb_config_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *val)
{
	if (devfn)
		return PCIBIOS_DEVICE_NOT_FOUND;
	*val = where ? 0 : PCI_VENDOR_ID_TARN | 0x0ff0 << 16;
	return PCIBIOS_SUCCESSFUL;
}

static int vntb_config_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 val)
{
	return devfn ? PCIBIOS_DEVICE_NOT_FOUND : PCIBIOS_SUCCESSFUL;
}

static struct pci_ops vntb_config_ops = {
	.read = vntb_config_read,
	.write = vntb_config_write,
};

static int vntb_add_bus(struct vntb *vntb)
{
	int ret = 0;

	pci_lock_rescan_remove();
	vntb->bus = pci_scan_bus(VNTB_BUS, &vntb_config_ops, vntb);
	if (vntb->bus)
		pci_bus_add_devices(vntb->bus);
	else
		ret = -ENODEV;
	pci_unlock_rescan_remove();
	return ret;
}

static void vntb_remove_bus(struct vntb *vntb)
{
	pci_lock_rescan_remove();
	pci_stop_root_bus(vntb->bus);
	pci_remove_root_bus(vntb->bus);
	pci_unlock_rescan_remove();
}

/* The endpoint function */

static int vntb_map_bar(struct vntb *vntb)
{
	struct pci_epf *epf = vntb->epf;
	const struct pci_epc_features *features;
	int ret;

	features = pci_epc_get_features(epf->epc, epf->func_no, epf->vfunc_no);
	vntb->regs = pci_epf_alloc_space(epf, sizeof(*vntb->regs), BAR_0, features,
					 PRIMARY_INTERFACE);
	if (!vntb->regs)
		return -ENOMEM;
	ret = pci_epc_set_bar(epf->epc, epf->func_no, epf->vfunc_no, &epf->bar[BAR_0]);
	if (ret)
		pci_epf_free_space(epf, vntb->regs, BAR_0, PRIMARY_INTERFACE);
	return ret;
}

static void vntb_unmap_bar(struct vntb *vntb)
{
	struct pci_epf *epf = vntb->epf;

	pci_epc_clear_bar(epf->epc, epf->func_no, epf->vfunc_no, &epf->bar[BAR_0]);
	pci_epf_free_space(epf, vntb->regs, BAR_0, PRIMARY_INTERFACE);
}

static int vntb_bind_bad(struct pci_epf *epf)
{
	struct vntb *vntb = epf_get_drvdata(epf);
	int ret;

	ret = vntb_map_bar(vntb);
	if (ret)
		return ret;
	ret = pci_epf_alloc_doorbell(epf, VNTB_DOORBELLS);
	if (ret)
		goto err_unmap;

	ret = vntb_request_doorbells(vntb);
	if (ret)
		goto err_doorbell;
	vntb_start_commands(vntb);

	ret = pci_register_driver(&vntb_pci_driver);
	if (ret)
		goto err_stop;
	ret = vntb_add_bus(vntb);
	if (ret)
		goto err_driver;
	return 0;

err_driver:
	pci_unregister_driver(&vntb_pci_driver);
err_stop:
	vntb_stop_commands(vntb);
	vntb_free_doorbells(vntb);
err_doorbell:
	pci_epf_free_doorbell(epf);
err_unmap:
	vntb_unmap_bar(vntb);
	return ret;
}

static void vntb_unbind_bad(struct pci_epf *epf)
{
	struct vntb *vntb = epf_get_drvdata(epf);

	vntb_stop_commands(vntb);
	vntb_free_doorbells(vntb);
	pci_epf_free_doorbell(epf);
	vntb_unmap_bar(vntb);
	vntb_remove_bus(vntb);
	pci_unregister_driver(&vntb_pci_driver);
}

static const struct pci_epf_ops vntb_epf_ops = {
	.bind = vntb_bind_bad,
	.unbind = vntb_unbind_bad,
};

static int vntb_probe_bad(struct pci_epf *epf, const struct pci_epf_device_id *id)
{
	struct vntb *vntb;

	vntb = devm_kzalloc(&epf->dev, sizeof(*vntb), GFP_KERNEL);
	if (!vntb)
		return -ENOMEM;
	vntb->epf = epf;
	epf_set_drvdata(epf, vntb);
	return 0;
}

static const struct pci_epf_device_id vntb_ids[] = {
	{ .name = "vntb" },
	{ }
};

static struct pci_epf_driver vntb_driver = {
	.probe = vntb_probe_bad,
	.ops = &vntb_epf_ops,
	.id_table = vntb_ids,
	.owner = THIS_MODULE,
	.driver = { .name = "vntb" },
};

static int __init vntb_init(void)
{
	return pci_epf_register_driver(&vntb_driver);
}
module_init(vntb_init);

static void __exit vntb_exit(void)
{
	pci_epf_unregister_driver(&vntb_driver);
}
module_exit(vntb_exit);

MODULE_DESCRIPTION("Virtual NTB");
