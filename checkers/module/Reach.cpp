//===- Reach.cpp - What code can come to while something is not there -----===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Uses.h"

namespace devlife {

namespace {
constexpr unsigned MaxDefinitions = 4; // that a condition is followed through
} // namespace

/// The value of a condition while keys are zero; -1 when it is open.
static int valueWhile(const Keys &Names, FunctionRef F, ExprId Id,
                      llvm::function_ref<bool(StringRef)> IsZero) {
  const Expr &E = Keys::bare(*F.F, Id);
  auto IsZeroKey = [&](ExprId Operand) {
    ExprKind Kind = Keys::bare(*F.F, Operand).Kind;
    if (Kind != ExprKind::Member && Kind != ExprKind::Var)
      return false;
    StringRef Key = Names.of(F, Operand);
    return !Keys::isObject(Key) && IsZero(Key);
  };
  switch (E.Kind) {
  case ExprKind::Not: {
    int Inner = valueWhile(Names, F, E.Ops[0], IsZero);
    return Inner < 0 ? -1 : !Inner;
  }
  case ExprKind::Member:
  case ExprKind::Var:
    return IsZeroKey(Id) ? 0 : -1;
  case ExprKind::Binary: {
    bool Left = IsZeroKey(E.Ops[0]), Right = IsZeroKey(E.Ops[1]);
    const Expr &Other = Keys::bare(*F.F, E.Ops[Left ? 1 : 0]);
    if (!Left && !Right)
      return -1;
    if (E.Op == BinaryOp::BitAnd)
      return 0;
    // A counter that is below a zero bound: an empty loop.
    if ((Right && E.Op == BinaryOp::LT) || (Left && E.Op == BinaryOp::GT))
      return 0;
    if (Other.Kind != ExprKind::Int)
      return -1;
    if (E.Op == BinaryOp::EQ)
      return Other.Value == 0;
    if (E.Op == BinaryOp::NE)
      return Other.Value != 0;
    return -1;
  }
  default:
    return -1;
  }
}

/// Whether the value comes out of the hardware.
bool Uses::isRead(FunctionRef F, ExprId Id, unsigned Depth) const {
  const Expr &E = F.F->expr(Id);
  if (!Id || Depth == 0)
    return false;
  if (E.Kind == ExprKind::Call) {
    CallRef Site{F, &F.F->Calls[E.Index]};
    if (FunctionRef Callee = M.function(F.TU, Site.Call->Callee))
      return bool(accesses(Callee));
    const CallRule *Rule = M.rule(Site);
    return Rule && Rule->find(EffectKind::Access);
  }
  if (E.Kind == ExprKind::Var && E.Index >= 0)
    return llvm::any_of(F.F->Events, [&](const Event &Store) {
      const Expr &To = F.F->expr(Store.Target);
      return Store.Kind == EventKind::Store && Store.Value &&
             To.Kind == ExprKind::Var && To.Index == E.Index &&
             isRead(F, Store.Value, Depth - 1);
    });
  return llvm::any_of(
      E.Ops, [&](ExprId Op) { return Op && isRead(F, Op, Depth - 1); });
}

/// The blocks that \p From leads to without \p Closed.
static llvm::BitVector reachable(const FunctionFacts &F, uint32_t From,
                                 uint32_t Closed = ~0u) {
  llvm::BitVector Seen(F.Blocks.size());
  llvm::SmallVector<uint32_t, 16> Work = {From};
  while (!Work.empty()) {
    uint32_t Index = Work.pop_back_val();
    if (Index == Closed || Seen.test(Index))
      continue;
    Seen.set(Index);
    llvm::append_range(Work, F.Blocks[Index].Succs);
  }
  return Seen;
}

/// The block where the two ways of \p Branch have met again: its immediate
/// post-dominator.
static uint32_t meeting(const FunctionFacts &F, uint32_t Branch) {
  uint32_t Exit = F.Blocks.size() - 1, Nearest = Exit;
  size_t Most = 0;
  const llvm::BitVector Blocks = reachable(F, Branch);
  for (unsigned Index : Blocks.set_bits())
    if (Index != Branch && !reachable(F, Branch, Index).test(Exit))
      if (size_t Behind = reachable(F, Index).count(); Behind > Most) {
        Nearest = Index;
        Most = Behind;
      }
  return Nearest;
}

llvm::BitVector
Uses::blocksWhile(FunctionRef F, bool IsIdle,
                  llvm::function_ref<bool(StringRef)> IsZero) const {
  llvm::BitVector Seen(F.F->Blocks.size());
  llvm::SmallVector<uint32_t, 16> Work;
  if (!F.F->Blocks.empty())
    Work.push_back(0);
  while (!Work.empty()) {
    uint32_t Index = Work.pop_back_val();
    if (Seen.test(Index))
      continue;
    Seen.set(Index);
    const Block &B = F.F->Blocks[Index];
    bool IsBranch = B.Condition && B.Succs.size() == 2;
    int Value = IsBranch ? valueWhile(Names, F, B.Condition, IsZero) : -1;
    if (IsBranch && Value < 0 && IsIdle &&
        isRead(F, B.Condition, MaxDefinitions)) {
      Work.push_back(meeting(*F.F, Index));
      continue;
    }
    for (size_t I = 0; I != B.Succs.size(); ++I)
      if (Value < 0 || (Value != 0) == (I == 0))
        Work.push_back(B.Succs[I]);
  }
  return Seen;
}

UseSite Uses::reaches(llvm::ArrayRef<FunctionRef> Roots, StringRef Key,
                      bool IsPointer, bool IsIdle,
                      llvm::function_ref<bool(StringRef)> IsZero) const {
  std::vector<FunctionRef> Work(Roots.rbegin(), Roots.rend());
  llvm::DenseSet<const FunctionFacts *> Seen;
  while (!Work.empty()) {
    FunctionRef F = Work.back();
    Work.pop_back();
    if (!F || !Seen.insert(F.F).second)
      continue;
    FunctionUses U;
    const llvm::BitVector Blocks = blocksWhile(F, IsIdle, IsZero);
    for (unsigned Index : Blocks.set_bits()) {
      const Block &B = F.F->Blocks[Index];
      for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I) {
        const Event &E = F.F->Events[I];
        collect(U, F, E);
        if (E.Kind == EventKind::Call)
          Work.push_back(M.function(F.TU, F.F->Calls[E.Index].Callee));
      }
    }
    UseSite Found;
    if (!IsPointer)
      Found = firstTouch(F, U, Key);
    else if (auto It = U.Derefs.find(Key); It != U.Derefs.end())
      Found = {F, It->second, It->first()};
    if (!Found)
      continue;
    // The key as the whole function names it, which stays.
    const auto &Whole = IsPointer ? of(F).Derefs : of(F).Touched;
    auto Same = Whole.find(Found.Key);
    Found.Key = Same == Whole.end() ? Key : Same->first();
    return Found;
  }
  return {};
}

UseSite Uses::accesses(
    llvm::ArrayRef<FunctionRef> Roots,
    llvm::function_ref<bool(const HardwareAccess &)> IsHarmless) const {
  for (FunctionRef F : calledFrom(Roots))
    for (const HardwareAccess &A : of(F).Accesses)
      if (!IsHarmless(A))
        return {F, A.At, ""};
  return {};
}

bool Uses::makes(StringRef Record, StringRef Key) const {
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls) {
        CallRef Site{{TU.get(), &F}, &C};
        const CallRule *Rule = M.kernelRule(Site);
        const Effect *Makes = Rule ? Rule->find(EffectKind::Acquire) : nullptr;
        if (!Makes || Makes->Object.Kind != ArgRef::Return ||
            C.Record != Record)
          continue;
        StringRef Made = key(Site, Makes->Object);
        if (Keys::isObject(Key) || Keys::isObject(Made) ||
            Keys::overlap(Made, Key))
          return true;
      }
  return false;
}

} // namespace devlife
