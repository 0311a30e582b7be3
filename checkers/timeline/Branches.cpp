//===- Branches.cpp - What branches tell ----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Comparisons.h"
#include "timeline/Interpreter.h"

namespace devlife {

void Interpreter::replace(State &S, const Value &From, const Value &To) {
  // Most of the state does not know the value: it stays shared.
  auto IsFrom = [&](const Value &V) { return V == From; };
  for (auto &Frame : S.Frames)
    Frame.change(IsFrom, [&](Value &V) { V = To; });
  S.Heap.change([&](const auto &Entry) { return Entry.second == From; },
                [&](auto &Entry) { Entry.second = To; });
  S.Resources.change([&](const Resource &R) { return R.Object == From; },
                     [&](Resource &R) { R.Object = To; });
}

/// The untested result of a call turns out to be a failure, or none.
void Interpreter::settle(State &S, const Value &Result, bool HasFailed) {
  Value To = Result;
  To.Kind = HasFailed ? Value::Failed : Value::Succeeded;
  replace(S, Result, To);
  if (!HasFailed)
    return;
  S.undo(Result.Call);
  auto IsFrom = [&](const Value &V) {
    return V.isHandedOut() && V.Call == Result.Call;
  };
  for (auto &Frame : S.Frames)
    Frame.change(IsFrom, [](Value &V) { V = Value(); });
  S.Heap.change([&](const auto &Entry) { return IsFrom(Entry.second); },
                [](auto &Entry) { Entry.second = Value(); });
  S.Failure = Result.Call.Call;
}

/// Whether "x Op C" holds for every x with the given sign; 0 no, 1 yes, -1
/// it depends.
static int decide(int Sign, BinaryOp Op, int64_t C) {
  // Sign: -1 negative, 0 zero, 1 positive.
  auto Tri = [](bool Always, bool Never) {
    return Always ? 1 : Never ? 0 : -1;
  };
  switch (Op) {
  case BinaryOp::EQ:
    return Sign == 0 ? C == 0 : Tri(false, Sign < 0 ? C >= 0 : C <= 0);
  case BinaryOp::NE: {
    int Equal = decide(Sign, BinaryOp::EQ, C);
    return Equal < 0 ? -1 : !Equal;
  }
  case BinaryOp::LT:
    return Sign == 0  ? 0 < C
           : Sign < 0 ? Tri(C >= 0, false)
                      : Tri(false, C <= 1);
  case BinaryOp::GE: {
    int Less = decide(Sign, BinaryOp::LT, C);
    return Less < 0 ? -1 : !Less;
  }
  case BinaryOp::LE:
    return decide(Sign, BinaryOp::LT, C + 1);
  case BinaryOp::GT:
    return decide(Sign, BinaryOp::GE, C + 1);
  default:
    return -1;
  }
}

static bool compare(int64_t A, BinaryOp Op, int64_t B) {
  switch (Op) {
  case BinaryOp::EQ:
    return A == B;
  case BinaryOp::NE:
    return A != B;
  case BinaryOp::LT:
    return A < B;
  case BinaryOp::LE:
    return A <= B;
  case BinaryOp::GT:
    return A > B;
  default:
    return A >= B;
  }
}

/// The signs that the result of a call can have when it failed, and when it
/// succeeded, as a set of -1, 0, 1.
static void signsOf(const CallRule *Rule, bool Failed,
                    llvm::SmallVectorImpl<int> &Signs) {
  FailKind Fails = Rule ? Rule->Fails : FailKind::Never;
  switch (Fails) {
  case FailKind::Nonzero:
    Signs.append(Failed ? std::initializer_list<int>{-1}
                        : std::initializer_list<int>{0});
    return;
  case FailKind::Negative:
    // Success is a count or a number.
    Signs.append(Failed ? std::initializer_list<int>{-1}
                        : std::initializer_list<int>{0, 1});
    return;
  case FailKind::Null:
  case FailKind::Zero:
    Signs.append(Failed ? std::initializer_list<int>{0}
                        : std::initializer_list<int>{1});
    return;
  case FailKind::ErrPtr:
    Signs.append({1}); // an error pointer is no null pointer
    return;
  case FailKind::Never:
    Signs.append({-1, 0, 1});
    return;
  }
}

/// The sign of \p V as -1, 0 or 1, where it can have only one.
std::optional<int> Interpreter::signOf(const Value &V) const {
  if (V.Kind == Value::Int)
    return V.Number < 0 ? -1 : V.Number > 0;
  if (V.Kind != Value::Failed && V.Kind != Value::Succeeded)
    return std::nullopt;
  if (V.isHandedOut())
    return 1;
  llvm::SmallVector<int, 3> Signs;
  signsOf(M.rule(V.Call), V.Kind == Value::Failed, Signs);
  return Signs.size() == 1 ? std::optional(Signs.front()) : std::nullopt;
}

/// The pointer \p Key is null, though it was not followed what it holds: what
/// a call has handed out for it is not part of this execution.
void Interpreter::forgetHeld(State &S, StringRef Key) {
  if (!All || Keys::isObject(Key))
    return;
  S.Resources.eraseIf([&](const Resource &R) {
    const CallRule *Rule = M.rule(R.Site);
    return R.Key == Key && R.State == Life::Live && !R.Managed && Rule &&
           llvm::any_of(Rule->Effects, [&](const Effect &E) {
             return E.Kind == EffectKind::Acquire && E.What == R.What &&
                    E.Object.Kind == ArgRef::Return;
           });
  });
}

void Interpreter::assumeCompare(State S, FunctionRef F, ExprId Operand,
                                BinaryOp Op, int64_t Constant,
                                std::vector<State> &Out) {
  Value V = eval(S, F, Operand);
  auto Keep = [&](llvm::ArrayRef<int> Signs) {
    for (int Sign : Signs)
      if (decide(Sign, Op, Constant) != 0)
        return true;
    return false;
  };
  switch (V.Kind) {
  case Value::Int:
    if (compare(V.Number, Op, Constant))
      Out.push_back(std::move(S));
    return;
  case Value::Object:
  case Value::Address:
  case Value::Local:
  case Value::Function:
  case Value::NumberOf:
    if (Keep({1}))
      Out.push_back(std::move(S));
    return;
  case Value::NotZero:
    // What was asked for zero first, and for its sign then, is an error code.
    if (Constant == 0 && (Op == BinaryOp::LT || Op == BinaryOp::GE)
            ? !Keep({-1})
            : !Keep({-1, 1}))
      return;
    if (Location L = locate(S, F, Operand);
        Op == BinaryOp::LT && Constant == 0 && L.Kind == Location::Local)
      write(S, L, Value::integer(-1));
    Out.push_back(std::move(S));
    return;
  case Value::Failed:
  case Value::Succeeded: {
    llvm::SmallVector<int, 3> Signs;
    if (V.isHandedOut())
      Signs.push_back(1);
    else
      signsOf(M.rule(V.Call), V.Kind == Value::Failed, Signs);
    if (Keep(Signs))
      Out.push_back(std::move(S));
    return;
  }
  case Value::Result: {
    const CallRule *Rule = M.kernelRule(V.Call);
    if (Rule && Rule->Fails != FailKind::Never) {
      for (bool Failed : {false, true}) {
        llvm::SmallVector<int, 3> Signs;
        signsOf(Rule, Failed, Signs);
        if (!Keep(Signs))
          continue;
        State Branch = S;
        settle(Branch, V, Failed);
        Out.push_back(std::move(Branch));
      }
      return;
    }
    [[fallthrough]];
  }
  default: {
    // Remember what the branch tells, for the tests and returns that follow.
    Value To;
    if (Op == BinaryOp::EQ)
      To = Value::integer(Constant);
    else if ((Op == BinaryOp::NE && Constant == 0))
      To = Value::notZero();
    else if ((Op == BinaryOp::LT && Constant == 0))
      To = Value::integer(-1);
    else if (Op == BinaryOp::GE && Constant == 0)
      To = Value::integer(0);
    if (V.Kind == Value::Load && (Op == BinaryOp::EQ || Op == BinaryOp::NE)) {
      bool Holds = Constant == 0
                       ? S.learn(V.Text, Op == BinaryOp::NE)
                       : S.learn(save(V.Text + "==" + llvm::Twine(Constant)),
                                 Op == BinaryOp::EQ);
      if (!Holds)
        return;
      if (Op == BinaryOp::EQ && Constant == 0)
        forgetHeld(S, leaf(V.Text));
    }
    bool IsBad =
        To.Kind == Value::NotZero || (To.Kind == Value::Int && To.Number < 0);
    if (V.Kind == Value::Result && IsBad)
      S.Failure = V.Call.Call;
    // Of what is null nothing is held: clk_enable(NULL), usb_get_dev(NULL).
    if (All && To == Value::integer(0) && V.isKnown())
      S.Resources.eraseIf([&](const Resource &R) {
        return R.Object == V && R.State == Life::Live && !R.Managed;
      });
    if (To.isKnown()) {
      // What a field keeps of it is a number: of lines, of channels.
      if (V.isKnown() && V.Kind != Value::Load && Op == BinaryOp::GE)
        S.Heap.change([&](const auto &Entry) { return Entry.second == V; },
                      [](auto &Entry) { Entry.second = Value(); });
      if (V.isKnown() && V.Kind != Value::Load)
        replace(S, V, To);
      else if (Location L = locate(S, F, Operand);
               L.Kind == Location::Local &&
               !(V.Kind == Value::Load && To.Kind == Value::NotZero))
        write(S, L, To); // which object it is matters more than that it is one
    }
    Out.push_back(std::move(S));
  }
  }
}

void Interpreter::assumeError(State S, const Value &Pointer, bool IsError,
                              std::vector<State> &Out) {
  if (Pointer.Kind == (IsError ? Value::Succeeded : Value::Failed))
    return;
  if (Pointer.Kind == Value::Int && IsError != (Pointer.Number < 0))
    return;
  // A part of an object that is there: netdev_priv().
  if (IsError && Pointer.Kind == Value::Result && All)
    if (const CallRule *Rule = M.rule(Pointer.Call);
        Rule && Rule->find(EffectKind::PartOf))
      return;
  bool IsObject = Pointer.Kind == Value::Object ||
                  Pointer.Kind == Value::Address ||
                  Pointer.Kind == Value::Local;
  if (IsError && IsObject && All)
    return;
  if (Pointer.Kind == Value::Result)
    settle(S, Pointer, IsError);
  Out.push_back(std::move(S));
}

/// The condition that a call of \p Site is not zero; "" where it is none that
/// lasts, or where its arguments are not known. Two tests by a function that
/// no rule knows, of the same arguments, are taken to turn out the same.
StringRef Interpreter::question(State &S, const CallRef &Site) {
  const CallFacts &Call = *Site.Call;
  FunctionRef Callee = M.function(Site.In.TU, Call.Callee);
  if (!All || Call.Callee.empty() || M.rule(Site) ||
      (Callee && M.hasEffects(Callee)))
    return "";
  std::string Text = (Call.Callee + "(").str();
  for (ExprId Arg : Call.Args) {
    Value V = eval(S, Site.In, Arg);
    switch (V.Kind) {
    case Value::Int:
      Text += std::to_string(V.Number);
      break;
    case Value::Object:
    case Value::Address:
    case Value::Load:
      Text += V.Text;
      break;
    case Value::Result:
    case Value::Succeeded:
      Text += (V.Call.Call->Callee + "@" + llvm::Twine(V.Call.Call->At.Offset))
                  .str();
      break;
    default:
      return "";
    }
    Text += ",";
  }
  return save(Text + ")");
}

/// The expression that \p F returns, and does nothing else; 0 for others.
static ExprId predicate(const FunctionFacts &F) {
  constexpr size_t MaxEvents = 8;
  if (!F.Calls.empty() || F.Events.size() > MaxEvents)
    return 0;
  ExprId Returned = 0;
  for (const Event &E : F.Events) {
    if (E.Kind == EventKind::Store || (E.Kind == EventKind::Return && Returned))
      return 0;
    if (E.Kind == EventKind::Return)
      Returned = E.Value;
  }
  return Returned;
}

/// `if (is_wide(priv))` is a test of what is_wide() returns.
void Interpreter::assumeCall(State S, const CallRef &Site, FunctionRef Callee,
                             bool Truth, std::vector<State> &Out) {
  const FunctionFacts &Fn = *Callee.F;
  std::vector<Value> Frame(Fn.Vars.size() + Fn.Calls.size() + 1);
  for (size_t I = 0; I != Site.Call->Args.size() && I < Fn.numParams(); ++I)
    Frame[I] = eval(S, Site.In, Site.Call->Args[I]);
  uint32_t Caller = S.Frame, Depth = S.Frames.size();
  S.Frames.push_back(std::move(Frame));
  S.Frame = Depth;
  std::vector<State> Inner;
  assume(std::move(S), Callee, predicate(Fn), Truth, Inner);
  for (State &Branch : Inner) {
    Branch.Frames.resize(Depth);
    Branch.Frame = Caller;
    Out.push_back(std::move(Branch));
  }
}

void Interpreter::assume(State S, FunctionRef F, ExprId Condition, bool Truth,
                         std::vector<State> &Out) {
  const Expr &E = F.F->expr(Condition);
  if (E.Kind == ExprKind::Not)
    return assume(std::move(S), F, E.Ops[0], !Truth, Out);
  // bool is_pf = !pdev->is_virtfn;
  if (All && E.Kind == ExprKind::Var && E.Index >= 0) {
    ExprId Set = Touch.Names.definition(*F.F, E.Index);
    const Expr &By = Keys::bare(*F.F, Set);
    if (Set && By.Kind == ExprKind::Not &&
        F.F->expr(By.Ops[0]).Kind == ExprKind::Member &&
        eval(S, F, By.Ops[0]).Kind == Value::Load)
      return assume(std::move(S), F, By.Ops[0], !Truth, Out);
  }
  if (E.Kind == ExprKind::Call) {
    CallRef Test{F, &F.F->Calls[E.Index]};
    const CallRule *Rule = M.rule(Test);
    if (const Effect *Asks =
            Rule ? Rule->find(EffectKind::ErrorTest) : nullptr) {
      Value Pointer = argument(S, Test, Asks->Object);
      return assumeError(std::move(S), Pointer, Truth, Out);
    }
    FunctionRef Callee = M.function(F.TU, Test.Call->Callee);
    if (Callee && !(Callee == F) && All && predicate(*Callee.F))
      return assumeCall(std::move(S), Test, Callee, Truth, Out);
    if (StringRef Asked = question(S, Test);
        !Asked.empty() && !S.learn(Asked, Truth))
      return;
  }
  if (E.Kind == ExprKind::Binary && E.Op >= BinaryOp::EQ &&
      E.Op <= BinaryOp::GE) {
    Value L = eval(S, F, E.Ops[0]), R = eval(S, F, E.Ops[1]);
    BinaryOp Op = Truth ? E.Op : negated(E.Op);
    if (R.Kind == Value::Int)
      return assumeCompare(std::move(S), F, E.Ops[0], Op, R.Number, Out);
    if (L.Kind == Value::Int)
      return assumeCompare(std::move(S), F, E.Ops[1], mirrored(Op), L.Number,
                           Out);
    // "n != wanted" and the like: a failed call is never what was wanted.
    if (L.Kind == Value::Result)
      return assumeCompare(std::move(S), F, E.Ops[0],
                           Op == BinaryOp::EQ ? BinaryOp::GT : BinaryOp::Other,
                           0, Out);
    Out.push_back(std::move(S));
    return;
  }
  bool IsAnd = E.Kind == ExprKind::Binary && E.Op == BinaryOp::And,
       IsOr = E.Kind == ExprKind::Binary && E.Op == BinaryOp::Or;
  if (IsAnd || IsOr) {
    // Of `a && b` the block of b, or one behind both, asks for the whole.
    std::vector<State> First;
    assume(S, F, E.Ops[0], IsAnd, First);
    if (Truth != IsAnd)
      assume(std::move(S), F, E.Ops[0], !IsAnd, Out);
    for (State &Branch : First)
      assume(std::move(Branch), F, E.Ops[1], Truth, Out);
    return;
  }
  if (E.Kind == ExprKind::Binary) {
    Value L = eval(S, F, E.Ops[0]), R = eval(S, F, E.Ops[1]);
    bool IsMask = E.Op == BinaryOp::BitAnd;
    if (IsMask && L.Kind == Value::Int && R.Kind == Value::Int) {
      if (bool(L.Number & R.Number) == Truth)
        Out.push_back(std::move(S));
      return;
    }
    bool IsFlag = IsMask && L.Kind == Value::Load && R.Kind == Value::Int;
    if (!IsFlag || S.learn(save(L.Text + "&" + llvm::Twine(R.Number)), Truth))
      Out.push_back(std::move(S));
    return;
  }
  assumeCompare(std::move(S), F, Condition, Truth ? BinaryOp::NE : BinaryOp::EQ,
                0, Out);
}

} // namespace devlife
