//===- VectorUse.h - How a driver owns its device's IRQ vectors -----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question that the three checks of IRQ vectors share: for one driver, by
// which calls are the vectors of its device made managed, allocated and freed?
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_VECTORUSE_H
#define DEVLIFE_CHECKS_VECTORUSE_H

#include "checks/Finding.h"
#include "checks/Repair.h"
#include "timeline/Timeline.h"

namespace devlife {

struct VectorUse {
  const Timelines *All = nullptr;
  const DriverTimeline *Driver = nullptr;
  size_t Position = 0; ///< Among the module's drivers.
  VectorContract Contract = VectorContract::Hybrid;
  /// Calls that make devres release whatever is allocated (pcim_enable_device).
  std::vector<const Occurrence *> Manages;
  std::vector<const Occurrence *> Plain;  ///< Allocations that say nothing.
  std::vector<const Occurrence *> Legacy; ///< Allocations by superseded calls.
  std::vector<const Occurrence *> Frees;  ///< By hand or in an action.

  /// Whether devres owns the device in this driver.
  bool isManaged() const { return !Manages.empty(); }
  /// Whether devres releases what was allocated without saying so.
  bool isImplicit() const { return Contract != VectorContract::Explicit; }
  /// A second release: it runs when the device goes, and devres runs after it.
  /// Not one that makes room for another allocation, or that a running device
  /// needs (suspend, reset).
  static bool isRedundant(const Occurrence &Free) {
    return (Free.InBegin || Free.InEnd || Free.InAction) && !Free.InLive &&
           !Free.Reacquired && !Free.GoesOn && !Free.Idle;
  }
  /// Whether there is a release by hand that is more than a step of another
  /// allocation, or of going on without.
  bool isFreedByHand() const;
  /// Why \p Free stays, for a note; "" when it is redundant.
  static std::string whyItStays(const Occurrence &Free);
  /// What devres does after \p Free, or after end: "released by devres ...".
  std::string devresAfter(const Occurrence *Free) const;

  /// A finding of \p Check at \p At, with module, driver and contract notes.
  Finding finding(StringRef Check, const Occurrence &At) const;
  Note note(const Occurrence &At, const llvm::Twine &Text) const;
  /// Makes \p F the bug that nobody releases what \p Alloc allocates, as the
  /// explicit contract has it; returns the end of that lifetime.
  Note reportLeak(Finding &F, const Occurrence &Alloc) const;
  /// Notes on where the device becomes managed and vectors are allocated.
  void explainOwnership(Finding &F,
                        llvm::ArrayRef<const Occurrence *> Allocs) const;
  /// The interval of the vectors that \p Alloc begins.
  Interval lifetime(const Occurrence &Alloc, Note End) const;
  /// Name of the driver's last function: "'foo_remove'".
  std::string endName() const;

  /// Turns \p Allocs into their managed successors, drops the redundant
  /// frees, and adds the edits, or the reason why there are none, to \p F.
  void repair(Finding &F, llvm::ArrayRef<const Occurrence *> Allocs) const;
};

/// One entry for each driver that allocates IRQ vectors.
std::vector<VectorUse> vectorUses(const Timelines &T);

} // namespace devlife

#endif // DEVLIFE_CHECKS_VECTORUSE_H
