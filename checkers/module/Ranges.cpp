//===- Ranges.cpp - Which numbers a value can be --------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Ranges.h"
#include <set>

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 8;   // of expressions and definitions
constexpr unsigned MaxVisits = 24; // of a block, until its bounds are given up
constexpr unsigned WidenAt = 4;    // visits, before bounds that move are
} // namespace

std::string Bound::text() const {
  if (Key.empty())
    return std::to_string(Offset);
  std::string Name = Key.rsplit('.').second.str();
  if (Name.empty())
    Name = Key.ltrim(':').str();
  if (Offset == 0)
    return Name;
  return Name + (Offset > 0 ? "+" : "") + std::to_string(Offset);
}

std::string Range::text() const {
  std::string From = std::to_string(*Low);
  if (isConstant())
    return From;
  return High ? From + ".." + High->text() : From + " and up";
}

static Range constant(int64_t Value) { return {Value, Bound{"", Value}}; }

/// What is in \p A or in \p B.
static Range hull(const Range &A, const Range &B) {
  Range R;
  if (A.Low && B.Low) {
    R.Low = std::min(*A.Low, *B.Low);
    R.IsTested = A.IsTested || B.IsTested;
  }
  if (A.High && B.High && A.High->Key == B.High->Key)
    R.High = A.High->Offset > B.High->Offset ? A.High : B.High;
  return R;
}

Ranges::Ranges(const Uses &Touch) : Touch(Touch), M(Touch.M) {
  const Keys &Names = Touch.Names;
  for (const auto &TU : M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (E.Kind == ExprKind::Function)
          Taken.insert(E.Value);
    for (const FunctionFacts &Fn : TU->Functions) {
      FunctionRef F{TU.get(), &Fn};
      for (const auto &Reference : Fn.References)
        Taken.insert(Reference.first);
      for (const CallFacts &Call : Fn.Calls) {
        for (ExprId Arg : Call.Args)
          if (const Expr &E = Keys::bare(Fn, Arg);
              E.Kind == ExprKind::AddrOf && Fn.expr(E.Ops[0]).Bits)
            Handed.insert(Names.of(F, E.Ops[0]));
      }
      for (uint32_t I = 0; I != Fn.Events.size(); ++I) {
        const Event &E = Fn.Events[I];
        if (E.Kind != EventKind::Store ||
            Fn.expr(E.Target).Kind != ExprKind::Member)
          continue;
        StringRef Key = Names.of(F, E.Target);
        if (E.Value)
          Stores[Key].push_back({F, I});
        else
          Handed.insert(Key);
      }
    }
  }
}

llvm::ArrayRef<StoreRef> Ranges::stores(StringRef Key) const {
  auto It = Stores.find(Key);
  if (It == Stores.end())
    return {};
  return It->second;
}

