//===- Elements.cpp - Elements of arrays and lists ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All elements of an array share a key, so one that is released twice may well
// be two. Not so where a loop releases all that there are, and another loop
// does it again:
//
//   foo_alloc()               foo_probe()
//     for each: x->a[i] = ...   foo_alloc() fails, and has released all
//     failed:                   failed:
//     for each: free(x->a[i])   for each: free(x->a[i])
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

/// Whether \p Arg is one of many: an element of an array, or what a variable
/// stands for that is set more than once, as in the walk of a list.
bool Interpreter::isElement(const CallRef &Site, ArgRef Arg) const {
  FunctionRef In = Site.In;
  size_t Caller = Stack.size();
  unsigned Left = 2 * MaxDepth; // of variables that are set from each other
  for (ExprId Id = Uses::argument(Site, Arg); Id && Left; --Left) {
    const FunctionFacts &F = *In.F;
    const Expr &E = F.expr(Id);
    // What a link leads to.
    bool IsLinked = E.Kind == ExprKind::ContainerOf &&
                    Keys::bare(F, E.Ops[0]).Kind == ExprKind::Member;
    if (E.Kind == ExprKind::Index || IsLinked)
      return true;
    Id = E.Ops[0];
    if (E.Kind == ExprKind::Var && E.Index >= 0) {
      if (Touch.Names.isSetTwice(F, E.Index))
        return true;
      Id = Touch.Names.definition(F, E.Index);
      // What a caller passes.
      int32_t Param = F.Vars[E.Index].ParamIndex;
      if (!Id && Param >= 0 && Caller != 0) {
        const CallRef &By = Stack[--Caller];
        if (M.function(By.In.TU, By.Call->Callee) == In &&
            size_t(Param) < By.Call->Args.size()) {
          Id = By.Call->Args[Param];
          In = By.In;
        }
      }
    }
  }
  return false;
}

/// Whether what runs now was called for one of many.
bool Interpreter::isOfMany() const {
  return llvm::any_of(Stack, [&](const CallRef &Site) {
    for (size_t I = 0; I != Site.Call->Args.size(); ++I) {
      ArgRef Arg;
      Arg.Kind = ArgRef::Arg;
      Arg.Index = I;
      const Expr &E = Site.In.F->expr(Site.Call->Args[I]);
      if ((E.IsPointer || E.Kind == ExprKind::AddrOf) && isElement(Site, Arg))
        return true;
    }
    return false;
  });
}

/// Whether both are what one call has returned, or else the same.
static bool isSame(const Value &A, const Value &B) {
  auto IsReturned = [](const Value &V) {
    return V.Kind == Value::Succeeded ||
           (V.Kind == Value::Unknown && V.Number != 0);
  };
  return IsReturned(A) && IsReturned(B) ? A.Call == B.Call
                                        : A.isKnown() && A == B;
}

/// The array, or what points to it, that \p Arg is found in an element of.
Value Interpreter::arrayOf(State &S, const CallRef &Site, ArgRef Arg) {
  const FunctionFacts &F = *Site.In.F;
  unsigned Left = MaxDepth;
  for (ExprId Id = Uses::argument(Site, Arg); Id && Left; --Left) {
    const Expr &E = F.expr(Id);
    if (E.Kind == ExprKind::Index) {
      Value V = eval(S, Site.In, E.Ops[0]);
      auto It = S.Heap->find(V.Text);
      // Null on some ways only: see State::join().
      return V.Kind == Value::Load && It != S.Heap->end() ? It->second : V;
    }
    if (E.Kind != ExprKind::Var)
      Id = E.Ops[0];
    else
      Id = E.Index >= 0 ? Touch.Names.definition(F, E.Index) : 0;
  }
  return {};
}

/// The loops of its function that \p Site stands in.
static llvm::SmallVector<int32_t, 2> loopsOf(const CallRef &Site) {
  llvm::SmallVector<int32_t, 2> Loops;
  const auto &Skeleton = Site.In.F->Skeleton;
  for (int32_t At = Site.Call->Stmt; At >= 0; At = Skeleton[At].Parent)
    if (Skeleton[At].Kind == StmtKind::Loop)
      Loops.push_back(At);
  return Loops;
}

/// Whether \p Site, which releases \p R, releases with it all that \p R stands
/// for: it does so in a loop, after the one that has acquired them.
bool Interpreter::isSweep(const Resource &R, const CallRef &Site) const {
  size_t Common = 0;
  while (Common < R.From.size() && Common < Stack.size() &&
         R.From[Common] == Stack[Common])
    if (!loopsOf(Stack[Common++]).empty())
      return false; // a part of what has more parts
  const CallRef &Acquires = Common < R.From.size() ? R.From[Common] : R.Site;
  const CallRef &Releases = Common < Stack.size() ? Stack[Common] : Site;
  llvm::SmallVector<int32_t, 2> Before = loopsOf(Acquires);
  if (Acquires.In == Releases.In &&
      llvm::any_of(loopsOf(Releases), [&](int32_t Loop) {
        return llvm::is_contained(Before, Loop);
      }))
    return false; // the element of this round
  bool InLoop = !loopsOf(Site).empty();
  for (size_t I = Common; I < Stack.size(); ++I)
    InLoop |= !loopsOf(Stack[I]).empty();
  return InLoop;
}

/// Whether the call that has acquired \p R, and all others that \p R stands
/// for, has released them, too, and \p Site, which does so again, is its
/// caller's.
bool Interpreter::isSweptAgain(const Resource &R, const Value &Array,
                               const CallRef &Site) const {
  size_t Common = 0;
  while (Common < R.Through.size() && Common < Stack.size() &&
         R.Through[Common] == Stack[Common])
    ++Common;
  return isSame(R.Swept, Array) && isSweep(R, Site) &&
         Common < R.Through.size() && Common < R.From.size() &&
         R.From[Common] == R.Through[Common];
}

/// What stands for the elements \p Key of \p Array, all of which were released
/// before \p Site releases them; without a site when some were not.
Resource Interpreter::sweptBefore(const State &S, StringRef What, StringRef Key,
                                  const Value &Array,
                                  const CallRef &Site) const {
  Resource Found;
  if (Keys::isObject(Key))
    return Found;
  for (const Resource &R : S.Resources) {
    // Also what one way has released without having acquired it.
    if (R.What != What || R.Key != Key || R.Site == R.Released)
      continue;
    if (R.State == Life::Live || R.Managed || !isSweptAgain(R, Array, Site))
      return {};
    Found = R;
  }
  return Found;
}

} // namespace devlife
