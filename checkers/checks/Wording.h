//===- Wording.h - What clashes are called in messages --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The words, notes and intervals that the lifetime checks share.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_WORDING_H
#define DEVLIFE_CHECKS_WORDING_H

#include "checks/Finding.h"
#include "timeline/Timeline.h"

namespace devlife {

/// One driver's clashes in words.
class Wording {
public:
  Wording(const Timelines &T, const DriverTimeline &D) : T(T), D(D) {}

  const Timelines &T;
  const DriverTimeline &D;

  /// "IRQ handler 'y_isr'", "work 'y_priv.work'", "callbacks of the LED".
  std::string window(const Window &W) const;
  /// "lifetime of 'y_priv.ring'", "'y_priv'", "enabled clock".
  std::string ended(const Ending &What) const;
  /// "dma_pool_destroy", "devres", "the assignment".
  std::string ender(const Ending &What) const;
  std::string text(llvm::StringRef Resource) const;

  Place place(const UseSite &At) const { return T.M.place(At.In, At.At); }
  Place place(const CallRef &At) const { return T.M.place(At); }
  /// The function of begin that fails.
  FunctionRef failingFunction(const Clash &C) const;
  std::string failing(const Clash &C) const;
  Place failingPlace(const Clash &C) const;
  std::string endName() const; ///< "" when there is no end.
  /// Where end begins; where begin does, when there is none.
  Place endPlace() const;

  /// Where the window opens, and what arms it.
  void opens(const Window &W, Finding &F) const;
  /// The calls that lead to a place.
  void path(llvm::ArrayRef<CallRef> Path, Finding &F) const;

  Finding finding(llvm::StringRef Check, Place At) const;
};

/// The calls that lead to a place, as notes.
void noteCalls(const Module &M, llvm::ArrayRef<CallRef> Path, Finding &F);

/// Those of drivers, then those of functions on their own.
std::vector<const DriverTimeline *> timelines(const Timelines &T);

} // namespace devlife

#endif // DEVLIFE_CHECKS_WORDING_H
