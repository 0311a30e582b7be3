/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_PCI_EPC_H
#define CORPUS_LINUX_PCI_EPC_H

#include <linux/pci-epf.h>

struct pci_epc_features {
	unsigned int msi_capable : 1;
	unsigned int msix_capable : 1;
	size_t align;
};

struct pci_epc {
	struct device dev;
	void *ops;
	u8 max_functions;
};

struct pci_epc *pci_epc_get(const char *epc_name);
void pci_epc_put(struct pci_epc *epc);
int pci_epc_add_epf(struct pci_epc *epc, struct pci_epf *epf, enum pci_epc_interface_type type);
void pci_epc_remove_epf(struct pci_epc *epc, struct pci_epf *epf,
			enum pci_epc_interface_type type);
const struct pci_epc_features *pci_epc_get_features(struct pci_epc *epc, u8 func_no,
						    u8 vfunc_no);
int pci_epc_set_bar(struct pci_epc *epc, u8 func_no, u8 vfunc_no, struct pci_epf_bar *bar);
void pci_epc_clear_bar(struct pci_epc *epc, u8 func_no, u8 vfunc_no, struct pci_epf_bar *bar);
int pci_epc_raise_irq(struct pci_epc *epc, u8 func_no, u8 vfunc_no, unsigned int type,
		      u16 number);

#endif
