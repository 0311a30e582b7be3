//===- Summaries.h - What a function does to the context of its caller ----===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bottom-up over the calls of the module: how a function can sleep, which
// locks it takes, for whom it waits; each with the calls that lead there, the
// locks of the caller that it has released by then, and the conditions on its
// parameters and on fields. Functions that ask in which context they run are
// taken to know what they do. Recursion is cut where it closes.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_SUMMARIES_H
#define DEVLIFE_CONTEXT_SUMMARIES_H

#include "context/Locks.h"

namespace devlife {

/// Something that a function does, itself or by calls.
struct Way {
  std::vector<CallRef> Path; ///< From the function to the call that does it.
  llvm::SmallVector<LockId, 2> Released; ///< Of the caller, before.
  ConditionList Needs;
  FieldConditions Fields;  ///< That led there; what excludes one drops it.
  bool IsDoubtful = false; ///< A condition could not be told.

  const CallRef &leaf() const { return Path.back(); }
};

/// A lock that is taken.
struct Taking : Way {
  LockId Lock;
  bool Tries = false;
  bool IsShared = false;
};

/// A call that waits until other code does not run any more.
struct Waiting : Way {
  std::vector<FunctionRef> For;
  StringRef What; ///< "timer 'y_priv.timer'"; "" for callbacks.
};

struct Summary {
  std::vector<Way> Sleeps;
  std::vector<Way> SleepsOnRT; ///< Takes a lock that sleeps with PREEMPT_RT.
  std::vector<Taking> Takes;
  std::vector<Waiting> Waits;
  llvm::SmallVector<LockId, 2> LeavesHeld;     ///< On every path.
  llvm::SmallVector<LockId, 2> LeavesReleased; ///< On some path.
  bool TestsContext = false;
};

/// What holds before a call, and what the call does by itself or by what it
/// calls; all paths begin with it.
struct CallPoint {
  CallRef Site;
  const LockState &Before;
  std::vector<Way> Sleeps, SleepsOnRT;
  std::vector<Taking> Takes;
  std::vector<Waiting> Waits;
};

class Summaries {
public:
  explicit Summaries(const Uses &U) : Names(U) {}

  const LockNames Names;

  const Summary &of(FunctionRef F) const;
  /// Visits the calls of \p F that can be reached, in the order of its blocks.
  void visit(FunctionRef F,
             llvm::function_ref<void(const CallPoint &)> Visit) const;

private:
  class Flow;
  /// A call that lets an IRQ handler run, or puts a work on a queue.
  struct EntryArm {
    bool IsIrq = false;
    StringRef Data, Line, Queue; ///< Keys.
    std::vector<FunctionRef> Handlers;
  };
  llvm::ArrayRef<EntryArm> arms() const;
  bool testsContext(FunctionRef F) const;
  bool calls(StringRef Function) const;
  std::vector<FunctionRef> waitedFor(const CallRef &Site,
                                     const ContextEffect &E) const;
  std::vector<FunctionRef> inField(StringRef Record, StringRef Field) const;
  void does(CallPoint &P) const;
  std::vector<FunctionRef> waitedFor(const CallRef &Site, const Effect &E,
                                     StringRef &What) const;

  mutable llvm::DenseMap<const FunctionFacts *, std::unique_ptr<Summary>> Done;
  mutable llvm::DenseSet<const FunctionFacts *> Active;
  mutable std::optional<std::vector<EntryArm>> Arms;
  mutable llvm::StringSet<> Called;
  mutable llvm::BumpPtrAllocator Allocator;
  mutable llvm::UniqueStringSaver Strings{Allocator};
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_SUMMARIES_H