std::optional<int64_t> Ranges::maximum(const Range &R) const {
  if (!R.High || R.High->Key.empty())
    return R.High ? std::optional(R.High->Offset) : std::nullopt;
  Range Field = ofField(R.High->Key);
  if (!Field.High || !Field.High->Key.empty())
    return std::nullopt;
  return Field.High->Offset + R.High->Offset;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// How the loop that goes back from \p Block counts \p Var: the operator of
/// its condition with the variable on the left. The facts do not tell `i++`
/// from `i--`; the condition does.
static BinaryOp loopTest(const FunctionFacts &F, uint32_t Block, int32_t Var) {
  for (unsigned Step = 0; Step != 3; ++Step) {
    if (F.Blocks[Block].Succs.size() != 1)
      return BinaryOp::None;
    uint32_t Next = F.Blocks[Block].Succs.front();
    if (Next > Block) {
      Block = Next;
      continue;
    }
    const Expr &C = F.expr(F.Blocks[Next].Condition);
    if (C.Kind != ExprKind::Binary || C.Op < BinaryOp::EQ ||
        C.Op > BinaryOp::GE)
      return BinaryOp::None;
    if (Ranges::isVar(F, C.Ops[0], Var))
      return C.Op;
    return Ranges::isVar(F, C.Ops[1], Var) ? mirrored(C.Op) : BinaryOp::None;
  }
  return BinaryOp::None;
}

bool Ranges::isVar(const FunctionFacts &F, ExprId Id, int32_t Var) {
  const Expr &E = Keys::bare(F, Id);
  return E.Kind == ExprKind::Var && E.Index == Var;
}

bool Ranges::isCounter(const FunctionFacts &F, int32_t Var) {
  return llvm::any_of(F.Events, [&](const Event &E) {
    return E.Kind == EventKind::Store && !E.Value && isVar(F, E.Target, Var);
  });
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

std::optional<Bound> Ranges::linear(FunctionRef F, ExprId Id,
                                    unsigned Depth) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (!Id || Depth > MaxDepth)
    return std::nullopt;
  switch (E.Kind) {
  case ExprKind::Int:
    return Bound{"", E.Value};
  case ExprKind::Member:
    if (StringRef Key = Touch.Names.of(F, Id); !Key.empty() && !E.IsPointer)
      return Bound{Key, 0};
    return std::nullopt;
  case ExprKind::Var:
    if (E.Index >= 0 && !isCounter(*F.F, E.Index))
      if (ExprId Definition = Touch.Names.definition(*F.F, E.Index))
        return linear(F, Definition, Depth + 1);
    return std::nullopt;
  case ExprKind::Binary: {
    if (E.Op != BinaryOp::Add && E.Op != BinaryOp::Sub)
      return std::nullopt;
    auto A = linear(F, E.Ops[0], Depth + 1), B = linear(F, E.Ops[1], Depth + 1);
    if (A && B && B->Key.empty())
      return A->plus(E.Op == BinaryOp::Add ? B->Offset : -B->Offset);
    if (A && B && A->Key.empty() && E.Op == BinaryOp::Add)
      return B->plus(A->Offset);
    return std::nullopt;
  }
  default:
    return std::nullopt;
  }
}

std::optional<Ranges::Place> Ranges::place(FunctionRef F, ExprId Id) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind == ExprKind::Var && E.Index >= 0 && !F.F->Vars[E.Index].IsStatic)
    return Place{E.Index, ""};
  if (E.Kind == ExprKind::Member && !E.IsPointer)
    if (StringRef Key = Touch.Names.of(F, Id); !Key.empty())
      return Place{-1, Key};
  return std::nullopt;
}

Range Ranges::get(FunctionRef F, const Env &In, Place P) const {
  if (auto It = In.find(P); It != In.end())
    return It->second;
  if (P.first < 0)
    return ofField(P.second);
  int32_t Param = F.F->Vars[P.first].ParamIndex;
  return Param < 0 ? Range() : ofParameter(F, Param);
}

Range Ranges::eval(FunctionRef F, const Env &In, ExprId Id,
                   unsigned Depth) const {
  if (!Id || Depth > MaxDepth)
    return {};
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind == ExprKind::Int)
    return constant(E.Value);
  if (std::optional<Place> P = place(F, Id))
    return get(F, In, *P);
  if (E.Kind == ExprKind::Conditional)
    return hull(eval(F, In, E.Ops[1], Depth + 1),
                eval(F, In, E.Ops[2], Depth + 1));
  if (E.Kind != ExprKind::Binary)
    return {};
  Range A = eval(F, In, E.Ops[0], Depth + 1);
  Range B = eval(F, In, E.Ops[1], Depth + 1);
  Range R;
  switch (E.Op) {
  case BinaryOp::Add:
    if (A.Low && B.Low)
      R = {*A.Low + *B.Low, std::nullopt, A.IsTested || B.IsTested};
    if (A.High && B.High && (A.High->Key.empty() || B.High->Key.empty()))
      R.High = A.High->Key.empty() ? B.High->plus(A.High->Offset)
                                   : A.High->plus(B.High->Offset);
    return R;
  case BinaryOp::Sub: {
    if (isFirstNumber(F, E.Ops[1]))
      R.Low = 0;
    if (!B.isConstant())
      return R;
    if (A.Low)
      R.Low = *A.Low - *B.Low;
    if (A.High)
      R.High = A.High->plus(-*B.Low);
    R.IsTested = A.IsTested;
    return R;
  }
  case BinaryOp::BitAnd:
    // x & 31
    if (B.isConstant() && *B.Low >= 0)
      R = {0, B.High};
    return R;
  default:
    return R;
  }
}

/// Whether \p Id is a number out of what a device has, to count others from:
/// that of its first interrupt.
bool Ranges::isFirstNumber(FunctionRef F, ExprId Id, unsigned Depth) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (!Id || Depth > MaxDepth)
    return false;
  if (E.Kind == ExprKind::Call) {
    const CallRule *Rule = M.rule({F, &F.F->Calls[E.Index]});
    return Rule && Rule->find(EffectKind::NumberOf);
  }
  if (E.Kind == ExprKind::Var && E.Index >= 0)
    return isFirstNumber(F, Touch.Names.definition(*F.F, E.Index), Depth + 1);
  if (E.Kind != ExprKind::Member)
    return false;
  llvm::ArrayRef<StoreRef> All = stores(Touch.Names.of(F, Id));
  return !All.empty() && llvm::all_of(All, [&](const StoreRef &S) {
    return isFirstNumber(S.In, S.event().Value, Depth + 1);
  });
}

