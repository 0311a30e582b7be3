//===- Counts.cpp - Counts that are used before they are checked ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Counts.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 8;  // of expressions and definitions
constexpr unsigned MaxCalls = 12; // from a driver's begin
} // namespace

static CountState either(CountState A, CountState B) {
  return {A.Above || B.Above, A.Below || B.Below};
}

static bool same(CountState A, CountState B) {
  return A.Above == B.Above && A.Below == B.Below;
}

Counts::Counts(const Ranges &Of, StringRef Key,
               llvm::ArrayRef<InputRule> Inputs,
               llvm::ArrayRef<FunctionRef> Live)
    : Of(Of), M(Of.M), Key(Key), Inputs(Inputs) {
  llvm::ArrayRef<DriverInstance> Drivers = M.drivers();
  std::vector<FunctionRef> Begins;
  for (const DriverInstance &D : Drivers)
    Begins.insert(Begins.end(), D.Begin.begin(), D.Begin.end());
  const std::vector<FunctionRef> &Run = Of.Touch.calledFrom(Begins);
  // What others store at any time, before a driver begins as well.
  CountState Start;
  for (const StoreRef &S : Of.stores(Key)) {
    std::optional<CountState> Says = stored(S);
    if (!Says || (Says->Above && Says->Below))
      continue;
    if (!Source)
      Source = S;
    if (llvm::is_contained(Run, S.In))
      continue;
    Start.Above &= Says->Above;
    Start.Below &= Says->Below;
  }
  if (!Source || Key.empty())
    return;
  auto Begin = [&](const DriverInstance &D, CountState S, bool Collect) {
    for (FunctionRef F : D.Begin)
      S = walk(F, S, Collect);
    return S;
  };
  // Only drivers store it while they begin: each has to check.
  bool InBegin = Start.Above && Start.Below;
  CountState Bound = Start;
  for (const DriverInstance &D : Drivers) {
    // A driver that is bound by another one can rely on what that has checked.
    CountState Before = Start;
    for (const DriverInstance &Other : Drivers)
      if (&Other != &D)
        Before = either(Before, Begin(Other, Start, /*Collect=*/false));
    CountState Out = Begin(D, Before, /*Collect=*/true);
    Bound = InBegin
                ? CountState{Bound.Above && Out.Above, Bound.Below && Out.Below}
                : either(Bound, Out);
  }
  for (FunctionRef F : Live)
    walk(F, Bound, /*Collect=*/true);
  llvm::append_range(Found, Sizes);
}

bool Counts::isInput(FunctionRef F, ExprId Value, unsigned Depth) const {
  const Expr &E = Keys::bare(*F.F, Value);
  auto Is = [&](const CallFacts &Call, auto Matches) {
    return llvm::any_of(Inputs, [&](const InputRule &I) {
      return (I.Call == Call.Callee ||
              I.Call == normaliseCallee(Call.Callee)) &&
             Matches(I.Value);
    });
  };
  if (E.Kind == ExprKind::Call)
    return Is(F.F->Calls[E.Index],
              [](ArgRef A) { return A.Kind == ArgRef::Return; });
  if (E.Kind != ExprKind::Var || E.Index < 0 || Depth > MaxDepth)
    return false;
  if (ExprId Definition = Of.Touch.Names.definition(*F.F, E.Index))
    return isInput(F, Definition, Depth + 1);
  for (const CallFacts &Call : F.F->Calls)
    if (Is(Call, [&](ArgRef A) {
          if (A.Kind != ArgRef::Arg || !A.Pointee ||
              size_t(A.Index) >= Call.Args.size())
            return false;
          const Expr &To = Keys::bare(*F.F, Call.Args[A.Index]);
          return To.Kind == ExprKind::AddrOf &&
                 F.F->expr(To.Ops[0]).Kind == ExprKind::Var &&
                 F.F->expr(To.Ops[0]).Index == E.Index;
        }))
      return true;
  return false;
}

std::optional<CountState> Counts::stored(const StoreRef &S) const {
  const Event &E = S.event();
  if (E.Kind != EventKind::Store || Of.Touch.Names.of(S.In, E.Target) != Key ||
      S.In.F->expr(E.Target).Kind != ExprKind::Member)
    return std::nullopt;
  if (!E.Value || !isInput(S.In, E.Value))
    return CountState();
  Range R = Of.at(S.In, S.Event, E.Value);
  return CountState{R.High.has_value(), R.Low && *R.Low > 0};
}

bool Counts::isCount(FunctionRef F, ExprId Id) const {
  std::optional<Bound> B = Of.linear(F, Id);
  return B && B->Key == Key;
}

