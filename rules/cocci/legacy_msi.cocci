// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// pci_enable_msi(), pci_enable_msix_range() and pci_enable_msix_exact() are
/// the old way to IRQ vectors. On a device enabled by pcim_enable_device()
/// devres frees what they allocate, and pci_disable_msi() or
/// pci_disable_msix() frees it a second time.
/// pcim_alloc_irq_vectors() replaces them.
///
// Confidence: Moderate
// Keywords: pcim_enable_device, pci_enable_msi, pci_enable_msix_range
// Keywords: pci_enable_msix_exact, pci_disable_msi, pci_disable_msix
// Keywords: pcim_alloc_irq_vectors, devres
// Options: --no-includes --include-headers
// Comments:
// False positives:
//  - enabling the device and enabling MSI only have to stand in one file; that
//    they concern one device is not checked (a driver of two devices, a file
//    with a managed and an unmanaged driver);
//  - a disabling call after which the same function enables MSI or requests an
//    IRQ again (ioat), one before MSI is enabled or one outside probe() and
//    remove() is not redundant. It is reported with a text of its own.
// Misses:
//  - one file is read at a time: a driver that enables its device in one file
//    and MSI in another, and macros that hide a call;
//  - a function that Coccinelle cannot parse is passed over without a word.
// Patch mode:
//  - the tree has to declare pcim_alloc_irq_vectors(); Linux 6.12 does not;
//  - only pci_enable_msi() and pci_disable_msi() are rewritten. MSI-X means a
//    table of struct msix_entry to get rid of, which is manual work;
//  - a file is left alone unless each of its pci_enable_msi() calls is of a
//    known shape: result dropped, tested at once, or assigned, tested in the
//    next statement and not returned on success;
//  - pci_disable_msi() is dropped where nothing but .probe and .remove of a
//    struct pci_driver leads to it, else it becomes pci_free_irq_vectors();
//  - what has lost its purpose stays: a label, a variable, a function, an
//    empty body whose condition is more than a variable or a field.

virtual patch
virtual context
virtual org
virtual report

@initialize:python@
@@
# The bookkeeping below is the same in hybrid_irq_vectors.cocci.
import collections

BEGIN_END = {".probe", ".remove"}
static = set()                          # (file, function)
callers = collections.defaultdict(set)  # (file, function) -> functions
roots = collections.defaultdict(set)    # (file, function) -> ".field", "f()"
allocating = set()                      # (file, function)
after = set()                           # (file, line, column) of a free that
again = set()                           # follows an allocation; precedes one

def place(p):
    return (p.file, p.line, p.column)

def entries(p):
    """What leads to the code at p, and '?' where that cannot be seen."""
    found, seen, todo = set(), set(), [p.current_element]
    while todo:
        function = todo.pop()
        if function in seen:
            continue
        seen.add(function)
        key = (p.file, function)
        found |= roots[key]
        todo.extend(callers[key])
        if not roots[key] and not (callers[key] and key in static):
            found.add("?")
    return found

def kept(p):
    """Why the free at p is not redundant, or an empty string."""
    if place(p) in again:
        return "vectors or an IRQ are acquired again after it"
    if (p.file, p.current_element) in allocating and place(p) not in after:
        return "no allocation leads to it"
    others = sorted(entries(p) - BEGIN_END - {"?"})
    if others:
        return "reached from " + ", ".join(others)
    if "?" in entries(p):
        return "not all that calls it is seen in this file"
    return ""

def enable_text(function):
    return ("WARNING: %s() on a device enabled by pcim_enable_device(): use "
            "pcim_alloc_irq_vectors()" % function)

def free_text(p, function):
    why = kept(p)
    if why:
        return ("WARNING: %s() frees IRQ vectors that devres frees as well "
                "(pcim_enable_device()); %s" % (function, why))
    return ("WARNING: redundant %s(): devres frees the IRQ vectors of a "
            "device enabled by pcim_enable_device()" % function)

@managed@
@@
pcim_enable_device(...)

@enable depends on managed@
identifier fn = {pci_enable_msi, pci_enable_msix_range, pci_enable_msix_exact};
position p;
@@
fn@p(...)

@free depends on enable@
identifier fn = {pci_free_irq_vectors, pci_disable_msi, pci_disable_msix};
position p;
@@
fn@p(...)

// ---- what leads to the free, and what follows it -------------------------

@script:python depends on free@
p << enable.p;
@@
allocating.add((p[0].file, p[0].current_element))

@after depends on free exists@
position free.p;
identifier free.fn;
@@
(
pci_enable_msi(...)
|
pci_enable_msix_range(...)
|
pci_enable_msix_exact(...)
|
pci_alloc_irq_vectors(...)
|
pci_alloc_irq_vectors_affinity(...)
)
...
fn@p(...)

@script:python depends on after@
p << free.p;
@@
after.add(place(p[0]))

@again depends on free exists@
position free.p;
identifier free.fn;
@@
fn@p(...)
...
(
pci_enable_msi(...)
|
pci_enable_msix_range(...)
|
pci_enable_msix_exact(...)
|
pci_alloc_irq_vectors(...)
|
pci_alloc_irq_vectors_affinity(...)
|
request_irq(...)
|
request_threaded_irq(...)
|
pci_request_irq(...)
|
devm_request_irq(...)
|
devm_request_threaded_irq(...)
)

@script:python depends on again@
p << free.p;
@@
again.add(place(p[0]))

@private depends on free@
type T;
identifier f;
position q;
@@
static T f@q(...) { ... }

@script:python@
f << private.f;
q << private.q;
@@
static.add((q[0].file, f))

