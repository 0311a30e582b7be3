/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The PCI driver API. What a tree says about IRQ vectors decides what is right
 * under pcim_enable_device():
 *
 *   hybrid tree      (default) pci_alloc_irq_vectors() and the older MSI calls are
 *                    silently managed once pcim_enable_device() has run
 *   transition tree  (DEVLIFE_TREE_DECLARES_PCIM_VECTORS) the same, and
 *                    pcim_alloc_irq_vectors() and its _affinity form exist
 */
#ifndef CORPUS_LINUX_PCI_H
#define CORPUS_LINUX_PCI_H

#include <linux/compiler.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mod_devicetable.h>
#include <linux/msi.h>
#include <linux/pci_ids.h>
#include <linux/types.h>

#define PCI_STD_NUM_BARS 6

#define PCI_IRQ_INTX (1 << 0)
#define PCI_IRQ_MSI (1 << 1)
#define PCI_IRQ_MSIX (1 << 2)
#define PCI_IRQ_AFFINITY (1 << 3)
#define PCI_IRQ_ALL_TYPES (PCI_IRQ_INTX | PCI_IRQ_MSI | PCI_IRQ_MSIX)

struct pci_bus;

struct pci_ops {
	int (*read)(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *val);
	int (*write)(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 val);
};

struct pci_bus {
	struct pci_bus *parent;
	struct pci_ops *ops;
	void *sysdata;
	unsigned char number;
};

struct pci_dev {
	struct pci_bus *bus;
	void *sysdata;
	unsigned int devfn;
	unsigned short vendor;
	unsigned short device;
	u8 revision;
	struct device dev;
	unsigned int irq;
	struct resource resource[PCI_STD_NUM_BARS];
	unsigned int msi_enabled : 1;
	unsigned int msix_enabled : 1;
	unsigned int is_managed : 1;
	unsigned int is_msi_managed : 1;
	unsigned int is_physfn : 1;
	unsigned int is_virtfn : 1;
	struct pci_dev *physfn;
};

#define to_pci_dev(n) container_of(n, struct pci_dev, dev)

struct pci_error_handlers;

struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *dev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *dev);
	void (*shutdown)(struct pci_dev *dev);
	int (*sriov_configure)(struct pci_dev *dev, int num_vfs);
	const struct pci_error_handlers *err_handler;
	const struct attribute_group **groups;
	const struct attribute_group **dev_groups;
	struct device_driver driver;
};

#define PCI_DEVICE(vend, dev) \
	.vendor = (vend), .device = (dev), \
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID

#define PCI_VDEVICE(vend, dev) \
	.vendor = PCI_VENDOR_ID_##vend, .device = (dev), \
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, 0, 0

#define PCI_DEVICE_DATA(vend, dev, data) \
	.vendor = PCI_VENDOR_ID_##vend, .device = (dev), \
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, 0, 0, \
	.driver_data = (kernel_ulong_t)(data)

#define pci_err(pdev, fmt, arg...) dev_err(&(pdev)->dev, fmt, ##arg)
#define pci_warn(pdev, fmt, arg...) dev_warn(&(pdev)->dev, fmt, ##arg)
#define pci_info(pdev, fmt, arg...) dev_info(&(pdev)->dev, fmt, ##arg)
#define pci_dbg(pdev, fmt, arg...) dev_dbg(&(pdev)->dev, fmt, ##arg)

/* Registration */

int __must_check __pci_register_driver(struct pci_driver *drv, struct module *owner,
				       const char *mod_name);
void pci_unregister_driver(struct pci_driver *drv);

#define pci_register_driver(driver) \
	__pci_register_driver(driver, THIS_MODULE, KBUILD_MODNAME)

#define module_pci_driver(table) \
	module_driver(table, pci_register_driver, pci_unregister_driver)

/* Devices */

