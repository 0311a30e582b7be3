/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Doorbells of an endpoint function that raise an IRQ: newer than 6.12. */
#ifndef CORPUS_LINUX_PCI_EP_MSI_H
#define CORPUS_LINUX_PCI_EP_MSI_H

#include <linux/pci-epf.h>

int pci_epf_alloc_doorbell(struct pci_epf *epf, u16 num);
void pci_epf_free_doorbell(struct pci_epf *epf);

#endif
