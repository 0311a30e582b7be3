//===- Outcomes.cpp - Which calls of a function have succeeded ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Outcomes.h"

namespace devlife {

/// A function of the module returns 0 or an error, or a pointer.
static FailKind failKind(const Module &M, const CallRef &Site) {
  if (FunctionRef Callee = M.function(Site.In.TU, Site.Call->Callee))
    return Callee.F->ReturnsVoid      ? FailKind::Never
           : Callee.F->ReturnsPointer ? FailKind::Null
                                      : FailKind::Nonzero;
  const CallRule *Rule = M.rule(Site);
  return Rule ? Rule->Fails : FailKind::Never;
}

Outcomes::Outcomes(const Keys &Names, const Module &M, FunctionRef In,
                   int32_t Call, const llvm::DenseSet<int32_t> &Undo)
    : Names(Names), M(M), In(In), F(*In.F), Call(Call), Undo(Undo),
      Fails(failKind(M, {In, &F.Calls[Call]})), Before(F.Events.size()),
      AtEnd(F.Blocks.size()) {
  bool IsAsked = false;
  for (const Event &E : F.Events)
    if (E.Kind == EventKind::Store && E.Value) {
      const Expr &Value = Keys::bare(F, E.Value);
      if (Value.Kind == ExprKind::Call && Value.Index == Call)
        KeptIn = E.Target;
    }
  for (const Block &B : F.Blocks)
    IsAsked |= B.Condition && failsIf(B.Condition);
  if (!IsAsked && !KeptIn)
    Fails = FailKind::Never; // nobody cares

  std::vector<uint8_t> Entry(F.Blocks.size());
  std::vector<uint32_t> Work;
  if (!F.Blocks.empty()) {
    Entry[0] = NotDone;
    Work.push_back(0);
  }
  while (!Work.empty()) {
    uint32_t I = Work.back();
    Work.pop_back();
    const Block &B = F.Blocks[I];
    uint8_t Now = Entry[I];
    for (uint32_t E = B.FirstEvent; E != B.EndEvent; ++E) {
      Before[E] |= Now;
      Now = step(E, Now);
    }
    AtEnd[I] = Now;
    for (unsigned S = 0; S != B.Succs.size(); ++S) {
      uint8_t &Next = Entry[B.Succs[S]];
      uint8_t All = Next | branch(B, S, Now);
      if (All != Next) {
        Next = All;
        Work.push_back(B.Succs[S]);
      }
    }
  }
}

uint8_t Outcomes::step(uint32_t Event, uint8_t Now) {
  const devlife::Event &E = F.Events[Event];
  if (E.Kind == EventKind::Call) {
    if (E.Index == Call)
      return Fails == FailKind::Never ? Done : Pending;
    if (Undo.contains(E.Index) && Now & (Pending | Done))
      return (Now & ~(Pending | Done)) | Undone;
  }
  if (E.Kind == EventKind::Store && Now & Pending && KeptIn) {
    const Expr &Value = Keys::bare(F, E.Value);
    bool IsOwn = Value.Kind == ExprKind::Call && Value.Index == Call;
    Lost |= !IsOwn && isResult(E.Target);
  }
  return Now;
}

uint8_t Outcomes::branch(const Block &B, unsigned Successor,
                         uint8_t Now) const {
  std::optional<bool> FailsIf;
  if (!(Now & Pending) || B.Succs.size() != 2 || !B.Condition || B.IsSwitch ||
      !(FailsIf = failsIf(B.Condition)))
    return Now;
  bool HasFailed = *FailsIf == (Successor == 0);
  return (Now & ~Pending) | (HasFailed ? NotDone : Done);
}

uint8_t Outcomes::taken(ExprId Condition) const {
  for (uint32_t I = 0; I != F.Blocks.size(); ++I)
    if (Condition && F.Blocks[I].Condition == Condition)
      return branch(F.Blocks[I], 0, AtEnd[I]);
  return 0;
}

bool Outcomes::isResult(ExprId Id) const {
  const Expr &E = Keys::bare(F, Id);
  if (E.Kind == ExprKind::Call)
    return E.Index == Call;
  if (!KeptIn)
    return false;
  const Expr &Kept = Keys::bare(F, KeptIn);
  if (E.Kind != Kept.Kind)
    return false;
  if (E.Kind == ExprKind::Var)
    return E.Index == Kept.Index && E.Name == Kept.Name;
  return E.Kind == ExprKind::Member && E.Name == Kept.Name &&
         !Names.of(In, Id).empty() && Names.of(In, Id) == Names.of(In, KeptIn);
}

/// Whether the call has failed when \p Condition is true; nothing when that
/// says nothing about it.
std::optional<bool> Outcomes::failsIf(ExprId Condition) const {
  const Expr &E = Keys::bare(F, Condition);
  bool OfPointer = Fails == FailKind::Null || Fails == FailKind::Zero;
  if (isResult(Condition))
    return Fails == FailKind::ErrPtr ? std::nullopt
                                     : std::optional<bool>(!OfPointer);
  if (E.Kind == ExprKind::Not) {
    std::optional<bool> Inner = failsIf(E.Ops[0]);
    return Inner ? std::optional<bool>(!*Inner) : Inner;
  }
  if (E.Kind == ExprKind::Call) {
    const CallRule *Rule = M.rule({In, &F.Calls[E.Index]});
    if (Rule && Rule->find(EffectKind::ErrorTest) &&
        !F.Calls[E.Index].Args.empty() &&
        isResult(F.Calls[E.Index].Args.front()))
      return true;
    return std::nullopt;
  }
  if (E.Kind != ExprKind::Binary || !isResult(E.Ops[0]) ||
      F.expr(E.Ops[1]).Kind != ExprKind::Int || F.expr(E.Ops[1]).Value != 0)
    return std::nullopt;
  switch (E.Op) {
  case BinaryOp::EQ:
    return OfPointer;
  case BinaryOp::NE:
    return !OfPointer;
  case BinaryOp::LT:
    return true;
  case BinaryOp::GE:
    return false;
  default:
    return std::nullopt;
  }
}

} // namespace devlife
