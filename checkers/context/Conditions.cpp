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
  static constexpr KindTy Other[] = {NotEqual, Equal, HasNoBit, HasBit,
                                     AtLeast,  Less,  Case};
  Condition C = *this;
  C.Kind = Other[Kind];
  return C;
}

Fact Fact::opposite() const {
  static constexpr KindTy Other[] = {Is, NotEqual, Equal, HasNoBit, HasBit, Is};
  Fact Out = *this;
  Out.Kind = Other[Kind];
  return Out;
}

/// Whether a number of which \p F is true satisfies \p O; nothing when it may.
static std::optional<bool> decide(const Fact &F, const Fact &O) {
  if (F.Key != O.Key || F.Kind == Fact::Is || O.Kind == Fact::Is)
    return std::nullopt;
  if (F == O)
    return true;
  if (F.Kind == Fact::Equal)
    switch (O.Kind) {
    case Fact::Equal:
      return F.Value == O.Value;
    case Fact::NotEqual:
      return F.Value != O.Value;
    case Fact::HasBit:
      return (F.Value & O.Value) != 0;
    case Fact::HasNoBit:
      return (F.Value & O.Value) == 0;
    default:
      return std::nullopt;
    }
  bool IsSame = F.Value == O.Value && F.Kind != Fact::Last;
  if (IsSame && F.opposite().Kind == O.Kind)
    return false;
  if (IsSame && F.Kind == O.Kind)
    return true;
  if (F.Kind == Fact::HasBit && O.Value == 0)
    return O.Kind == Fact::NotEqual ? std::optional(true)
           : O.Kind == Fact::Equal  ? std::optional(false)
                                    : std::nullopt;
  return std::nullopt;
}

bool Fact::concerns(const Fact &O) const {
  auto IsBit = [](const Fact &F) {
    return F.Kind == HasBit || F.Kind == HasNoBit;
  };
  return Key == O.Key && (!IsBit(*this) || !IsBit(O) || Value == O.Value);
}

bool Fact::excludes(const Fact &O) const {
  return decide(*this, O) == false || decide(O, *this) == false;
}

bool Fact::implies(const Fact &O) const { return decide(*this, O) == true; }

Evaluator::Evaluator(const FunctionFacts &F)
    : F(F), Definitions(F.Vars.size()), FirstSet(F.Vars.size(), ~0u),
      DefinedAt(F.Vars.size()) {
  std::vector<unsigned> Stores(F.Vars.size());
  for (uint32_t I = 0; I != F.Events.size(); ++I) {
    const Event &E = F.Events[I];
    if (E.Kind != EventKind::Store)
      continue;
    const Expr &To = F.expr(E.Target);
    if (To.Kind != ExprKind::Var || To.Index < 0)
      continue;
    Definitions[To.Index] = ++Stores[To.Index] == 1 ? E.Value : 0;
    FirstSet[To.Index] = std::min(FirstSet[To.Index], I);
    DefinedAt[To.Index] = I;
  }
  // What has its address taken may be set elsewhere.
  for (const Expr &E : F.Exprs)
    if (E.Kind == ExprKind::AddrOf) {
      const Expr &Of = F.expr(E.Ops[0]);
      if (Of.Kind == ExprKind::Var && Of.Index >= 0) {
        Definitions[Of.Index] = 0;
        FirstSet[Of.Index] = 0;
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

int32_t Evaluator::param(ExprId Id, uint32_t At) const {
  const Expr *E = &F.expr(Id);
  while (E->Kind == ExprKind::Cast)
    E = &F.expr(E->Ops[0]);
  if (E->Kind != ExprKind::Var || E->Index < 0)
    return -1;
  if (ExprId Definition = Definitions[E->Index])
    return Definition == Id ? -1 : param(Definition, DefinedAt[E->Index]);
  // Events are numbered in the order in which they can first happen.
  return FirstSet[E->Index] <= At && FirstSet[E->Index] != ~0u
             ? -1
             : F.Vars[E->Index].ParamIndex;
}

void Evaluator::learn(ExprId Id, bool IsTrue, ConditionList &Out,
                      uint32_t At) const {
  const Expr &E = F.expr(Id);
  auto Add = [&](int32_t Param, Condition C) {
    C.Param = Param;
    Out.push_back(IsTrue ? C : C.opposite());
  };
  if (int32_t Param = param(Id, At); Param >= 0)
    return Add(Param, {Condition::NotEqual, 0, 0});
  // bool can_sleep = flags & MASK;
  if (E.Kind == ExprKind::Var && E.Index >= 0 && Definitions[E.Index] &&
      !E.IsPointer) {
    const Expr &By = F.expr(Definitions[E.Index]);
    if (By.Kind == ExprKind::Not || By.Kind == ExprKind::Binary)
      learn(Definitions[E.Index], IsTrue, Out, DefinedAt[E.Index]);
    return;
  }
  if (E.Kind == ExprKind::Not)
    return learn(E.Ops[0], !IsTrue, Out, At);
  if (E.Kind != ExprKind::Binary)
    return;
  if (E.Op == BinaryOp::And || E.Op == BinaryOp::Or) {
    // The condition of the last of several operands: control got here because
    // the others did not decide.
    bool Decides = (E.Op == BinaryOp::And) == IsTrue;
    if (Decides)
      learn(E.Ops[0], IsTrue, Out, At);
    return learn(E.Ops[1], IsTrue, Out, At);
  }
  auto Value = constant(E.Ops[1]);
  if (!Value)
    return;
  int32_t Param = param(E.Ops[0], At);
  if (E.Op == BinaryOp::EQ && Param >= 0)
    return Add(Param, {Condition::Equal, 0, *Value});
  if (E.Op == BinaryOp::NE && Param >= 0)
    return Add(Param, {Condition::NotEqual, 0, *Value});
  if (E.Op == BinaryOp::BitAnd && Param >= 0)
    return Add(Param, {Condition::HasBit, 0, *Value});
  if (Param >= 0 && (E.Op == BinaryOp::LT || E.Op == BinaryOp::GE))
    return Add(Param,
               {E.Op == BinaryOp::LT ? Condition::Less : Condition::AtLeast, 0,
                *Value});
  if (Param >= 0 && (E.Op == BinaryOp::LE || E.Op == BinaryOp::GT))
    return Add(Param,
               {E.Op == BinaryOp::LE ? Condition::Less : Condition::AtLeast, 0,
                *Value + 1});
  // (p & MASK) != 0
  if ((E.Op == BinaryOp::EQ || E.Op == BinaryOp::NE) && *Value == 0)
    learn(E.Ops[0], (E.Op == BinaryOp::NE) == IsTrue, Out, At);
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
  case Condition::Less:
    return Value < C.Value;
  case Condition::AtLeast:
    return Value >= C.Value;
  case Condition::Case:
    return true;
  }
  return false;
}

Answer Evaluator::holds(Condition &C, ExprId Id,
                        llvm::ArrayRef<Condition> Known) const {
  if (auto Value = constant(Id)) {
    if (C.Kind == Condition::Case) // which of them, the facts do not tell
      return Answer::Maybe;
    return satisfies(C, *Value) ? Answer::Yes : Answer::No;
  }
  const Expr &E = F.expr(Id);
  if (E.Kind == ExprKind::Var && E.Index >= 0 && Definitions[E.Index] &&
      F.expr(Definitions[E.Index]).Kind == ExprKind::Binary)
    return holds(C, Definitions[E.Index], Known);
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
  if (C.Kind == Condition::Less || C.Kind == Condition::AtLeast ||
      C.Kind == Condition::Case)
    return Answer::Yes;
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
