/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_PCI_EPF_H
#define CORPUS_LINUX_PCI_EPF_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mod_devicetable.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct pci_epc;
struct pci_epc_features;
struct pci_epf;

enum pci_barno {
	NO_BAR = -1,
	BAR_0,
	BAR_1,
	BAR_2,
	BAR_3,
	BAR_4,
	BAR_5,
};

enum pci_epc_interface_type {
	UNKNOWN_INTERFACE = -1,
	PRIMARY_INTERFACE,
	SECONDARY_INTERFACE,
};

struct pci_epf_device_id {
	char name[20];
	kernel_ulong_t driver_data;
};

struct pci_epf_ops {
	int (*bind)(struct pci_epf *epf);
	void (*unbind)(struct pci_epf *epf);
};

struct pci_epf_driver {
	int (*probe)(struct pci_epf *epf, const struct pci_epf_device_id *id);
	void (*remove)(struct pci_epf *epf);
	struct device_driver driver;
	const struct pci_epf_ops *ops;
	struct module *owner;
	const struct pci_epf_device_id *id_table;
};

struct pci_epf_bar {
	dma_addr_t phys_addr;
	void *addr;
	size_t size;
	enum pci_barno barno;
	int flags;
};

/* What the host writes, and where it comes out on this side. */
struct pci_epf_doorbell_msg {
	u32 data;
	int virq;
};

struct pci_epf {
	struct device dev;
	const char *name;
	struct pci_epf_bar bar[6];
	u8 func_no;
	u8 vfunc_no;
	struct pci_epc *epc;
	struct pci_epf_driver *driver;
	struct mutex lock;
	struct pci_epf_doorbell_msg *db_msg;
	u16 num_db;
};

static inline void epf_set_drvdata(struct pci_epf *epf, void *data)
{
	dev_set_drvdata(&epf->dev, data);
}

static inline void *epf_get_drvdata(struct pci_epf *epf)
{
	return dev_get_drvdata(&epf->dev);
}

int __pci_epf_register_driver(struct pci_epf_driver *driver, struct module *owner);
void pci_epf_unregister_driver(struct pci_epf_driver *driver);

#define pci_epf_register_driver(driver) __pci_epf_register_driver((driver), THIS_MODULE)

void *pci_epf_alloc_space(struct pci_epf *epf, size_t size, enum pci_barno bar,
			  const struct pci_epc_features *features,
			  enum pci_epc_interface_type type);
void pci_epf_free_space(struct pci_epf *epf, void *addr, enum pci_barno bar,
			enum pci_epc_interface_type type);

#endif
