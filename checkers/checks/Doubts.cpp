//===- Doubts.cpp - Why all may end well nevertheless ---------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Doubts.h"

namespace devlife {

/// Whether another function than the one that has acquired \p R takes it as
/// well: a count, of which the two releases may drop one each.
static bool isCounted(const Wording &Say, const Resource &R) {
  const ResourceRule *Kind = Say.T.M.Rules.resource(R.What);
  if (!Kind || Kind->IsMemory || R.Released.In == R.Site.In)
    return false;
  for (const auto &TU : Say.T.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &Call : F.Calls) {
        CallRef Site{{TU.get(), &F}, &Call};
        const CallRule *Rule =
            Site.In == R.Site.In ? nullptr : Say.T.M.rule(Site);
        if (Rule && llvm::any_of(Rule->Effects, [&](const Effect &E) {
              return E.Kind == EffectKind::Acquire && E.What == R.What &&
                     Say.T.Touch.key(Site, E.Object) == R.Key;
            }))
          return true;
      }
  return false;
}

/// Whether \p R is kept in a field of the kernel's own, of which there may be
/// several.
static bool isOfMany(const Wording &Say, const Resource &R) {
  StringRef Owner = R.Key.split('.').first;
  const DriverRule *Rule = Say.D.Driver->Rule;
  return !Keys::isObject(R.Key) && !R.Key.starts_with("::") &&
         !Say.T.Touch.Names.isOwn(Owner) && !(Rule && Owner == Rule->Device);
}

/// Whether a helper has made it and given it back itself: then it has not
/// handed it out, and what another function releases is what the helper has
/// made before. So it may be with what has no name, when two other functions
/// release it.
static bool isUndone(const Wording &Say, const Clash &C) {
  FunctionRef Maker = C.R.Site.In, First = C.R.Released.In;
  FunctionRef Again = C.Over.Site.In;
  return !(Again == Maker) &&
         (First == Maker || (Keys::isObject(C.R.Key) && !(First == Again))) &&
         !llvm::is_contained(Say.D.Driver->Begin, Maker);
}

/// What \p Site releases, when it is of the kind \p What.
static ExprId released(const Wording &Say, const CallRef &Site,
                       StringRef What) {
  if (const CallRule *Rule = Say.T.M.rule(Site))
    for (const Effect &E : Rule->Effects)
      if (E.Kind == EffectKind::Release && E.What == What)
        return Uses::argument(Site, E.Object);
  return 0;
}

/// Whether \p A and \p B are written alike, or one variable was set to the
/// other.
static bool isAlike(const Keys &Names, const FunctionFacts &F, ExprId A,
                    ExprId B, unsigned Depth = 0) {
  const Expr &X = Keys::bare(F, A), &Y = Keys::bare(F, B);
  if (&X == &Y)
    return true;
  if (Depth == 8) // of variables that are set from each other
    return false;
  auto IsAliasOf = [&](const Expr &Var, ExprId Other) {
    ExprId Is = Var.Kind == ExprKind::Var && Var.Index >= 0
                    ? Names.definition(F, Var.Index)
                    : 0;
    return Is && isAlike(Names, F, Is, Other, Depth + 1);
  };
  bool IsSame = X.Kind == Y.Kind && X.Name == Y.Name && X.Index == Y.Index &&
                X.Value == Y.Value && X.Op == Y.Op;
  for (unsigned I = 0; IsSame && I != 3; ++I)
    IsSame = !X.Ops[I] == !Y.Ops[I] &&
             (!X.Ops[I] || isAlike(Names, F, X.Ops[I], Y.Ops[I], Depth + 1));
  return IsSame || IsAliasOf(X, B) || IsAliasOf(Y, A);
}

/// Whether the place that \p Id names is found through a variable that walks
/// from one object to the next.
static bool isWalked(const Keys &Names, const FunctionFacts &F, ExprId Id) {
  for (const Expr *E = &Keys::bare(F, Id); E->Ops[0];) {
    E = &Keys::bare(F, E->Ops[0]);
    if (E->Kind == ExprKind::Var && E->Index >= 0)
      return Names.isSetTwice(F, E->Index);
  }
  return false;
}

/// Whether the two calls name different things: different fields, or, in one
/// function, what is not written alike, or what a loop may have walked on from.
static bool namesTwo(const Wording &Say, const Clash &C) {
  const CallRef &First = C.R.Released, &Again = C.Over.Site;
  const Keys &Names = Say.T.Touch.Names;
  ExprId A = First ? released(Say, First, C.R.What) : 0;
  ExprId B = released(Say, Again, C.R.What);
  if (!A || !B || First == Again)
    return false;
  StringRef One = Names.of(First.In, A), Other = Names.of(Again.In, B);
  if (!Keys::isObject(One) && !Keys::isObject(Other) && One != Other)
    return true;
  const FunctionFacts &F = *Again.In.F;
  return First.In == Again.In &&
         (!isAlike(Names, F, A, B) || isWalked(Names, F, B));
}

/// Whether the function that releases first asks whether there is anything,
/// and clears what it has asked about: to call it again does nothing.
static bool isCleared(const Wording &Say, const Clash &C) {
  FunctionRef F = C.R.Released.In;
  return F && llvm::any_of(F.F->Events, [&](const Event &E) {
           if (E.Kind != EventKind::Store || !E.Value ||
               !F.F->expr(E.Target).IsPointer)
             return false;
           const Expr &To = Keys::bare(*F.F, E.Value);
           StringRef Key = Say.T.Touch.Names.of(F, E.Target);
           return To.Kind == ExprKind::Int && To.Value == 0 &&
                  !Keys::isObject(Key) &&
                  Say.T.Touch.of(F).Tested.contains(Key);
         });
}

bool mayBeTwo(const Wording &Say, const Clash &C) {
  return isUndone(Say, C) || isOfMany(Say, C.R) || isCounted(Say, C.R) ||
         namesTwo(Say, C) || isCleared(Say, C);
}

/// Whether \p Site releases \p R, or something with an index of its own of the
/// same object: a group of files.
static bool mayRelease(const Wording &Say, const CallRef &Site,
                       const Resource &R) {
  auto HasIndex = [&](const CallRule *Rule, EffectKind Kind) {
    const Effect *E = Rule ? Rule->find(Kind) : nullptr;
    return E && E->Line;
  };
  const CallRule *Rule = Say.T.M.rule(Site);
  bool IsPart = HasIndex(Rule, EffectKind::Release) &&
                HasIndex(Say.T.M.rule(R.Site), EffectKind::Acquire);
  return Rule && llvm::any_of(Rule->Effects, [&](const Effect &E) {
           return E.Kind == EffectKind::Release &&
                  (IsPart || E.What == R.What) &&
                  Keys::overlap(Say.T.Touch.key(Site, E.Object), R.Key);
         });
}

bool mayEnd(const Wording &Say, const Resource &R) {
  const Timelines &T = Say.T;
  for (FunctionRef F : T.Touch.calledFrom(Say.D.Driver->End))
    for (const CallFacts &Call : F.F->Calls) {
      CallRef Site{F, &Call};
      if (mayRelease(Say, Site, R))
        return true;
      // Another module, which is given an object of this one's making.
      if (T.M.rule(Site) || Call.Callee.empty() ||
          T.M.function(F.TU, Call.Callee))
        continue;
      if (llvm::any_of(Call.Args, [&](ExprId Arg) {
            StringRef Key = T.Touch.Names.of(F, Arg);
            return Keys::isObject(Key) && T.Touch.Names.isOwn(Key);
          }))
        return true;
    }
  // In an object that begin has found, it goes with that one.
  StringRef Owner = R.Key.split('.').first;
  if (!T.Touch.Names.isOwn(Owner) ||
      llvm::any_of(Say.D.Bound.Resources,
                   [&](const Resource &Made) { return Made.Record == Owner; }))
    return false;
  for (const auto &TU : T.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &Call : F.Calls)
        if (mayRelease(Say, {{TU.get(), &F}, &Call}, R))
          return true;
  return false;
}

bool mayStop(const Wording &Say, const Window &W) {
  const Timelines &T = Say.T;
  StringRef Owner = W.Key.split('.').first;
  if (W.isCall() || !T.Touch.Names.isOwn(Owner))
    return false;
  for (FunctionRef F : T.Touch.calledFrom(Say.D.Driver->End))
    for (const CallFacts &Call : F.F->Calls)
      if (!Call.Callee.empty() && !T.M.rule({F, &Call}) &&
          !T.M.function(F.TU, Call.Callee) &&
          llvm::any_of(Call.Args, [&](ExprId Arg) {
            return T.Touch.Names.of(F, Arg) == Owner;
          }))
        return true;
  return false;
}

/// Whether \p Site stops the entry of \p W.
static bool stops(const Uses &Touch, const CallRef &Site, const Window &W) {
  const CallRule *Rule = Touch.M.kernelRule(Site);
  return Rule && llvm::any_of(Rule->Effects, [&](const Effect &E) {
           StringRef Key = Touch.key(Site, E.Object);
           return (E.Kind == EffectKind::Quiesce && !Keys::isObject(Key) &&
                   Keys::overlap(Keys::entry(Key), W.Key)) ||
                  (E.Kind == EffectKind::Drain && !W.Queue.empty() &&
                   Key == W.Queue);
         });
}

/// What the core runs because of \p Site.
static void stoppersOf(const Timelines &T, const CallRef &Site,
                       std::vector<FunctionRef> &Out) {
  for (const Effect &E : effectsOf(T.M.kernelRule(Site)))
    for (StringRef Path : E.Calls)
      if (auto [Record, Field] = Path.split('.');
          E.Kind == EffectKind::Runs && !Field.empty())
        llvm::append_range(Out, T.M.fieldTargets(Record, Field));
}

bool isStoppedByCore(const Wording &Say, const Clash &C) {
  const Timelines &T = Say.T;
  // Of what has never been opened the timeline knows.
  if (C.W.isCall() || C.W.Unopened)
    return false;
  FunctionRef Ends = C.Path.empty() ? C.Over.At.In : C.Path.front().In;
  Loc At = C.Path.empty() ? C.Over.At.At : C.Path.front().Call->At;
  std::vector<FunctionRef> Stoppers;
  for (FunctionRef F : Say.D.Driver->End)
    for (const CallFacts &Call : F.F->Calls) {
      if (!C.Over.ByDevres && F == Ends && Call.At.Offset > At.Offset)
        continue;
      stoppersOf(T, {F, &Call}, Stoppers);
      if (FunctionRef Callee = T.M.function(F.TU, Call.Callee))
        for (FunctionRef Inner : T.Touch.calledFrom(Callee))
          for (const CallFacts &Deep : Inner.F->Calls)
            stoppersOf(T, {Inner, &Deep}, Stoppers);
    }
  return llvm::any_of(T.Touch.calledFrom(Stoppers), [&](FunctionRef F) {
    return llvm::any_of(F.F->Calls, [&](const CallFacts &Call) {
      return stops(T.Touch, {F, &Call}, C.W);
    });
  });
}

} // namespace devlife
