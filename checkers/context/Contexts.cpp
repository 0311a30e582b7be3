//===- Contexts.cpp - Sleeping and waiting where it must not be -----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Contexts.h"

namespace devlife {

/// Sorts by rank, and otherwise leaves the order.
template <typename T, typename RankT>
static void sortBy(std::vector<T> &List, RankT Rank) {
  std::vector<std::pair<decltype(Rank(List.front())), size_t>> Order;
  for (size_t I = 0; I != List.size(); ++I)
    Order.emplace_back(Rank(List[I]), I);
  llvm::sort(Order);
  std::vector<T> Sorted;
  for (const auto &Ranked : Order)
    Sorted.push_back(std::move(List[Ranked.second]));
  List = std::move(Sorted);
}

Contexts::Contexts(const Uses &U) : U(U), Functions(U) {
  eachFunction([&](FunctionRef F) {
    for (const CallFacts &C : F.F->Calls)
      if (FunctionRef Callee = Functions.Names.callee({F, &C}))
        Callers[Callee.F].push_back({F, &C});
  });
  eachFunction([&](FunctionRef F) {
    for (const Expr &E : F.F->Exprs)
      if (E.Kind == ExprKind::Index && !E.IsPointer && !E.Record.empty())
        InArrays.insert(E.Record);
  });
  findRoots();
}

//===----------------------------------------------------------------------===//
// Sleeping
//===----------------------------------------------------------------------===//

/// Whether some caller of \p F meets what \p W needs of its parameters.
bool Contexts::canHappen(FunctionRef F, const Way &W) const {
  if (W.Needs.empty())
    return true;
  // Flags that nobody is seen to pass are not there.
  auto It = Callers.find(F.F);
  if (It == Callers.end())
    return llvm::none_of(W.Needs, [](const Condition &C) {
      return C.Kind == Condition::HasBit;
    });
  return llvm::any_of(It->second, [&](const CallRef &Site) {
    return llvm::all_of(W.Needs, [&](Condition C) {
      if (C.Param >= Site.Call->Args.size())
        return false;
      Answer A = Functions.Names.values(Site.In).holds(
          C, Site.Call->Args[C.Param], {});
      return A == Answer::Yes || A == Answer::Maybe ||
             (A == Answer::Passed && C.Kind != Condition::HasBit);
    });
  });
}

std::vector<AtomicSleep> Contexts::sleeps() const {
  std::vector<AtomicSleep> All;
  for (const Root &R : Roots) {
    if (!R.Runs)
      continue;
    auto Add = [&](const std::vector<Way> &Ways, bool OnlyRT) {
      for (const Way &W : Ways)
        // It may have been called with the lock that it releases.
        if (W.Released.empty())
          All.push_back({W, {}, &R, OnlyRT});
    };
    const Summary &S = Functions.of(R.F);
    Add(S.Sleeps, false);
    if (*R.Runs == ContextKind::Raw)
      Add(S.SleepsOnRT, true);
  }
  eachFunction([&](FunctionRef F) {
    if (Functions.of(F).TestsContext)
      return;
    Functions.visit(F, [&](const CallPoint &P) {
      for (const HeldLock &H : P.Before.Held) {
        auto Add = [&](const std::vector<Way> &Ways, bool OnlyRT) {
          for (const Way &W : Ways) {
            if (isReleased(W.Released, H.Id))
              continue;
            Way Here = W;
            llvm::append_range(Here.Needs, P.Before.Known);
            if (canHappen(F, Here))
              All.push_back({W, H, nullptr, OnlyRT});
          }
        };
        if (isAtomic(H.Id.Kind))
          Add(P.Sleeps, false);
        if (H.Id.Kind == LockKind::RawSpin)
          Add(P.SleepsOnRT, true);
      }
    });
  });
  sortBy(All, [](const AtomicSleep &S) {
    return std::tuple(S.OnlyRT,
                      S.Sleeps.IsDoubtful || (S.Under && S.Under->IsDoubtful),
                      S.Sleeps.Path.size());
  });
  // One for each handler and each section, and one for each place that sleeps.
  // A macro such as wait_event() does so in more than one of its calls.
  llvm::DenseSet<std::pair<const FunctionFacts *, uint32_t>> Places;
  llvm::DenseSet<const void *> Tops;
  std::vector<AtomicSleep> Once;
  for (AtomicSleep &S : All) {
    const CallRef &Leaf = S.Sleeps.leaf();
    const void *Top = S.Under ? (const void *)S.Under->F.F : S.Lock.At.Call;
    bool IsNewTop = Tops.insert(Top).second;
    if (Places.insert({Leaf.In.F, Leaf.Call->At.Offset}).second && IsNewTop)
      Once.push_back(std::move(S));
  }
  return Once;
}

//===----------------------------------------------------------------------===//
// Waiting
//===----------------------------------------------------------------------===//

/// Whether there are several to wait for: one after the other, in a loop.
static bool isOtherObject(const Waiting &W) {
  const FunctionFacts &F = *W.leaf().In.F;
  uint32_t In = 0;
  for (const Block &B : F.Blocks)
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I)
      if (F.Events[I].Kind == EventKind::Call &&
          &F.Calls[F.Events[I].Index] == W.leaf().Call)
        In = &B - F.Blocks.data();
  for (uint32_t From = In; From != F.Blocks.size(); ++From)
    for (uint32_t To : F.Blocks[From].Succs)
      if (To <= In)
        return true;
  return false;
}

