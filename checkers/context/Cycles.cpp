//===- Cycles.cpp - Locks that are taken in both orders -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Contexts.h"
#include <array>
#include <map>

namespace devlife {

/// The locks that every caller in the module holds; for functions that only
/// the module calls, and by their names.
Contexts::LocksByFunction Contexts::heldByCallers() const {
  LocksByFunction ByCallers;
  llvm::DenseSet<const FunctionFacts *> Open;
  auto Name = [&](const TUFacts *TU, StringRef Name) {
    if (FunctionRef F = U.M.function(TU, Name))
      Open.insert(F.F);
  };
  for (const auto &TU : U.M.TUs)
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        Name(TU.get(), E.Value);
  eachFunction([&](FunctionRef F) {
    for (const auto &[Named, At] : F.F->References)
      Name(F.TU, Named);
    if (!F.F->IsStatic || !Callers.count(F.F))
      Open.insert(F.F);
  });
  struct Edge {
    const FunctionFacts *Caller, *Callee;
    std::vector<LockId> Held;
  };
  std::vector<Edge> Edges;
  eachFunction([&](FunctionRef F) {
    Functions.visit(F, [&](const CallPoint &P) {
      FunctionRef Callee = Functions.Names.callee(P.Site);
      if (!Callee || Open.contains(Callee.F))
        return;
      Edge New{F.F, Callee.F, {}};
      for (const HeldLock &H : P.Before.Held)
        New.Held.push_back(H.Id);
      Edges.push_back(std::move(New));
    });
  });
  // From "everything" downwards.
  llvm::DenseSet<const FunctionFacts *> Known = Open;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const Edge &E : Edges) {
      if (!Known.contains(E.Caller))
        continue;
      std::vector<LockId> Held = E.Held;
      if (auto It = ByCallers.find(E.Caller); It != ByCallers.end())
        llvm::append_range(Held, It->second);
      if (Known.insert(E.Callee).second) {
        ByCallers[E.Callee] = std::move(Held);
        Changed = true;
        continue;
      }
      auto &List = ByCallers[E.Callee];
      size_t Before = List.size();
      llvm::erase_if(
          List, [&](const LockId &L) { return !llvm::is_contained(Held, L); });
      Changed |= List.size() != Before;
    }
  }
  return ByCallers;
}

/// Whether the lock of that name can be another element's.
bool Contexts::isOneOfSeveral(const LockId &Lock) const {
  return InArrays.contains(Lock.Class.split('.').first);
}

/// Whether a caller of \p F knows that what \p W needs does not hold. The
/// others may well know it too.
bool Contexts::isExcluded(FunctionRef F, const Way &W) const {
  auto It = Callers.find(F.F);
  if (W.Facts.empty() || It == Callers.end())
    return false;
  return llvm::any_of(It->second, [&](const CallRef &Site) {
    bool Is = false;
    Functions.visit(Site.In, [&](const CallPoint &P) {
      if (P.Site == Site)
        for (const Fact &K : P.Before.Facts)
          Is |= llvm::any_of(W.Facts,
                             [&](const Fact &C) { return K.excludes(C); });
    });
    return Is;
  });
}

std::vector<LockEdge> Contexts::edges() const {
  const LocksByFunction ByCallers = heldByCallers();
  std::vector<LockEdge> All;
  auto Wants = [](const Taking &T, const LockId &Outer) {
    return !T.Tries && !T.IsDoubtful && !T.Lock.Class.empty() &&
           !Outer.Class.empty() && isExclusive(Outer.Kind) &&
           !isReleased(T.Released, Outer);
  };
  for (const Root &R : Roots)
    for (const LockId &Outer : R.Holds)
      for (const Taking &T : Functions.of(R.F).Takes)
        if (Wants(T, Outer))
          All.push_back({Outer, T.Lock, {}, &R, R.F, T, {}, false});
  eachFunction([&](FunctionRef F) {
    Functions.visit(F, [&](const CallPoint &P) {
      for (const HeldLock &H : P.Before.Held)
        for (const Taking &T : P.Takes) {
          if (!Wants(T, H.Id))
            continue;
          LockEdge New{H.Id, T.Lock, H.At, nullptr, F, T, {}, H.IsShared};
          for (const HeldLock &Gate : P.Before.Held)
            if (!(Gate.Id == H.Id) && !Gate.Id.Class.empty() &&
                isExclusive(Gate.Id.Kind))
              New.Gates.push_back(Gate.Id);
          llvm::append_range(New.Gates, ByCallers.lookup(F.F));
          All.push_back(std::move(New));
        }
    });
  });
  return All;
}

/// Whether nobody has to wait: a third lock keeps the two apart, or both only
/// read what one of the locks protects.
static bool cannotMeet(const LockEdge &A, const LockEdge &B) {
  return (A.OuterIsShared && B.Takes.IsShared) ||
         (B.OuterIsShared && A.Takes.IsShared) ||
         llvm::any_of(A.Gates, [&](const LockId &G) {
           return llvm::is_contained(B.Gates, G);
         });
}

/// The variable of the first function of \p Path that leads to the object in
/// which \p Arg of its last call lies, by \p Fields; or -1.
static int32_t rootOf(const LockNames &Names, llvm::ArrayRef<CallRef> Path,
                      ExprId Arg, std::string &Fields) {
  for (bool IsInside = true;; IsInside = false) {
    FunctionRef F = Path.back().In;
    const Expr *E = &F.F->expr(Names.through(F, Arg));
    while (E->Kind == ExprKind::Member || E->Kind == ExprKind::AddrOf) {
      if (E->Kind == ExprKind::Member && !IsInside)
        Fields = ("." + E->Name + Fields).str();
      IsInside &= !E->Arrow;
      E = &Keys::bare(*F.F, E->Ops[0]);
    }
    if (E->Kind != ExprKind::Var || E->Index < 0)
      return -1;
    const VarFacts &V = F.F->Vars[E->Index];
    Path = Path.drop_back();
    if (Path.empty())
      return E->Index;
    if (V.ParamIndex < 0 || !V.Writes.empty() ||
        size_t(V.ParamIndex) >= Path.back().Call->Args.size())
      return -1;
    Arg = Path.back().Call->Args[V.ParamIndex];
  }
}

