//===- Values.cpp - What expressions mean and what branches tell ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Locations are named by field keys: "y_priv.ring" is the field of the one
// y_priv that a driver instance has, whatever pointer leads to it; "::name"
// is a global. Elements of an array share a key.
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

Interpreter::Location Interpreter::pointee(const Value &V, StringRef Record) {
  Location L;
  switch (V.Kind) {
  case Value::Local:
    L.Kind = Location::Local;
    L.Frame = V.Frame;
    L.Var = V.Number;
    return L;
  case Value::Address:
  case Value::Object:
    L.Kind = Location::Key;
    L.Text = V.Text;
    return L;
  default:
    if (!Record.empty()) {
      L.Kind = Location::Key;
      L.Text = Record;
    }
    return L;
  }
}

Interpreter::Location Interpreter::locate(State &S, FunctionRef F, ExprId Id) {
  const Expr &E = F.F->expr(Id);
  Location L;
  switch (E.Kind) {
  case ExprKind::Var:
    if (E.Index >= 0 && !F.F->Vars[E.Index].IsStatic) {
      L.Kind = Location::Local;
      L.Frame = S.Frame;
      L.Var = E.Index;
    } else {
      L.Kind = Location::Key;
      L.Text = E.Index >= 0 ? save("::" + F.F->Name + "." + E.Name)
                            : save("::" + E.Name);
    }
    return L;
  case ExprKind::Member: {
    Location Base = E.Arrow ? pointee(eval(S, F, E.Ops[0]), E.Base)
                            : locate(S, F, E.Ops[0]);
    if (Base.Kind == Location::Key) {
      L.Kind = Location::Key;
      L.Text = save(Base.Text + "." + E.Name);
      Leaves[L.Text.data()] =
          save((Touch.Names.isOwn(E.Base) ? E.Base : leaf(Base.Text)) + "." +
               E.Name);
    } else if (Base.Kind == Location::Local) {
      L.Kind = Location::Key;
      L.Text = save(prefix(Base) + "." + E.Name);
    }
    return L;
  }
  case ExprKind::Deref:
    return pointee(eval(S, F, E.Ops[0]), E.Record);
  case ExprKind::Index:
    if (F.F->expr(E.Ops[0]).IsArray)
      return locate(S, F, E.Ops[0]);
    return pointee(eval(S, F, E.Ops[0]), E.Record);
  case ExprKind::Cast:
    return locate(S, F, E.Ops[0]);
  case ExprKind::Call: // a record returned by value
    return pointee(eval(S, F, Id), "");
  default:
    return L;
  }
}

StringRef Interpreter::leaf(StringRef Location) const {
  auto It = Leaves.find(Location.data());
  return It == Leaves.end() ? Location : It->second;
}

StringRef Interpreter::prefix(const Location &L) {
  if (L.Kind == Location::Local)
    return save("#" + llvm::Twine(L.Frame) + "." + llvm::Twine(L.Var));
  return L.Kind == Location::Key ? L.Text : "";
}

void Interpreter::copyRecord(State &S, StringRef To, StringRef From) {
  if (To.empty() || To == From)
    return;
  std::string Old = (To + ".").str(), New = (From + ".").str();
  std::vector<std::pair<StringRef, Value>> Members;
  for (auto It = S.Heap->lower_bound(New);
       It != S.Heap->end() && It->first.starts_with(New); ++It)
    if (!From.empty())
      Members.emplace_back(It->first.drop_front(From.size()), It->second);
  auto &Heap = S.Heap.edit();
  for (auto It = Heap.lower_bound(Old);
       It != Heap.end() && It->first.starts_with(Old);)
    It = Heap.erase(It);
  for (const auto &[Member, V] : Members) {
    StringRef Key = save(To + Member);
    Heap[Key] = V;
    S.forget(Key);
  }
}

Value Interpreter::addressOf(const Location &L) {
  Value V;
  if (L.Kind == Location::Local) {
    V.Kind = Value::Local;
    V.Frame = L.Frame;
    V.Number = L.Var;
  } else if (L.Kind == Location::Key) {
    // The address of a whole record is the record itself.
    bool IsRecord = !L.Text.starts_with("::") && !L.Text.starts_with("#") &&
                    !L.Text.contains('.');
    V.Kind = IsRecord ? Value::Object : Value::Address;
    V.Text = save(L.Text);
  }
  return V;
}

Value Interpreter::read(State &S, const Location &L, const Expr &E) {
  if (L.Kind == Location::Local) {
    if (E.IsArray || (!E.Record.empty() && !E.IsPointer))
      return addressOf(L);
    if (L.Frame < S.Frames.size() && L.Var < S.Frames[L.Frame].size())
      return S.Frames[L.Frame][L.Var];
    return {};
  }
  if (L.Kind != Location::Key)
    return {};
  if (E.IsArray || (!E.Record.empty() && !E.IsPointer))
    return addressOf(L);
  if (auto It = S.Heap->find(L.Text);
      It != S.Heap->end() && It->second.isKnown())
    return It->second;
  Value V;
  V.Kind = Value::Load;
  V.Text = save(L.Text);
  return V;
}