Range Ranges::ofParameter(FunctionRef F, uint32_t Index) const {
  if (Taken.contains(F.F->Name))
    return {};
  auto [It, New] = Params.try_emplace({F.F, Index});
  if (!New)
    return It->second; // also while it is being found: no bounds
  std::optional<Range> All;
  for (const CallRef &Call : Touch.callers(F)) {
    Range R;
    for (uint32_t I = 0; I != Call.In.F->Events.size(); ++I) {
      const Event &E = Call.In.F->Events[I];
      if (E.Kind == EventKind::Call &&
          &Call.In.F->Calls[E.Index] == Call.Call &&
          Index < Call.Call->Args.size())
        R = at(Call.In, I, Call.Call->Args[Index]);
    }
    All = All ? hull(*All, R) : R;
  }
  return Params[{F.F, Index}] = All.value_or(Range());
}

Range Ranges::ofField(StringRef Key) const {
  auto It = Stores.find(Key);
  if (It == Stores.end() || Handed.contains(Key))
    return {};
  auto [Found, New] = Fields.try_emplace(Key);
  if (!New)
    return Found->second;
  std::optional<Range> All;
  for (const StoreRef &S : It->second) {
    Range R = at(S.In, S.Event, S.event().Value);
    All = All ? hull(*All, R) : R;
  }
  return Fields[Key] = *All;
}

//===----------------------------------------------------------------------===//
// The flow
//===----------------------------------------------------------------------===//

void Ranges::apply(FunctionRef F, uint32_t Block, const Event &E,
                   Env &Out) const {
  if (E.Kind == EventKind::Call) {
    for (ExprId Arg : F.F->Calls[E.Index].Args)
      if (const Expr &A = Keys::bare(*F.F, Arg); A.Kind == ExprKind::AddrOf)
        if (auto P = place(F, A.Ops[0]))
          Out[*P] = Range();
    return;
  }
  if (E.Kind != EventKind::Store)
    return;
  std::optional<Place> P = place(F, E.Target);
  if (!P)
    return;
  if (E.Value) {
    Out[*P] = eval(F, Out, E.Value);
    return;
  }
  Range R = get(F, Out, *P);
  switch (P->first < 0 ? BinaryOp::None : loopTest(*F.F, Block, P->first)) {
  case BinaryOp::LT:
  case BinaryOp::LE:
  case BinaryOp::NE:
    Out[*P] = {R.Low, std::nullopt, R.IsTested};
    return;
  case BinaryOp::GT:
  case BinaryOp::GE:
    Out[*P] = {std::nullopt, R.High};
    return;
  default:
    Out[*P] = Range();
  }
}

/// The lower of two upper bounds; \p B, which a test has just told, where they
/// cannot be compared.
static std::optional<Bound> lower(std::optional<Bound> A,
                                  std::optional<Bound> B) {
  if (!A || !B)
    return A ? A : B;
  return A->Key == B->Key && A->Offset < B->Offset ? A : B;
}

bool Ranges::compare(FunctionRef F, BinaryOp Op, ExprId A, ExprId B,
                     Env &Out) const {
  std::optional<Place> P = place(F, A);
  if (!P)
    return true;
  Range R = get(F, Out, *P), With = eval(F, Out, B);
  // Readers want to see "count-1", also where it is known to be 7.
  if (std::optional<Bound> Exact = linear(F, B))
    With.High = Exact;
  auto AtLeast = [&](int64_t Value) {
    if (R.Low && *R.Low >= Value)
      return;
    R.IsTested |= !R.Low;
    R.Low = Value;
  };
  switch (Op) {
  case BinaryOp::LT:
    if (With.High)
      R.High = lower(R.High, With.High->plus(-1));
    break;
  case BinaryOp::LE:
    R.High = lower(R.High, With.High);
    break;
  case BinaryOp::GT:
    if (With.Low)
      AtLeast(*With.Low + 1);
    break;
  case BinaryOp::GE:
    if (With.Low)
      AtLeast(*With.Low);
    break;
  case BinaryOp::EQ:
    R.High = lower(R.High, With.High);
    if (With.Low)
      AtLeast(*With.Low);
    break;
  case BinaryOp::NE:
    if (!With.isConstant())
      break;
    if (R.isConstant() && *R.Low == *With.Low)
      return false;
    if (R.Low == With.Low)
      ++*R.Low;
    else if (R.High == With.High)
      R.High = R.High->plus(-1);
    break;
  default:
    return true;
  }
  Out[*P] = R;
  return !(R.Low && R.High && R.High->Key.empty() && *R.Low > R.High->Offset);
}

