//===- Contexts.h - Sleeping and waiting where it must not be -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Questions over a whole module: what sleeps in atomic context, which locks
// are taken in both orders, who waits for code that needs a lock which the
// waiting one holds. What cannot be told is left out.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_CONTEXTS_H
#define DEVLIFE_CONTEXT_CONTEXTS_H

#include "context/Summaries.h"

namespace devlife {

/// A function that the kernel calls in a context of its own.
struct Root {
  FunctionRef F;
  std::optional<ContextKind> Runs;
  llvm::SmallVector<LockId, 1> Holds; ///< Locks of the caller.
  std::string As; ///< What it is there: "timer", "led_classdev.brightness_set".
  UseSite At;     ///< Where the kernel is told; or nowhere.
  bool IsDoubtful = false;
  StringRef Unless = {}; ///< "record.field" that would allow it to sleep,
  UseSite NotSet = {};   ///< and where it is set to zero; or nowhere.
};

/// A call that sleeps, and what makes its context atomic: a lock or a root.
struct AtomicSleep {
  Way Sleeps; ///< From the function with the lock, or the root.
  HeldLock Lock;
  const Root *Under = nullptr; ///< Then there is no lock.
  bool OnlyRT = false;
};

/// One lock is taken while another is held.
struct LockEdge {
  LockId Outer, Inner;
  CallRef OuterAt;             ///< None when a root holds it.
  const Root *Under = nullptr; ///< Who holds Outer, without OuterAt.
  FunctionRef In;
  Taking Takes;
  std::vector<LockId> Gates; ///< What else is held.
  bool OuterIsShared = false;
};

struct LockCycle {
  LockEdge There;
  std::optional<LockEdge> Back;
  const LockOrder *Known = nullptr; ///< Without Back: the kernel's own order.
  bool IsDoubtful = false;          ///< There are several of one of the locks.
  bool isSelf() const { return There.Outer == There.Inner; }
};

/// Somebody waits for code to end that waits for him.
struct Deadlock {
  Waiting Waits;
  FunctionRef In;
  FunctionRef Handler; ///< Whom he waits for.
  HeldLock Lock;       ///< Held by the one, wanted by the other. None when the
                       ///< handler waits for itself.
  const Root *Under = nullptr; ///< Who holds the lock, when no call took it.
  std::optional<Taking> Takes; ///< By the handler.
  bool MayBeApart = false;     ///< It may be another lock, or at another time.
  bool isDoubtful() const {
    return MayBeApart || Waits.IsDoubtful || (Takes && Takes->IsDoubtful);
  }
};

class Contexts {
public:
  explicit Contexts(const Uses &U);

  const Uses &U;
  const Summaries Functions;

  /// At most one for each call that sleeps; the shortest.
  std::vector<AtomicSleep> sleeps() const;
  /// At most one for each pair of locks.
  std::vector<LockCycle> cycles() const;
  /// At most one for each call that waits.
  std::vector<Deadlock> deadlocks() const;

private:
  using LocksByFunction =
      llvm::DenseMap<const FunctionFacts *, std::vector<LockId>>;

  bool isOneOfSeveral(const LockId &Lock) const;
  void findRoots();
  void findOps();
  void addRoot(Root New);
  bool isSet(StringRef RecordField, UseSite &Zero) const;
  bool canHappen(FunctionRef F, const Way &W) const;
  bool isOfTwoObjects(const LockEdge &E) const;
  bool isOfNewObject(const LockEdge &E) const;
  bool isExcluded(FunctionRef F, const Way &W) const;
  bool isTold(FunctionRef Handler, const Waiting &W) const;
  std::vector<LockEdge> edges() const;
  LocksByFunction heldByCallers() const;
  void eachFunction(llvm::function_ref<void(FunctionRef)> Visit) const;

  std::vector<Root> Roots;
  llvm::StringSet<> InArrays; ///< Records that arrays are made of.
  llvm::DenseMap<const FunctionFacts *, std::vector<CallRef>> Callers;
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_CONTEXTS_H