/// Whether the two locks of \p E are those of two objects: the entry of a list
/// or a parent, and the other.
bool Contexts::isOfTwoObjects(const LockEdge &E) const {
  if (!E.OuterAt || E.OuterAt.Call->Args.empty() ||
      E.Takes.leaf().Call->Args.empty() || Functions.Names.callee(E.OuterAt))
    return false;
  std::string OuterFields, InnerFields;
  int32_t Outer =
      rootOf(Functions.Names, E.OuterAt, E.OuterAt.Call->Args[0], OuterFields);
  int32_t Inner = rootOf(Functions.Names, E.Takes.Path,
                         E.Takes.leaf().Call->Args[0], InnerFields);
  if (Outer < 0 || Inner < 0)
    return false;
  if (Outer == Inner)
    return OuterFields != InnerFields;
  // The one was found by way of something else.
  const FunctionFacts &F = *E.In.F;
  return llvm::any_of(std::array{Outer, Inner}, [&](int32_t Var) {
    ExprId Set = U.Names.definition(F, Var);
    const Expr &By = Keys::bare(F, Set);
    return F.Vars[Var].ParamIndex < 0 &&
           (!Set || By.Kind == ExprKind::Member ||
            (By.Kind == ExprKind::ContainerOf &&
             Functions.Names.values(E.In).param(By.Ops[0]) < 0));
  });
}

/// Whether the inner lock is that of an object which the function has just made
/// itself: few know it so far.
bool Contexts::isOfNewObject(const LockEdge &E) const {
  if (E.Takes.leaf().Call->Args.empty())
    return false;
  std::string Fields;
  const FunctionFacts &F = *E.In.F;
  int32_t Var = rootOf(Functions.Names, E.Takes.Path,
                       E.Takes.leaf().Call->Args[0], Fields);
  // Through the variables of macros such as alloc_hooks().
  for (unsigned Left = 4; Var >= 0 && Left; --Left) {
    const Expr &By = Keys::bare(F, U.Names.definition(F, Var));
    if (By.Kind == ExprKind::Call) {
      for (const Effect &Does :
           effectsOf(U.M.kernelRule({E.In, &F.Calls[By.Index]})))
        if (const ResourceRule *Of = Does.Kind == EffectKind::Acquire
                                         ? U.M.Rules.resource(Does.What)
                                         : nullptr)
          return Of->IsMemory;
      return false;
    }
    Var = By.Kind == ExprKind::Var ? By.Index : -1;
  }
  return false;
}

std::vector<LockCycle> Contexts::cycles() const {
  std::vector<LockEdge> All = edges();
  llvm::stable_sort(All, [](const LockEdge &A, const LockEdge &B) {
    return A.Takes.Path.size() < B.Takes.Path.size();
  });
  std::map<std::pair<StringRef, StringRef>, std::vector<const LockEdge *>> By;
  for (const LockEdge &E : All)
    By[{E.Outer.Class, E.Inner.Class}].push_back(&E);
  std::vector<LockCycle> Found;
  for (const auto &Entry : By) {
    StringRef Outer = Entry.first.first, Inner = Entry.first.second;
    const std::vector<const LockEdge *> &There = Entry.second;
    if (Outer == Inner) {
      // Only of a global it is certain that it is the same one.
      for (const LockEdge *E : There)
        if (Outer.starts_with("::") && !E->OuterIsShared) {
          Found.push_back({*E, std::nullopt, nullptr});
          break;
        }
      continue;
    }
    // Against the kernel's own order, each place is wrong by itself.
    bool IsKnown = false;
    for (const LockOrder &Known : U.M.Rules.contexts().orders()) {
      IsKnown |= Known.Outer == Outer && Known.Inner == Inner;
      if (Known.Outer != Inner || Known.Inner != Outer)
        continue;
      IsKnown = true;
      llvm::DenseSet<const CallFacts *> Places;
      for (const LockEdge *E : There)
        if (Places.insert(E->Takes.leaf().Call).second)
          Found.push_back({*E, std::nullopt, &Known});
    }
    auto Back = By.find({Inner, Outer});
    if (IsKnown || Back == By.end() || Inner < Outer)
      continue;
    // Of two objects of one record, the order is that of the objects.
    bool IsOneRecord = Outer.contains('.') && Inner.contains('.') &&
                       Outer.split('.').first == Inner.split('.').first;
    auto Clash = [&]() -> std::optional<LockCycle> {
      for (const LockEdge *A : There)
        for (const LockEdge *B : Back->second)
          if (!cannotMeet(*A, *B) &&
              !(IsOneRecord && (isOfTwoObjects(*A) || isOfTwoObjects(*B))))
            return LockCycle{*A, *B, nullptr,
                             isOneOfSeveral(A->Outer) ||
                                 isOneOfSeveral(A->Inner)};
      return std::nullopt;
    };
    if (auto Cycle = Clash()) {
      Cycle->IsDoubtful |= isOfNewObject(Cycle->There) ||
                           isOfNewObject(*Cycle->Back) ||
                           isExcluded(Cycle->There.In, Cycle->There.Takes) ||
                           isExcluded(Cycle->Back->In, Cycle->Back->Takes);
      Found.push_back(std::move(*Cycle));
    }
  }
  return Found;
}

} // namespace devlife