@call depends on free@
identifier g;
position q;
@@
g@q(...)

@script:python@
g << call.g;
q << call.q;
@@
callers[(q[0].file, g)].add(q[0].current_element)

@table depends on free@
identifier s, d, slot, g;
position q;
@@
struct s d = { .slot = g@q, };

@script:python@
s << table.s;
slot << table.slot;
g << table.g;
q << table.q;
@@
name = "." + slot
if name in BEGIN_END and s != "pci_driver":
    name += " of struct " + s
roots[(q[0].file, g)].add(name)

@handed depends on free@
identifier f, g;
position q;
@@
f(..., g@q, ...)

@script:python@
f << handed.f;
g << handed.g;
q << handed.q;
@@
roots[(q[0].file, g)].add(f + "()")

// ---- report --------------------------------------------------------------

@script:python depends on org@
p << enable.p;
fn << enable.fn;
@@
coccilib.org.print_todo(p[0], enable_text(fn))

@script:python depends on report@
p << enable.p;
fn << enable.fn;
@@
coccilib.report.print_report(p[0], enable_text(fn))

@depends on context@
position enable.p;
identifier enable.fn;
@@
* fn@p(...)

@script:python depends on org@
p << free.p;
fn << free.fn;
@@
coccilib.org.print_todo(p[0], free_text(p[0], fn))

@script:python depends on report@
p << free.p;
fn << free.fn;
@@
coccilib.report.print_report(p[0], free_text(p[0], fn))

@depends on context@
position free.p;
identifier free.fn;
@@
* fn@p(...)

// ---- patch ---------------------------------------------------------------

// pci_enable_msi() returns 0 on success, pcim_alloc_irq_vectors() returns 1:
// a caller that hands the result on cannot be rewritten.
@returned depends on patch && enable exists@
expression dev, ret, e;
statement S1, S2;
position p;
@@
ret = pci_enable_msi@p(dev);
if (\(ret \| !ret \| ret < 0\)) S1 else S2
... when != ret = e
return ret;

@assigned depends on patch && enable@
expression dev, ret;
statement S1, S2;
position p != returned.p;
@@
ret = pci_enable_msi@p(dev);
if (\(ret \| !ret \| ret < 0\)) S1 else S2

@declared depends on patch && enable@
expression dev;
identifier ret;
statement S1, S2;
position p != returned.p;
@@
int ret = pci_enable_msi@p(dev);
if (\(ret \| !ret \| ret < 0\)) S1 else S2

@compared depends on patch && enable@
expression dev;
position p;
@@
(
 !pci_enable_msi@p(dev)
|
 pci_enable_msi@p(dev) == 0
|
 pci_enable_msi@p(dev) != 0
|
 pci_enable_msi@p(dev) < 0
)

@direct depends on patch && enable@
expression dev;
statement S1, S2;
position p;
@@
(
if (pci_enable_msi@p(dev)) S1 else S2
|
pci_enable_msi@p(dev);
)

@odd depends on patch && enable@
position p != {assigned.p, declared.p, compared.p, direct.p};
@@
pci_enable_msi@p(...)

// Names the function to take the free from. No function has the other name.
@script:python within depends on patch && !odd@
p << free.p;
f;
@@
coccinelle.f = cocci.make_ident(
    "keeps_its_free" if kept(p[0]) else p[0].current_element)

// A mark stands in for the free until it is known what to take out around it.
@depends on patch && !odd@
position free.p;
identifier within.f;
@@
f(...) {
<...
- pci_disable_msi@p(...);
+ dropped_free();
...>
}

@depends on patch@
identifier i, m;
expression c, e;
statement S;
@@
  if (c) S
- else if (\(i \| !i \| e->m \| !e->m\)) { dropped_free(); }

@depends on patch@
expression c;
statement S;
@@
  if (c) S
- else { dropped_free(); }

@depends on patch@
identifier i, m;
expression e;
@@
- if (\(i \| !i \| e->m \| !e->m\)) { dropped_free(); }

@depends on patch@
@@
- dropped_free();

@depends on patch && !odd@
@@
- pci_disable_msi
+ pci_free_irq_vectors
  (...)

@depends on patch && !odd disable neg_if@
expression dev, ret;
statement S1, S2;
@@
- ret = pci_enable_msi(dev);
+ ret = pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI);
(
  if (
-     ret
+     ret < 0
     ) S1 else S2
|
  if (
-     !ret
+     ret > 0
     ) S1 else S2
|
  if (ret < 0) S1 else S2
)

@depends on patch && !odd disable neg_if@
expression dev;
identifier ret;
statement S1, S2;
@@
- int ret = pci_enable_msi(dev);
+ int ret = pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI);
(
  if (
-     ret
+     ret < 0
     ) S1 else S2
|
  if (
-     !ret
+     ret > 0
     ) S1 else S2
|
  if (ret < 0) S1 else S2
)

@depends on patch && !odd@
expression dev;
@@
(
- !pci_enable_msi(dev)
+ pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI) > 0
|
- pci_enable_msi(dev) == 0
+ pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI) > 0
|
- pci_enable_msi(dev) != 0
+ pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI) < 0
|
- pci_enable_msi(dev) < 0
+ pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI) < 0
)

@depends on patch && !odd disable neg_if@
expression dev;
statement S1, S2;
@@
(
  if (
-     pci_enable_msi(dev)
+     pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI) < 0
     ) S1 else S2
|
- pci_enable_msi(dev);
+ pcim_alloc_irq_vectors(dev, 1, 1, PCI_IRQ_MSI);
)