/// Whether what leads to the wait asks for something that the handler sets.
bool Contexts::isTold(FunctionRef Handler, const Waiting &W) const {
  llvm::StringSet<> Stored;
  auto Store = [&](ExprId Id) {
    const Expr &To = Handler.F->expr(Id);
    const Expr &Of =
        To.Kind == ExprKind::AddrOf ? Handler.F->expr(To.Ops[0]) : To;
    if (Of.Kind == ExprKind::Member)
      Stored.insert(U.Names.of(Handler, Id));
  };
  for (const Event &E : Handler.F->Events)
    if (E.Kind == EventKind::Store)
      Store(E.Target);
    else if (E.Kind == EventKind::Call) // set_bit(FLAG, &y->flags)
      for (ExprId Arg : Handler.F->Calls[E.Index].Args)
        if (Handler.F->expr(Arg).Kind == ExprKind::AddrOf)
          Store(Arg);
  return llvm::any_of(W.Path, [&](const CallRef &Step) {
    // What the handler asks itself does not tell the others.
    return Step.In.F != Handler.F &&
           llvm::any_of(U.of(Step.In).Tested, [&](const auto &Key) {
             return !Keys::isObject(Key.first()) &&
                    Stored.contains(Key.first());
           });
  });
}

/// Whether what leads to the wait asks about the entry: while its handler runs,
/// a timer is not pending.
static bool isAskedFor(const Waiting &W) {
  return !W.Key.empty() && llvm::any_of(W.Facts, [&](const Fact &C) {
    return C.Kind == Fact::NotEqual && C.Key.ends_with(")") &&
           C.Key.contains(("(" + W.Key + ")").str());
  });
}

/// Whether the two need a field to be now this and now that.
static bool areApart(const Way &A, const Way &B) {
  return llvm::any_of(A.Facts, [&](const Fact &C) {
    return llvm::any_of(B.Facts, [&](const Fact &D) { return C.excludes(D); });
  });
}

std::vector<Deadlock> Contexts::deadlocks() const {
  std::vector<Deadlock> All;
  auto Ask = [&](FunctionRef In, const Waiting &W, HeldLock Lock,
                 const Root *Under) {
    // The lock of a kind of device can be another device's.
    if (Lock.Id.Class.empty() || Lock.Id.Class.ends_with(")") || W.Unsure ||
        !isExclusive(Lock.Id.Kind) || isReleased(W.Released, Lock.Id))
      return;
    for (FunctionRef Handler : W.For) {
      // What calls it as well belongs to another object.
      const Summary &S = Functions.of(Handler);
      if (W.What.empty() && llvm::any_of(S.Waits, [&](const Waiting &O) {
            return O.leaf().Call->Callee == W.leaf().Call->Callee;
          }))
        continue;
      for (const Taking &T : S.Takes)
        if (T.Lock == Lock.Id && !T.Tries && !isReleased(T.Released, T.Lock))
          All.push_back({W, In, Handler, Lock, Under, T,
                         isOneOfSeveral(Lock.Id) || areApart(W, T)});
    }
  };
  eachFunction([&](FunctionRef F) {
    Functions.visit(F, [&](const CallPoint &P) {
      for (const Waiting &W : P.Waits)
        for (const HeldLock &H : P.Before.Held)
          Ask(F, W, H, nullptr);
    });
    // A handler that waits for itself.
    for (const Waiting &W : Functions.of(F).Waits)
      if (llvm::is_contained(W.For, F) && !W.What.empty() && !W.Unsure &&
          !isOtherObject(W) && !isTold(F, W))
        All.push_back({W, F, F, {}, nullptr, std::nullopt, isAskedFor(W)});
  });
  for (const Root &R : Roots)
    for (const LockId &Lock : R.Holds)
      for (const Waiting &W : Functions.of(R.F).Waits)
        Ask(R.F, W, {Lock, {}}, &R);
  sortBy(All, [](const Deadlock &D) {
    return std::pair(D.isDoubtful(), D.Waits.Path.size());
  });
  llvm::DenseSet<const CallFacts *> Places;
  std::vector<Deadlock> Once;
  for (Deadlock &D : All)
    if (Places.insert(D.Waits.leaf().Call).second) {
      D.MayBeApart |= isExcluded(D.In, D.Waits);
      Once.push_back(std::move(D));
    }
  return Once;
}

} // namespace devlife