bool Counts::mentions(FunctionRef F, ExprId Id, unsigned Depth) const {
  if (!Id || Depth > MaxDepth)
    return false;
  if (isCount(F, Id))
    return true;
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind == ExprKind::Var && E.Index >= 0)
    return mentions(F, Of.Touch.Names.definition(*F.F, E.Index), Depth + 1);
  if (E.Kind == ExprKind::Call)
    return llvm::any_of(F.F->Calls[E.Index].Args, [&](ExprId Arg) {
      return mentions(F, Arg, Depth + 1);
    });
  if (E.Kind == ExprKind::Member)
    return false;
  return llvm::any_of(E.Ops,
                      [&](ExprId Op) { return mentions(F, Op, Depth + 1); });
}

void Counts::use(CountUse::KindTy Kind, bool OfZero, FunctionRef F, Loc At) {
  (Kind == CountUse::Size ? Sizes : Found)
      .push_back({Kind, OfZero, F, At, Path});
}

/// BIT_ULL(count) needs it not to be large, BIT_ULL(count - 1) not to be 0.
void Counts::shifts(FunctionRef F, ExprId Id, Loc At, CountState S,
                    unsigned Depth) {
  const Expr &E = Keys::bare(*F.F, Id);
  if (!Id || Depth > MaxDepth || E.Kind == ExprKind::Call)
    return;
  if (E.Kind == ExprKind::Binary && E.Op == BinaryOp::Shl)
    if (std::optional<Bound> By = Of.linear(F, E.Ops[1]);
        By && By->Key == Key) {
      if (!S.Above)
        use(CountUse::Shift, false, F, At);
      if (!S.Below && By->Offset < 0)
        use(CountUse::Shift, true, F, At);
    }
  for (ExprId Op : E.Ops)
    shifts(F, Op, At, S, Depth + 1);
}

CountState Counts::learn(FunctionRef F, ExprId Id, bool IsTrue, CountState S,
                         unsigned Depth) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (!Id || Depth > MaxDepth)
    return S;
  if (E.Kind == ExprKind::Not)
    return learn(F, E.Ops[0], !IsTrue, S, Depth + 1);
  if (isCount(F, Id)) {
    S.Below |= IsTrue;
    return S;
  }
  if (E.Kind == ExprKind::Var && E.Index >= 0)
    return learn(F, Of.Touch.Names.definition(*F.F, E.Index), IsTrue, S,
                 Depth + 1);
  // A function that is asked about it.
  if (E.Kind == ExprKind::Call)
    return mentions(F, Id) ? CountState() : S;
  if (E.Kind != ExprKind::Binary)
    return S;
  if (E.Op == BinaryOp::And || E.Op == BinaryOp::Or) {
    if ((E.Op == BinaryOp::And) == IsTrue)
      S = learn(F, E.Ops[0], IsTrue, S, Depth + 1);
    return learn(F, E.Ops[1], IsTrue, S, Depth + 1);
  }
  for (unsigned Side : {0u, 1u}) {
    std::optional<Bound> B = Of.linear(F, E.Ops[Side]);
    if (!B || B->Key != Key)
      continue;
    const Expr &Other = Keys::bare(*F.F, E.Ops[1 - Side]);
    // The condition of a loop.
    if (Other.Kind == ExprKind::Var && Other.Index >= 0 &&
        Ranges::isCounter(*F.F, Other.Index))
      continue;
    BinaryOp Op = IsTrue ? E.Op : negated(E.Op);
    bool IsZero = Other.Kind == ExprKind::Int && Other.Value == 0;
    switch (Side == 0 ? Op : mirrored(Op)) {
    case BinaryOp::LT:
    case BinaryOp::LE:
      S.Above = true;
      break;
    case BinaryOp::EQ:
      S.Above = true;
      S.Below |= !IsZero;
      break;
    case BinaryOp::GT:
      S.Below = true;
      break;
    case BinaryOp::GE:
      S.Below |= !IsZero;
      break;
    case BinaryOp::NE:
      S.Below |= IsZero;
      break;
    default:
      break;
    }
  }
  return S;
}

