/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The vendors are invented; so are the devices of the corpus. */
#ifndef CORPUS_LINUX_PCI_IDS_H
#define CORPUS_LINUX_PCI_IDS_H

#define PCI_VENDOR_ID_TARN 0x7e01
#define PCI_VENDOR_ID_OSIER 0x7e02
#define PCI_VENDOR_ID_FELLSIDE 0x7e03

#endif
