// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A PCI device enabled by pcim_enable_device() has its MSI/MSI-X vectors
/// freed by devres after remove() has returned, or after a failed probe().
/// A driver that calls pci_free_irq_vectors(), pci_disable_msi() or
/// pci_disable_msix() as well ends their lifetime twice. The second free
/// finds nothing to do, but the first one may come while an IRQ that
/// devm_request_irq() requested is still there.
/// Say who frees: allocate by pcim_alloc_irq_vectors() and drop the frees.
///
// Confidence: Moderate
// Keywords: pcim_enable_device, pci_alloc_irq_vectors, pci_free_irq_vectors
// Keywords: pci_disable_msi, pci_disable_msix, pcim_alloc_irq_vectors, devres
// Options: --no-includes --include-headers
// Comments:
// False positives:
//  - enabling, allocation and free only have to stand in one file; that they
//    concern one device is not checked. mt7996 also frees the vectors of a
//    second PCI function, which devres does not free when the first one goes;
//  - a free after which the same function allocates vectors or requests an
//    IRQ again (ahci), one before any allocation (ipu6) or one outside probe()
//    and remove() is not redundant. It is reported with a text of its own,
//    and patch mode leaves it alone.
// Misses:
//  - one file is read at a time: a driver that enables its device in one file
//    and allocates or frees the vectors in another, and macros that hide a
//    call;
//  - a function that Coccinelle cannot parse is passed over without a word.
// Patch mode:
//  - the tree has to declare pcim_alloc_irq_vectors(); Linux 6.12 does not;
//  - only a free that nothing but .probe and .remove of a struct pci_driver
//    leads to is dropped;
//  - what has lost its purpose stays: a label, a variable, a function, an
//    empty body whose condition is more than a variable or a field. A comment
//    between the arguments of an allocation is lost.

virtual patch
virtual context
virtual org
virtual report

@initialize:python@
@@
# The bookkeeping below is the same in legacy_msi.cocci.
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

def text(p, function):
    why = kept(p)
    if why:
        return ("WARNING: %s() frees IRQ vectors that devres frees as well "
                "(pcim_enable_device()); %s" % (function, why))
    return ("WARNING: redundant %s(): devres frees the IRQ vectors of a "
            "device enabled by pcim_enable_device()" % function)

@managed@
@@
pcim_enable_device(...)

@alloc depends on managed@
identifier fn = {pci_alloc_irq_vectors, pci_alloc_irq_vectors_affinity};
position p;
@@
fn@p(...)

@free depends on alloc@
identifier fn = {pci_free_irq_vectors, pci_disable_msi, pci_disable_msix};
position p;
@@
fn@p(...)

// ---- what leads to the free, and what follows it -------------------------

@script:python depends on free@
p << alloc.p;
@@
allocating.add((p[0].file, p[0].current_element))

@after depends on free exists@
position free.p;
identifier free.fn;
@@
(
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
p << free.p;
fn << free.fn;
@@
coccilib.org.print_todo(p[0], text(p[0], fn))

@script:python depends on report@
p << free.p;
fn << free.fn;
@@
coccilib.report.print_report(p[0], text(p[0], fn))

@depends on context@
position free.p;
identifier free.fn;
@@
* fn@p(...)

// ---- patch ---------------------------------------------------------------

// Names the function to take the free from. No function has the other name.
@script:python within depends on patch@
p << free.p;
f;
@@
coccinelle.f = cocci.make_ident(
    "keeps_its_free" if kept(p[0]) else p[0].current_element)

// A mark stands in for the free until it is known what to take out around it.
@depends on patch@
position free.p;
identifier free.fn, within.f;
@@
f(...) {
<...
- fn@p(...);
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

@depends on patch && free@
expression dev, min, max, flags, affinity;
@@
(
- pci_alloc_irq_vectors(dev, min, max, flags)
+ pcim_alloc_irq_vectors(dev, min, max, flags)
|
- pci_alloc_irq_vectors_affinity(dev, min, max, flags, affinity)
+ pcim_alloc_irq_vectors_affinity(dev, min, max, flags, affinity)
)
