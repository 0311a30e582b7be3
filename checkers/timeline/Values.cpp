//===- Values.cpp - What expressions mean ---------------------------------===//
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

/// A record of the kernel's may be known to lie in one of the driver's; of the
/// driver's own there is one.
Value Interpreter::holderOf(const Value &Part, StringRef Field,
                            StringRef Record) {
  StringRef Whole = Part.Text;
  if (Part.Kind == Value::Address && Whole.consume_back(Field) &&
      Whole.consume_back(".")) {
    Location L;
    L.Kind = Location::Key;
    L.Text = save(Whole);
    return addressOf(L);
  }
  Value V;
  V.Kind = Value::Object;
  V.Text = save(Record);
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
    return holderOf(Touch.Names.isOwn(E.Record) ? V : eval(S, F, E.Ops[0]),
                    E.Name, E.Record);
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
    // Only one of them has been called.
    bool IsCallA = F.F->expr(E.Ops[1]).Kind == ExprKind::Call,
         IsCallB = F.F->expr(E.Ops[2]).Kind == ExprKind::Call;
    if (IsCallA && A.isKnown() && !(IsCallB && B.isKnown()))
      return A;
    if (IsCallB && B.isKnown() && !(IsCallA && A.isKnown()))
      return B;
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

} // namespace devlife