static inline void *pci_get_drvdata(struct pci_dev *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void pci_set_drvdata(struct pci_dev *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

static inline const char *pci_name(const struct pci_dev *pdev)
{
	return dev_name(&pdev->dev);
}

static inline int pci_is_managed(struct pci_dev *pdev)
{
	return pdev->is_managed;
}

int __must_check pci_enable_device(struct pci_dev *dev);
int __must_check pci_enable_device_mem(struct pci_dev *dev);
void pci_disable_device(struct pci_dev *dev);
int __must_check pcim_enable_device(struct pci_dev *pdev);
void pci_set_master(struct pci_dev *dev);
void pci_clear_master(struct pci_dev *dev);

struct pci_dev *pci_dev_get(struct pci_dev *dev);
void pci_dev_put(struct pci_dev *dev);
DEFINE_FREE(pci_dev_put, struct pci_dev *, if (_T) pci_dev_put(_T))

int pci_read_config_dword(const struct pci_dev *dev, int where, u32 *val);
int pci_write_config_dword(const struct pci_dev *dev, int where, u32 val);
int pci_iov_vf_id(struct pci_dev *dev);
int pci_enable_sriov(struct pci_dev *dev, int nr_virtfn);
void pci_disable_sriov(struct pci_dev *dev);

/* Buses that a driver makes up */

#define PCIBIOS_SUCCESSFUL 0
#define PCIBIOS_DEVICE_NOT_FOUND 0x86

struct pci_bus *pci_scan_bus(int bus, struct pci_ops *ops, void *sysdata);
void pci_bus_add_devices(const struct pci_bus *bus);
void pci_stop_root_bus(struct pci_bus *bus);
void pci_remove_root_bus(struct pci_bus *bus);
void pci_stop_and_remove_bus_device(struct pci_dev *dev);
void pci_lock_rescan_remove(void);
void pci_unlock_rescan_remove(void);

/* Regions */

#define pci_resource_n(dev, bar) (&(dev)->resource[(bar)])
#define pci_resource_start(dev, bar) (pci_resource_n(dev, bar)->start)
#define pci_resource_len(dev, bar) resource_size(pci_resource_n(dev, bar))

int __must_check pci_request_regions(struct pci_dev *pdev, const char *name);
void pci_release_regions(struct pci_dev *pdev);
void __iomem *pci_iomap(struct pci_dev *dev, int bar, unsigned long max);
void pci_iounmap(struct pci_dev *dev, void __iomem *addr);

void __iomem *pcim_iomap(struct pci_dev *pdev, int bar, unsigned long maxlen);
void __iomem *pcim_iomap_region(struct pci_dev *pdev, int bar, const char *name);
void pcim_iounmap(struct pci_dev *pdev, void __iomem *addr);
void __iomem *const *pcim_iomap_table(struct pci_dev *pdev);
int __must_check pcim_iomap_regions(struct pci_dev *pdev, int mask, const char *name);
int __must_check pcim_request_all_regions(struct pci_dev *pdev, const char *name);

/* IRQ vectors */

int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min_vecs,
				   unsigned int max_vecs, unsigned int flags,
				   struct irq_affinity *affd);

static inline int pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min_vecs,
					unsigned int max_vecs, unsigned int flags)
{
	return pci_alloc_irq_vectors_affinity(dev, min_vecs, max_vecs, flags, NULL);
}

void pci_free_irq_vectors(struct pci_dev *dev);
int pci_irq_vector(struct pci_dev *dev, unsigned int nr);
const struct cpumask *pci_irq_get_affinity(struct pci_dev *pdev, int vec);
int pci_msi_vec_count(struct pci_dev *dev);
int pci_msix_vec_count(struct pci_dev *dev);

#ifdef DEVLIFE_TREE_DECLARES_PCIM_VECTORS
int pcim_alloc_irq_vectors(struct pci_dev *dev, unsigned int min_vecs,
			   unsigned int max_vecs, unsigned int flags);
int pcim_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min_vecs,
				    unsigned int max_vecs, unsigned int flags,
				    struct irq_affinity *affd);
#endif

__printf(6, 7) int pci_request_irq(struct pci_dev *dev, unsigned int nr, irq_handler_t handler,
				   irq_handler_t thread_fn, void *dev_id,
				   const char *fmt, ...);
void pci_free_irq(struct pci_dev *dev, unsigned int nr, void *dev_id);

/* The older calls, which change pdev->irq or fill a table instead */

struct msix_entry {
	u32 vector;
	u16 entry;
};

int pci_enable_msi(struct pci_dev *dev);
void pci_disable_msi(struct pci_dev *dev);
int pci_enable_msix_range(struct pci_dev *dev, struct msix_entry *entries, int minvec,
			  int maxvec);

static inline int pci_enable_msix_exact(struct pci_dev *dev, struct msix_entry *entries,
					int nvec)
{
	int got = pci_enable_msix_range(dev, entries, nvec, nvec);

	return got < 0 ? got : 0;
}

void pci_disable_msix(struct pci_dev *dev);

static inline bool pci_dev_msi_enabled(struct pci_dev *pdev)
{
	return pdev->msi_enabled || pdev->msix_enabled;
}

#endif
