//===- LockOrder.cpp - devlife-lock-order ---------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two that wait for each other:
//
//   A: lock X ... lock Y          A: lock X ... wait for B to end
//   B: lock Y ... lock X          B: lock X
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/ContextWording.h"

namespace devlife {

/// More calls than these in between share conditions that nobody has followed.
constexpr size_t MaxCalls = 2;

static size_t calls(const Way &W) { return W.Path.size() - 1; }

static void edge(const ContextWording &Say, const LockEdge &E, Finding &F) {
  if (E.Under)
    Say.root(*E.Under, F);
  else
    F.Notes.push_back({Say.M.place(E.OuterAt), Say.taken(E.Outer)});
  Say.path(E.Takes.Path, F);
  F.Notes.push_back(
      {Say.M.place(E.Takes.leaf()), Say.taken(E.Inner) + " under it"});
}

static void report(const ContextWording &Say, const LockCycle &C,
                   std::vector<Finding> &Out) {
  const LockEdge &There = C.There;
  Finding F = Say.finding("devlife-lock-order", There.Takes.leaf());
  std::string Outer = Say.lock(There.Outer), Inner = Say.lock(There.Inner);
  F.Identity = Inner + ":" + Outer;
  if (C.isSelf())
    F.Message = Inner + " is taken while it is held already";
  else if (C.Known)
    F.Message = Inner + " is taken under " + Outer + ", but " + C.Known->By +
                " takes them the other way round";
  else
    F.Message = Inner + " is taken under " + Outer + ", and " + Outer +
                " under " + Inner + " in '" + C.Back->In.F->Name.str() + "'";
  if (C.IsDoubtful ||
      calls(C.There.Takes) + (C.Back ? calls(C.Back->Takes) : 0) > MaxCalls)
    F.Certainty = Confidence::Medium;
  edge(Say, There, F);
  if (C.Back)
    edge(Say, *C.Back, F);
  Out.push_back(std::move(F));
}

static void report(const ContextWording &Say, const Deadlock &D,
                   std::vector<Finding> &Out) {
  const CallRef &Leaf = D.Waits.leaf();
  Finding F = Say.finding("devlife-lock-order", Leaf);
  std::string Handler = "'" + D.Handler.F->Name.str() + "'";
  if (!D.Takes) {
    F.Message =
        Say.callee(Leaf) + " waits for " + Handler + ", which is what calls it";
    F.Notes.push_back(
        {Say.M.place(D.In, D.In.F->At), "the handler begins here"});
    Say.path(D.Waits.Path, F);
  } else {
    std::string Lock = Say.lock(D.Lock.Id);
    F.Message = Say.callee(Leaf) + " waits for " + Handler + " while " + Lock +
                " is held, which " + Handler + " takes";
    if (D.Under)
      Say.root(*D.Under, F);
    else
      F.Notes.push_back({Say.M.place(D.Lock.At), Say.taken(D.Lock.Id)});
    Say.path(D.Waits.Path, F);
    F.Notes.push_back(
        {Say.M.place(D.Handler, D.Handler.F->At), Handler + " begins here"});
    Say.path(D.Takes->Path, F);
    F.Notes.push_back(
        {Say.M.place(D.Takes->leaf()), Handler + " takes the lock here"});
  }
  F.Identity = F.Message;
  if (D.isDoubtful() ||
      calls(D.Waits) + (D.Takes ? calls(*D.Takes) : 0) > MaxCalls)
    F.Certainty = Confidence::Medium;
  Out.push_back(std::move(F));
}

void checkLockOrder(const Timelines &T, std::vector<Finding> &Out) {
  Contexts C(T.Touch);
  ContextWording Say(T.M);
  for (const LockCycle &Cycle : C.cycles())
    report(Say, Cycle, Out);
  for (const Deadlock &D : C.deadlocks())
    report(Say, D, Out);
}

} // namespace devlife
