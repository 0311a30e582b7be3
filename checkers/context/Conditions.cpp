//===- Conditions.cpp - What must hold of the arguments -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Conditions.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 8; // of definitions followed into each other
} // namespace

Condition Condition::opposite() const {
  static constexpr KindTy Other[] = {NotEqual, Equal, HasNoBit, HasBit};
  Condition C = *this;
  C.Kind = Other[Kind];
  return C;
}

Evaluator::Evaluator(const FunctionFacts &F)
    : F(F), Definitions(F.Vars.size()), IsSet(F.Vars.size()) {
  std::vector<unsigned> Stores(F.Vars.size());
  for (const Event &E : F.Events) {
    if (E.Kind != EventKind::Store)
      continue;
    const Expr &To = F.expr(E.Target);
    if (To.Kind != ExprKind::Var || To.Index < 0)
      continue;
    Definitions[To.Index] = ++Stores[To.Index] == 1 ? E.Value : 0;
    IsSet[To.Index] = true;
  }
  // What has its address taken may be set elsewhere.
  for (const Expr &E : F.Exprs)
    if (E.Kind == ExprKind::AddrOf) {
      const Expr &Of = F.expr(E.Ops[0]);
      if (Of.Kind == ExprKind::Var && Of.Index >= 0) {
        Definitions[Of.Index] = 0;
        IsSet[Of.Index] = true;
      }
    }
  for (unsigned I = 0; I != F.Vars.size(); ++I)
    if (F.Vars[I].ParamIndex >= 0 || F.Vars[I].IsStatic)
      Definitions[I] = 0;
}

std::optional<int64_t> Evaluator::constant(ExprId Id, unsigned Depth) const {
  const Expr &E = F.expr(Id);
  if (Depth > MaxDepth)
    return std::nullopt;
  auto Get = [&](unsigned Op) { return constant(E.Ops[Op], Depth + 1); };
  switch (E.Kind) {
  case ExprKind::Int:
    return E.Value;
  case ExprKind::Cast:
    return Get(0);
  case ExprKind::Var:
    if (E.Index >= 0 && Definitions[E.Index])
      return constant(Definitions[E.Index], Depth + 1);
    return std::nullopt;
  case ExprKind::Not:
    if (std::optional<int64_t> Inner = Get(0))
      return !*Inner;
    return std::nullopt;
  case ExprKind::Binary: {
    std::optional<int64_t> A = Get(0), B = Get(1);
    if (E.Op == BinaryOp::And && ((A && !*A) || (B && !*B)))
      return 0;
    if (E.Op == BinaryOp::Or && ((A && *A) || (B && *B)))
      return 1;
    if (!A || !B)
      return std::nullopt;
    switch (E.Op) {
    case BinaryOp::EQ:
      return *A == *B;
    case BinaryOp::NE:
      return *A != *B;
    case BinaryOp::LT:
      return *A < *B;
    case BinaryOp::LE:
      return *A <= *B;
    case BinaryOp::GT:
      return *A > *B;
    case BinaryOp::GE:
      return *A >= *B;
    case BinaryOp::And:
      return *A && *B;
    case BinaryOp::Or:
      return *A || *B;
    case BinaryOp::BitAnd:
      return *A & *B;
    case BinaryOp::BitOr:
      return *A | *B;
    default:
      return std::nullopt;
    }
  }
  default:
    return std::nullopt;
  }
}

int32_t Evaluator::param(ExprId Id) const {
  const Expr *E = &F.expr(Id);
  while (E->Kind == ExprKind::Cast)
    E = &F.expr(E->Ops[0]);
  if (E->Kind != ExprKind::Var || E->Index < 0)
    return -1;
  if (ExprId Definition = Definitions[E->Index])
    return Definition == Id ? -1 : param(Definition);
  return IsSet[E->Index] ? -1 : F.Vars[E->Index].ParamIndex;
}

