//===- Locks.h - Which locks are held where -------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names locks, and says what is certain at a point of a function:
//
// - A lock is held where every path has taken it. After a lock that can fail,
//   only where a branch shows that it did not.
// - A lock is named by its class, as lockdep does: the field of the record
//   that declares it ("y_priv.lock"), a global ("::lock"), or the lock of a
//   class of devices ("device_lock(pci_dev)"). "" is a lock without a name.
// - What was released and never taken is the caller's; there, one path is
//   enough.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_LOCKS_H
#define DEVLIFE_CONTEXT_LOCKS_H

#include "context/Conditions.h"
#include "module/Uses.h"
#include "rules/Contexts.h"

namespace devlife {

struct LockId {
  LockKind Kind = LockKind::Mutex;
  StringRef Class;

  bool operator==(const LockId &O) const {
    return Kind == O.Kind && Class == O.Class;
  }
  /// Whether the two may be the same lock.
  bool mayBe(const LockId &O) const {
    return Kind == O.Kind &&
           (Class == O.Class || Class.empty() || O.Class.empty());
  }
};

/// A lock that is held, and the call that took it; none for one that the
/// kernel holds when it calls the function.
struct HeldLock {
  LockId Id;
  CallRef At;
  bool IsShared = false;
};

/// A field, as "record.field", with "&mask", or with "*" for a pointer; and
/// whether it is not zero.
using FieldCondition = std::pair<StringRef, bool>;
using FieldConditions = llvm::SmallVector<FieldCondition, 2>;

/// What is certain at one point.
struct LockState {
  llvm::SmallVector<HeldLock, 4> Held;
  llvm::SmallVector<LockId, 2> Released; ///< Of the caller; on some path.
  ConditionList Known;                   ///< On the parameters.
  FieldConditions Fields;                ///< Of the one object of each kind.
  /// Variables that hold the result of a lock that can fail.
  llvm::SmallVector<std::pair<int32_t, int32_t>, 2> Results;

  void take(HeldLock Lock);
  void drop(LockId Lock);
  /// Joins with the state of another path; whether this one changed.
  bool join(const LockState &O);
};

/// Whether one of \p Released may be \p Lock.
bool isReleased(llvm::ArrayRef<LockId> Released, const LockId &Lock);

class LockNames {
public:
  explicit LockNames(const Uses &U) : U(U), Rules(U.M.Rules.contexts()) {}

  /// What \p E of \p Site is about.
  LockId lock(const CallRef &Site, const ContextEffect &E) const;
  /// The record of the device that \p Arg of \p Site is, or is a part of.
  StringRef device(const CallRef &Site, ArgRef Arg) const {
    return deviceOf(Site.In, Uses::argument(Site, Arg), 0);
  }
  /// What the context rules say about \p Site, unless it calls the module.
  const ContextCall *rule(const CallRef &Site) const;
  /// Where the module itself defines what \p Site calls: by name, or through
  /// a field of its own that only ever holds one function.
  FunctionRef callee(const CallRef &Site) const;

  const Evaluator &values(FunctionRef F) const;

  const Uses &U;
  const ContextRules &Rules;

private:
  StringRef lockClass(FunctionRef F, ExprId Id, unsigned Depth) const;
  StringRef deviceOf(FunctionRef F, ExprId Id, unsigned Depth) const;
  ExprId through(FunctionRef F, ExprId Id) const;
  bool isInSeveral(StringRef Record) const;

  mutable llvm::StringMap<llvm::StringSet<>> Places;
  mutable llvm::DenseMap<const FunctionFacts *, std::unique_ptr<Evaluator>>
      Values;
  mutable llvm::BumpPtrAllocator Allocator;
  mutable llvm::UniqueStringSaver Strings{Allocator};
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_LOCKS_H