bool Ranges::refine(FunctionRef F, ExprId Id, bool IsTrue, Env &Out) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind == ExprKind::Not)
    return refine(F, E.Ops[0], !IsTrue, Out);
  if (E.Kind == ExprKind::Int)
    return (E.Value != 0) == IsTrue;
  if (E.Kind == ExprKind::Binary &&
      (E.Op == BinaryOp::And || E.Op == BinaryOp::Or)) {
    // The condition of the last of several operands: control got here because
    // the others did not decide.
    bool Possible = true;
    if ((E.Op == BinaryOp::And) == IsTrue)
      Possible = refine(F, E.Ops[0], IsTrue, Out);
    return refine(F, E.Ops[1], IsTrue, Out) && Possible;
  }
  if (E.Kind == ExprKind::Binary && E.Op >= BinaryOp::EQ &&
      E.Op <= BinaryOp::GE) {
    BinaryOp Op = IsTrue ? E.Op : negated(E.Op);
    bool Left = compare(F, Op, E.Ops[0], E.Ops[1], Out);
    return compare(F, mirrored(Op), E.Ops[1], E.Ops[0], Out) && Left;
  }
  std::optional<Place> P = place(F, Id);
  if (!P || E.IsPointer)
    return true;
  Range R = get(F, Out, *P);
  if (!IsTrue) {
    bool Possible = !R.Low || *R.Low <= 0;
    Out[*P] = constant(0);
    return Possible;
  }
  if (R.isConstant() && *R.Low == 0)
    return false;
  if (R.Low && *R.Low == 0)
    R.Low = 1;
  Out[*P] = R;
  return true;
}

bool Ranges::join(FunctionRef F, std::optional<Env> &Into, const Env &From,
                  bool Widen) const {
  if (!Into) {
    Into = From;
    return true;
  }
  std::set<Place> Places;
  for (const auto &[P, R] : *Into)
    Places.insert(P);
  for (const auto &[P, R] : From)
    Places.insert(P);
  bool Changed = false;
  for (Place P : Places) {
    Range Old = get(F, *Into, P), New = hull(Old, get(F, From, P));
    if (Widen && New.Low != Old.Low)
      New.Low.reset();
    if (Widen && New.High != Old.High)
      New.High.reset();
    Changed |= !(New == Old);
    (*Into)[P] = New;
  }
  return Changed;
}

const Ranges::Flow &Ranges::flow(FunctionRef F) const {
  auto [It, New] = Flows.try_emplace(F.F);
  if (!New)
    return It->second;
  Flow In(F.F->Blocks.size());
  if (In.empty())
    return It->second;
  std::vector<unsigned> Visits(In.size());
  std::set<uint32_t> Work = {0};
  In[0].emplace();
  while (!Work.empty()) {
    uint32_t Number = *Work.begin();
    Work.erase(Work.begin());
    if (++Visits[Number] > MaxVisits)
      continue;
    const Block &B = F.F->Blocks[Number];
    Env Out = *In[Number];
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I)
      apply(F, Number, F.F->Events[I], Out);
    for (unsigned S = 0; S != B.Succs.size(); ++S) {
      Env Edge = Out;
      if (B.Condition && B.Succs.size() == 2 &&
          !refine(F, B.Condition, S == 0, Edge))
        continue;
      if (join(F, In[B.Succs[S]], Edge, Visits[B.Succs[S]] >= WidenAt))
        Work.insert(B.Succs[S]);
    }
  }
  return Flows[F.F] = std::move(In);
}

Range Ranges::at(FunctionRef F, uint32_t Event, ExprId Id) const {
  const Flow &In = flow(F);
  for (uint32_t Number = 0; Number != In.size(); ++Number) {
    const Block &B = F.F->Blocks[Number];
    if (Event < B.FirstEvent || Event >= B.EndEvent || !In[Number])
      continue;
    Env Now = *In[Number];
    for (uint32_t I = B.FirstEvent; I != Event; ++I)
      apply(F, Number, F.F->Events[I], Now);
    return eval(F, Now, Id);
  }
  return {};
}

} // namespace devlife