void Evaluator::learn(ExprId Id, bool IsTrue, ConditionList &Out) const {
  const Expr &E = F.expr(Id);
  auto Add = [&](int32_t Param, Condition C) {
    C.Param = Param;
    Out.push_back(IsTrue ? C : C.opposite());
  };
  if (int32_t Param = param(Id); Param >= 0)
    return Add(Param, {Condition::NotEqual, 0, 0});
  if (E.Kind == ExprKind::Not)
    return learn(E.Ops[0], !IsTrue, Out);
  if (E.Kind != ExprKind::Binary)
    return;
  if (E.Op == BinaryOp::And || E.Op == BinaryOp::Or) {
    // The condition of the last of several operands: control got here because
    // the others did not decide.
    bool Decides = (E.Op == BinaryOp::And) == IsTrue;
    if (Decides)
      learn(E.Ops[0], IsTrue, Out);
    return learn(E.Ops[1], IsTrue, Out);
  }
  auto Value = constant(E.Ops[1]);
  if (!Value)
    return;
  int32_t Param = param(E.Ops[0]);
  if (E.Op == BinaryOp::EQ && Param >= 0)
    return Add(Param, {Condition::Equal, 0, *Value});
  if (E.Op == BinaryOp::NE && Param >= 0)
    return Add(Param, {Condition::NotEqual, 0, *Value});
  if (E.Op == BinaryOp::BitAnd && Param >= 0)
    return Add(Param, {Condition::HasBit, 0, *Value});
  // (p & MASK) != 0
  if ((E.Op == BinaryOp::EQ || E.Op == BinaryOp::NE) && *Value == 0)
    learn(E.Ops[0], (E.Op == BinaryOp::NE) == IsTrue, Out);
}

static bool satisfies(const Condition &C, int64_t Value) {
  switch (C.Kind) {
  case Condition::Equal:
    return Value == C.Value;
  case Condition::NotEqual:
    return Value != C.Value;
  case Condition::HasBit:
    return Value & C.Value;
  case Condition::HasNoBit:
    return !(Value & C.Value);
  }
  return false;
}

Answer Evaluator::holds(Condition &C, ExprId Id,
                        llvm::ArrayRef<Condition> Known) const {
  if (auto Value = constant(Id))
    return satisfies(C, *Value) ? Answer::Yes : Answer::No;
  const Expr &E = F.expr(Id);
  bool OfBits = C.Kind == Condition::HasBit || C.Kind == Condition::HasNoBit;
  if (OfBits && E.Kind == ExprKind::Binary && E.Op == BinaryOp::BitOr) {
    for (unsigned Op : {0u, 1u}) {
      auto Value = constant(E.Ops[Op]);
      if (!Value)
        continue;
      if (*Value & C.Value)
        return C.Kind == Condition::HasBit ? Answer::Yes : Answer::No;
      return holds(C, E.Ops[1 - Op], Known);
    }
    return Answer::Unknown;
  }
  if (int32_t Param = param(Id); Param >= 0) {
    C.Param = Param;
    for (const Condition &K : Known) {
      if (K == C)
        return Answer::Yes;
      if (K == C.opposite())
        return Answer::No;
      if (K.Kind == Condition::Equal && K.Param == C.Param)
        return satisfies(C, K.Value) ? Answer::Yes : Answer::No;
    }
    return Answer::Passed;
  }
  if (OfBits || E.Bits == 1)
    return Answer::Unknown;
  // Pointers are there when they are passed.
  bool IsPointer = E.IsPointer || E.IsArray || E.Kind == ExprKind::AddrOf ||
                   E.Kind == ExprKind::String || E.Kind == ExprKind::Function ||
                   E.Kind == ExprKind::ContainerOf;
  if (IsPointer && C.Value == 0)
    return C.Kind == Condition::NotEqual ? Answer::Yes : Answer::No;
  return C.Kind == Condition::NotEqual ? Answer::Yes : Answer::Maybe;
}

} // namespace devlife