/// Whether the variable \p Id is an index into an array, and nothing but loops
/// bounds it.
static bool isIndex(const FunctionFacts &F, ExprId Id) {
  const Expr &Var = Keys::bare(F, Id);
  if (Var.Kind != ExprKind::Var || Var.Index < 0)
    return false;
  bool IsIndex = false;
  for (const Expr &E : F.Exprs) {
    if (E.Kind == ExprKind::Index && F.expr(E.Ops[0]).IsArray)
      IsIndex |= Ranges::isVar(F, E.Ops[1], Var.Index);
    bool IsTest = E.Kind == ExprKind::Binary && E.Op >= BinaryOp::LT &&
                  E.Op <= BinaryOp::GE &&
                  (Ranges::isVar(F, E.Ops[0], Var.Index) ||
                   Ranges::isVar(F, E.Ops[1], Var.Index));
    if (IsTest && llvm::none_of(F.Blocks, [&](const Block &B) {
          return B.IsLoopHead && &F.expr(B.Condition) == &E;
        }))
      return false;
  }
  return IsIndex;
}

CountState Counts::run(FunctionRef F, uint32_t Number, CountState S,
                       bool Collect) {
  const Block &B = F.F->Blocks[Number];
  for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I) {
    const Event &E = F.F->Events[I];
    if (Collect && E.Kind != EventKind::Call)
      shifts(F, E.Value, E.At, S);
    if (E.Kind == EventKind::Store) {
      if (std::optional<CountState> Says = stored({F, I}))
        S = *Says;
      continue;
    }
    if (E.Kind != EventKind::Call)
      continue;
    CallRef Call{F, &F.F->Calls[E.Index]};
    const CallRule *Rule = M.kernelRule(Call);
    const Effect *Makes = Rule ? Rule->find(EffectKind::Acquire) : nullptr;
    const ResourceRule *What = Makes ? M.Rules.resource(Makes->What) : nullptr;
    for (ExprId Arg : Call.Call->Args) {
      if (Collect)
        shifts(F, Arg, E.At, S);
      if (Collect && !S.Above && What && What->IsMemory && mentions(F, Arg))
        use(CountUse::Size, false, F, E.At);
    }
    FunctionRef To = M.function(F.TU, Call.Call->Callee);
    if (!To || Path.size() == MaxCalls)
      continue;
    Path.push_back(Call);
    S = walk(To, S, Collect);
    Path.pop_back();
  }
  const Expr &C = F.F->expr(B.Condition);
  if (!Collect || !B.IsLoopHead || S.Above || C.Kind != ExprKind::Binary)
    return S;
  for (unsigned Side : {0u, 1u})
    if (isCount(F, C.Ops[Side]) && isIndex(*F.F, C.Ops[1 - Side]))
      for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I)
        if (mentions(F, F.F->Events[I].Target))
          return use(CountUse::Loop, false, F, F.F->Events[I].At), S;
  return S;
}

CountState Counts::walk(FunctionRef F, CountState In, bool Collect) {
  auto [It, New] = Outs.try_emplace({F.F, In}, In);
  if (F.F->Blocks.empty() ||
      (!New && (!Collect || !Collected.insert({F.F, In}).second)))
    return It->second;
  if (New && Collect)
    Collected.insert({F.F, In});
  std::vector<std::optional<CountState>> At(F.F->Blocks.size());
  std::set<uint32_t> Work = {0};
  At[0] = In;
  std::optional<CountState> Out;
  auto Flow = [&](uint32_t Number, bool Last) {
    const Block &B = F.F->Blocks[Number];
    CountState S = run(F, Number, *At[Number], Last && Collect);
    for (unsigned I = 0; I != B.Succs.size(); ++I) {
      CountState Edge = S;
      if (B.Condition && B.Succs.size() == 2)
        Edge = learn(F, B.Condition, I == 0, S);
      std::optional<CountState> &To = At[B.Succs[I]];
      CountState Joined = To ? either(*To, Edge) : Edge;
      if (To && same(*To, Joined))
        continue;
      To = Joined;
      Work.insert(B.Succs[I]);
    }
    if (!Last)
      return;
    // What a failing call has learnt is of no use to its caller.
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I) {
      const Event &E = F.F->Events[I];
      const Expr &Value = F.F->expr(E.Value);
      if (E.Kind == EventKind::Return &&
          !(Value.Kind == ExprKind::Int && Value.Value < 0))
        Out = Out ? either(*Out, S) : S;
    }
    if (Number + 1 == F.F->Blocks.size() && F.F->ReturnsVoid)
      Out = Out ? either(*Out, S) : S;
  };
  while (!Work.empty()) {
    uint32_t Number = *Work.begin();
    Work.erase(Work.begin());
    Flow(Number, /*Last=*/false);
  }
  for (uint32_t Number = 0; Number != At.size(); ++Number)
    if (At[Number])
      Flow(Number, /*Last=*/true);
  return Outs[{F.F, In}] = Out.value_or(In);
}

} // namespace devlife
