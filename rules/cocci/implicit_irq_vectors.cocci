// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// pcim_enable_device() makes devres free what pci_alloc_irq_vectors()
/// allocates, although neither name says so. A driver that never frees its
/// vectors lives on that, and leaks them in a tree where the two calls have
/// nothing to do with each other.
/// Say it: allocate by pcim_alloc_irq_vectors().
///
// Confidence: High
// Keywords: pcim_enable_device, pci_alloc_irq_vectors, pcim_alloc_irq_vectors
// Keywords: pci_alloc_irq_vectors_affinity, devres
// Options: --no-includes --include-headers
// Comments:
// False positives:
//  - enabling and allocation only have to stand in one file; that they concern
//    one device is not checked (a driver of two devices, a file with a managed
//    and an unmanaged driver);
//  - a free in another file of the module is not seen: that driver is one for
//    hybrid_irq_vectors.cocci.
// Misses:
//  - one file is read at a time: a driver that enables its device in one file
//    and allocates the vectors in another, and macros that hide a call;
//  - a file with any free of vectors is left to hybrid_irq_vectors.cocci, be
//    it only one before another attempt at allocating;
//  - a function that Coccinelle cannot parse is passed over without a word.
// Patch mode:
//  - the tree has to declare pcim_alloc_irq_vectors(); Linux 6.12 does not;
//  - a comment between the arguments of an allocation is lost.

virtual patch
virtual context
virtual org
virtual report

@managed@
@@
pcim_enable_device(...)

@free depends on managed@
@@
(
pci_free_irq_vectors(...)
|
pci_disable_msi(...)
|
pci_disable_msix(...)
)

@alloc depends on managed && !free@
identifier fn = {pci_alloc_irq_vectors, pci_alloc_irq_vectors_affinity};
position p;
@@
fn@p(...)

@initialize:python@
@@
def text(function):
    return ("WARNING: %s() on a device enabled by pcim_enable_device(): devres "
            "frees the IRQ vectors, use pcim_%s()"
            % (function, function[len("pci_"):]))

@script:python depends on org@
p << alloc.p;
fn << alloc.fn;
@@
coccilib.org.print_todo(p[0], text(fn))

@script:python depends on report@
p << alloc.p;
fn << alloc.fn;
@@
coccilib.report.print_report(p[0], text(fn))

@depends on context@
position alloc.p;
identifier alloc.fn;
@@
* fn@p(...)

@depends on patch && alloc@
expression dev, min, max, flags, affinity;
@@
(
- pci_alloc_irq_vectors(dev, min, max, flags)
+ pcim_alloc_irq_vectors(dev, min, max, flags)
|
- pci_alloc_irq_vectors_affinity(dev, min, max, flags, affinity)
+ pcim_alloc_irq_vectors_affinity(dev, min, max, flags, affinity)
)
