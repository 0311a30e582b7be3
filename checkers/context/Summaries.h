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
// parameters. Functions that ask in which context they run are taken to know
// what they do. Recursion is cut where it closes.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_SUMMARIES_H
#define DEVLIFE_CONTEXT_SUMMARIES_H

#include "context/Knowledge.h"

namespace devlife {

/// Something that a function does, itself or by calls.
struct Way {
  std::vector<CallRef> Path; ///< From the function to the call that does it.
  llvm::SmallVector<LockId, 2> Released; ///< Of the caller, before.
  ConditionList Needs;
  FactList Facts;          ///< That have to hold when the function is called.
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
  StringRef Key;  ///< The entry that is waited for; "" for others.
  /// While it depends on the caller for whom: what is waited for.
  std::optional<ObjectPath> Unsure = std::nullopt;
  bool IsQueue = false;
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
  explicit Summaries(const Uses &U) : Names(U), Told(Names) {}

  const LockNames Names;

  const Summary &of(FunctionRef F) const;
  /// Visits the calls of \p F that can be reached, in the order of its blocks.
  void visit(FunctionRef F,
             llvm::function_ref<void(const CallPoint &)> Visit) const;

private:
  class Flow;
  const Knowledge Told;
  bool testsContext(FunctionRef F) const;
  bool calls(StringRef Function) const;
  std::vector<FunctionRef> waitedFor(const CallRef &Site,
                                     const ContextEffect &E) const;
  bool takes(FunctionRef F, StringRef Record, unsigned Depth) const;
  const std::vector<FunctionRef> &inField(StringRef Record,
                                          StringRef Field) const;
  void does(CallPoint &P) const;
  void doesAnyhow(CallPoint &P) const;
  void waitsFor(const CallRef &Site, const Effect &E, Waiting &W) const;
  void resolve(Waiting &W, const ObjectPath &Of) const;

  mutable llvm::DenseMap<const FunctionFacts *, std::unique_ptr<Summary>> Done;
  mutable llvm::DenseSet<const FunctionFacts *> Active;
  mutable llvm::StringMap<std::vector<FunctionRef>> InField;
  mutable llvm::StringSet<> Called;
  mutable llvm::BumpPtrAllocator Allocator;
  mutable llvm::UniqueStringSaver Strings{Allocator};
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_SUMMARIES_H
