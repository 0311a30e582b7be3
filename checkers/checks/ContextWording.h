//===- ContextWording.h - What contexts and locks are called --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The words and notes that the checks of contexts and locks share.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_CONTEXTWORDING_H
#define DEVLIFE_CHECKS_CONTEXTWORDING_H

#include "checks/Finding.h"
#include "context/Contexts.h"
#include "timeline/Timeline.h"

namespace devlife {

class ContextWording {
public:
  explicit ContextWording(const Module &M) : M(M) {}

  const Module &M;

  /// "'mutex_lock'": the macro that a reader sees, else the function, or the
  /// field that points to it.
  std::string callee(const CallRef &Site) const;
  /// "spinlock 'y_priv.lock'".
  std::string lock(const LockId &Id) const;
  /// "while spinlock 'y_priv.lock' is held", "with interrupts off".
  std::string whileHeld(const LockId &Id) const;
  /// "spinlock 'y_priv.lock' is taken".
  std::string taken(const LockId &Id) const;
  /// Where the kernel is told about the function, and what it holds.
  void root(const Root &R, Finding &F) const;
  /// The calls that lead to the last one.
  void path(llvm::ArrayRef<CallRef> Path, Finding &F) const;

  Finding finding(llvm::StringRef Check, const CallRef &At) const;
};

} // namespace devlife

#endif // DEVLIFE_CHECKS_CONTEXTWORDING_H