void Interpreter::write(State &S, const Location &L, const Value &V) {
  if (L.Kind == Location::Local) {
    if (L.Frame < S.Frames.size() && L.Var < S.Frames[L.Frame].size())
      S.Frames[L.Frame].edit()[L.Var] = V;
  } else if (L.Kind == Location::Key) {
    S.Heap.edit()[L.Text] = V;
    S.forget(L.Text);
  }
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Whether \p E is reached through a \p Record: pdev->bus->self is another
/// device, while whatever pci_dev a driver keeps elsewhere is its own.
static bool isThrough(const FunctionFacts &F, const Expr &E, StringRef Record) {
  for (const Expr *At = &E; At->Ops[0]; At = &F.expr(At->Ops[0]))
    if (At->Kind == ExprKind::Member && At->Base == Record)
      return true;
  return false;
}

Value Interpreter::eval(State &S, FunctionRef F, ExprId Id) {
  const Expr &E = F.F->expr(Id);
  switch (E.Kind) {
  case ExprKind::Int:
    return Value::integer(E.Value);
  case ExprKind::Function: {
    Value V;
    V.Kind = Value::Function;
    V.Text = save(E.Name);
    V.Fn = M.function(F.TU, E.Name);
    return V;
  }
  case ExprKind::Member:
    if (const FieldRule *Rule = M.Rules.field(E.Base, E.Name))
      for (const Effect &Meaning : Rule->Effects)
        if (Meaning.Kind == EffectKind::NumberOf) {
          Value Object = E.Arrow ? eval(S, F, E.Ops[0])
                                 : addressOf(locate(S, F, E.Ops[0]));
          if (Object.Kind != Value::Object)
            break;
          Value V;
          V.Kind = Value::NumberOf;
          V.What = Meaning.What;
          V.Text = Object.Text;
          return V;
        }
    [[fallthrough]];
  case ExprKind::Var:
  case ExprKind::Deref:
  case ExprKind::Index: {
    Value V = read(S, locate(S, F, Id), E);
    // All elements share a key: which of them it is cannot be told.
    if (E.Kind == ExprKind::Index && V.Kind == Value::Load)
      V.What = "[]";
    bool Untraced = V.Kind == Value::Unknown ||
                    (V.Kind == Value::Load && E.Kind != ExprKind::Var);
    if (Untraced && E.IsPointer && !E.Record.empty() &&
        (E.Record == Device
             ? !isThrough(*F.F, E, Device)
             : V.Kind == Value::Unknown && Touch.Names.isOwn(E.Record))) {
      V.Kind = Value::Object;
      V.Text = save(E.Record);
    }
    return V;
  }
  case ExprKind::AddrOf:
    return addressOf(locate(S, F, E.Ops[0]));
  case ExprKind::Call: {
    size_t Slot = F.F->Vars.size() + E.Index;
    return S.Frames[S.Frame][Slot];
  }
  case ExprKind::ContainerOf: {
    Value V;
    // A function that is given the device, and yet derives one from what it
    // finds in memory, speaks of another: the second function of a card
    // (drivers/net/wireless/mediatek/mt76/mt7996/pci.c).
    if (E.Record == Device) {
      Value Part = eval(S, F, E.Ops[0]);
      bool IsGiven = llvm::any_of(F.F->Vars, [&](const VarFacts &Var) {
        return Var.ParamIndex >= 0 && Var.Record == Device;
      });
      if (IsGiven && Part.Kind == Value::Load) {
        V.Kind = Value::Load;
        V.Text = save(Device + " of " + Part.Text);
        return V;
      }
    }
    V.Kind = Value::Object;
    V.Text = save(E.Record);
    return V;
  }
  case ExprKind::Cast: {
    Value V = eval(S, F, E.Ops[0]);
    if (E.Record.empty() || (V.Kind != Value::Unknown && V.Kind != Value::Load))
      return V;
    V = Value();
    V.Kind = Value::Object;
    V.Text = save(E.Record);
    return V;
  }
  case ExprKind::Not: {
    Value V = eval(S, F, E.Ops[0]);
    if (V.Kind == Value::Int)
      return Value::integer(V.Number == 0);
    if (V.Kind == Value::NotZero || V.Kind == Value::Object ||
        V.Kind == Value::Address || V.Kind == Value::Local)
      return Value::integer(0);
    return {};
  }
  case ExprKind::Conditional: {
    Value Test = eval(S, F, E.Ops[0]);
    if (Test.Kind == Value::Int)
      return eval(S, F, E.Ops[Test.Number ? 1 : 2]);
    Value A = eval(S, F, E.Ops[1]), B = eval(S, F, E.Ops[2]);
    return A == B ? A : Value();
  }
  default:
    return {};
  }
}

Value Interpreter::argument(State &S, const CallRef &Site, ArgRef Arg) {
  const CallFacts &Call = *Site.Call;
  int Index = Arg.Index < 0 ? int(Call.Args.size()) + Arg.Index : Arg.Index;
  if (Arg.Kind != ArgRef::Arg || Index < 0 || Index >= int(Call.Args.size()))
    return {};
  Value V = eval(S, Site.In, Call.Args[Index]);
  const Expr &E = Site.In.F->expr(Call.Args[Index]);
  if (V.Kind == Value::Unknown && E.IsPointer && !E.Record.empty()) {
    V.Kind = Value::Object;
    V.Text = save(E.Record);
  }
  return V;
}

StringRef Interpreter::keyOf(State &S, const CallRef &Site, ArgRef Arg) {
  StringRef Static = Touch.key(Site, Arg);
  if (!Keys::isObject(Static) || Arg.Kind != ArgRef::Arg)
    return Static;
  ExprId Id = Uses::argument(Site, Arg);
  if (!Id)
    return Static;
  Value V = eval(S, Site.In, Id);
  switch (V.Kind) {
  case Value::Address:
  case Value::Load:
    return leaf(V.Text);
  case Value::Result:
  case Value::Succeeded:
    // A field that holds the same.
    for (const auto &[Text, Held] : S.Heap)
      if (Held == V && !Text.starts_with("#"))
        return leaf(Text);
    return Static;
  default:
    return Static;
  }
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

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

static BinaryOp negate(BinaryOp Op) {
  switch (Op) {
  case BinaryOp::EQ:
    return BinaryOp::NE;
  case BinaryOp::NE:
    return BinaryOp::EQ;
  case BinaryOp::LT:
    return BinaryOp::GE;
  case BinaryOp::GE:
    return BinaryOp::LT;
  case BinaryOp::LE:
    return BinaryOp::GT;
  default:
    return BinaryOp::LE;
  }
}

static BinaryOp mirror(BinaryOp Op) {
  switch (Op) {
  case BinaryOp::LT:
    return BinaryOp::GT;
  case BinaryOp::GT:
    return BinaryOp::LT;
  case BinaryOp::LE:
    return BinaryOp::GE;
  case BinaryOp::GE:
    return BinaryOp::LE;
  default:
    return Op;
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
    if (Keep({-1, 1}))
      Out.push_back(std::move(S));
    return;
  case Value::Failed:
  case Value::Succeeded: {
    llvm::SmallVector<int, 3> Signs;
    signsOf(M.rule(V.Call), V.Kind == Value::Failed, Signs);
    if (Keep(Signs))
      Out.push_back(std::move(S));
    return;
  }
  case Value::Result: {
    const CallRule *Rule = M.function(V.Call.In.TU, V.Call.Call->Callee)
                               ? nullptr
                               : M.rule(V.Call);
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
    }
    bool IsBad =
        To.Kind == Value::NotZero || (To.Kind == Value::Int && To.Number < 0);
    if (V.Kind == Value::Result && IsBad)
      S.Failure = V.Call.Call;
    if (To.isKnown()) {
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
  bool IsObject = Pointer.Kind == Value::Object ||
                  Pointer.Kind == Value::Address ||
                  Pointer.Kind == Value::Local;
  if (IsError && IsObject && All)
    return;
  if (Pointer.Kind == Value::Result)
    settle(S, Pointer, IsError);
  Out.push_back(std::move(S));
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
  }
  if (E.Kind == ExprKind::Binary && E.Op >= BinaryOp::EQ &&
      E.Op <= BinaryOp::GE) {
    Value L = eval(S, F, E.Ops[0]), R = eval(S, F, E.Ops[1]);
    BinaryOp Op = Truth ? E.Op : negate(E.Op);
    if (R.Kind == Value::Int)
      return assumeCompare(std::move(S), F, E.Ops[0], Op, R.Number, Out);
    if (L.Kind == Value::Int)
      return assumeCompare(std::move(S), F, E.Ops[1], mirror(Op), L.Number,
                           Out);
    // "n != wanted" and the like: a failed call is never what was wanted.
    if (L.Kind == Value::Result)
      return assumeCompare(std::move(S), F, E.Ops[0],
                           Op == BinaryOp::EQ ? BinaryOp::GT : BinaryOp::Other,
                           0, Out);
    Out.push_back(std::move(S));
    return;
  }
  if (E.Kind == ExprKind::Binary) {
    Value L = eval(S, F, E.Ops[0]), R = eval(S, F, E.Ops[1]);
    bool IsFlag = E.Op == BinaryOp::BitAnd && L.Kind == Value::Load &&
                  R.Kind == Value::Int;
    if (!IsFlag || S.learn(save(L.Text + "&" + llvm::Twine(R.Number)), Truth))
      Out.push_back(std::move(S));
    return;
  }
  assumeCompare(std::move(S), F, Condition, Truth ? BinaryOp::NE : BinaryOp::EQ,
                0, Out);
}

} // namespace devlife
