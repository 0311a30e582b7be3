//===- Windows.cpp - What opens and closes windows ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

bool Interpreter::isNumberOf(const Window &W, StringRef What,
                             const Value &Object) {
  return W.Line.Kind == Value::NumberOf && W.Line.What == What &&
         Object.Kind == Value::Object && W.Line.Text == Object.Text;
}

/// The interrupt that an effect speaks of: a number, or an index into the
/// vectors of a device.
Value Interpreter::lineOf(State &S, const CallRef &Site, const Effect &E) {
  if (!E.Line)
    return {};
  Value Line = argument(S, Site, E.Line);
  if (!E.Device)
    return Line;
  Value Device = argument(S, Site, E.Device);
  if (Device.Kind != Value::Object)
    return {};
  // Of which resource, the device's own field of that number tells.
  for (const FieldRule &Field : M.Rules.fields())
    for (const Effect &Meaning : Field.Effects)
      if (Field.Record == Device.Text && Meaning.Kind == EffectKind::NumberOf) {
        Value V;
        V.Kind = Value::NumberOf;
        V.What = Meaning.What;
        V.Text = Device.Text;
        V.Number = Line.Kind == Value::Int ? Line.Number : -1;
        return V;
      }
  return {};
}

/// Whether two values cannot be the same at run time. Only what is certain
/// counts: two indexes of one set, two fields of the driver.
static bool differ(const Value &A, const Value &B) {
  if (A.Kind != B.Kind)
    return false;
  switch (A.Kind) {
  case Value::Int:
    return A.Number != B.Number;
  case Value::NumberOf:
    return A.Text == B.Text && A.Number > 0 && B.Number > 0 &&
           A.Number != B.Number;
  case Value::Object:
  case Value::Address:
  case Value::Load:
    return A.Text != B.Text;
  default:
    return false;
  }
}

/// Whether a constant in \p Id has all of \p Bits: flags are joined with "|".
static bool hasBits(const FunctionFacts &F, ExprId Id, uint32_t Bits) {
  const Expr &E = Keys::bare(F, Id);
  if (E.Kind == ExprKind::Int)
    return (E.Value & Bits) == Bits;
  return E.Kind == ExprKind::Binary && E.Op == BinaryOp::BitOr &&
         (hasBits(F, E.Ops[0], Bits) || hasBits(F, E.Ops[1], Bits));
}

void Interpreter::arm(State &S, const CallRef &Site, const CallRule &Rule,
                      const Effect &E) {
  if (E.Object)
    return armObject(S, Site, E, bool(Rule.ManagedBy));
  if (E.Handlers.empty()) {
    Value Line = lineOf(S, Site, E);
    for (size_t I = 0; I != S.Windows.size(); ++I) {
      const Window &Known = S.Windows[I];
      if (Known.Entry != E.What || !Known.Disabled || differ(Known.Line, Line))
        continue;
      Window W = Known;
      W.Open = true;
      W.WasOpen = true;
      W.Disabled = false;
      open(S, std::move(W));
    }
    return;
  }
  Window W;
  W.Entry = E.What;
  W.Line = lineOf(S, Site, E);
  W.Data = E.Data ? argument(S, Site, E.Data) : Value();
  for (ArgRef Handler : E.Handlers)
    if (Value V = argument(S, Site, Handler); V.Kind == Value::Function) {
      W.Handlers.push_back(V);
      if (V.Fn)
        W.Code.push_back(V.Fn);
    }
  W.Site = Site;
  W.Managed = bool(Rule.ManagedBy);
  W.Given = S.Known;
  ExprId Flags = All ? Uses::argument(Site, E.Flags) : 0;
  W.Disabled =
      Flags && E.DisabledBy && hasBits(*Site.In.F, Flags, E.DisabledBy);
  W.Open = W.WasOpen = !W.Disabled;
  W.IsShared = Flags && E.SharedBy && hasBits(*Site.In.F, Flags, E.SharedBy);
  open(S, std::move(W));
}

void Interpreter::open(State &S, Window W) {
  // The core has its own entries in its own objects: usb_hcd.rh_timer.
  StringRef Owner = W.Key.split('.').first;
  if (All && !W.isCall() && W.Code.empty() && !W.Key.starts_with("::") &&
      !Touch.Names.isPartOfOwn(Owner) &&
      llvm::none_of(S.Resources, [&](const Resource &R) {
        const ResourceRule *What = M.Rules.resource(R.What);
        return R.Record == Owner && What && What->IsMemory &&
               R.Site.Call->Record.empty(); // of no type: its own
      }))
    return;
  std::vector<FunctionRef> Code = W.Code;
  CallRef Site = W.Site;
  bool IsOpen = W.Open;
  W.Since = ++S.Clock;
  W.IsQuiet = S.IsQuiet && !W.IsShared;
  Window *Again = W.isCall() ? S.window(Site) : S.entry(W.Key);
  if (Again && Again->Lasting)
    return;
  if (Again) {
    W.Many = Again->Open;
    if (Again->Open && Again->Entry.ends_with(W.Entry))
      W.Entry = Again->Entry; // delayed elsewhere
    W.Before = Again->Since;
    *Again = std::move(W);
  } else {
    S.Windows.edit().push_back(std::move(W));
  }
  // What the drivers of a module arm is stopped in their timelines.
  if (All && !IsModule && IsOpen)
    for (FunctionRef F : Touch.calledFrom(Code))
      openArmed(S, F, Site);
}

void Interpreter::openArmed(State &S, FunctionRef F, const CallRef &Source) {
  const FunctionUses &U = Touch.of(F);
  // Who takes a reference first is not outlived.
  if (U.TakesReference)
    return;
  for (const EntryEvent &Arm : U.Arms) {
    Window *Known = S.entry(Arm.Key);
    StringRef Kind = Touch.kindOf(Arm.Key, *Arm.What, Arm.AtOnce);
    if (Known && Known->Open && Kind.ends_with(Known->Entry))
      Known->Entry = Kind; // here it is delayed
    if (Arm.Key.empty() || (Known && Known->Open))
      continue;
    Window W;
    W.Entry = Kind;
    W.Key = Arm.Key;
    if (Arm.What->Queue)
      W.Queue = Touch.key(Arm.Call, Arm.What->Queue);
    W.Code = Touch.handlersOf(Arm.Key);
    W.Site = Arm.Call;
    W.Source = Source;
    W.Given = S.Known;
    // The newest of what devres undoes.
    const CallRule *Rule = Arm.Call ? M.rule(Arm.Call) : nullptr;
    if (Rule && Rule->ManagedBy) {
      W.Managed = true;
      DevresItem Item;
      Item.Site = Arm.Call;
      S.Devres.edit().push_back(std::move(Item));
    }
    open(S, std::move(W));
  }
}

void Interpreter::armObject(State &S, const CallRef &Site, const Effect &E,
                            bool Managed) {
  StringRef Key = Keys::entry(keyOf(S, Site, E.Object));
  if (Keys::isObject(Key))
    return;
  if (Site.In && Touch.of(Site.In).TakesReference)
    return;
  Window W;
  bool AtOnce = E.Delay && argument(S, Site, E.Delay) == Value::integer(0);
  W.Entry = Touch.kindOf(Key, E, AtOnce);
  W.Key = Key;
  W.Code = Touch.handlersOf(Key);
  if (E.Queue)
    W.Queue = keyOf(S, Site, E.Queue);
  W.Site = Site;
  W.Managed = Managed;
  W.Given = S.Known;
  open(S, std::move(W));
}

const Window *Interpreter::sourceOf(const State &S, const Window &W) const {
  for (const Window &Source : S.Windows)
    if (&Source != &W && Source.Open && Touch.arms(Source.Code, W.Key))
      return &Source;
  return nullptr;
}

void Interpreter::close(State &S, Window &W, const CallRef &Site,
                        bool Lasting) {
  Lasting |= Stopping != 0;
  if (const Window *Source = Lasting || W.isCall() ? nullptr : sourceOf(S, W)) {
    W.Quiesced = Site;
    W.Source = Source->Site;
    return;
  }
  W.Open = false;
  W.Lasting |= Lasting;
}

/// A delayed work is a work, once its timer has fired.
static bool isSameEntry(StringRef A, StringRef B) {
  return A == B || (A.ends_with("urb") && B.ends_with("urb")) ||
         (A.ends_with("work") && B.ends_with("work"));
}

void Interpreter::quiesceObject(State &S, const CallRef &Site,
                                const Effect &E) {
  StringRef Key = Keys::entry(keyOf(S, Site, E.Object));
  bool Found = false;
  for (size_t I = 0; I != S.Windows.size(); ++I) {
    const Window &W = S.Windows[I];
    if (W.isCall())
      continue;
    // What cannot be told apart is taken to be meant.
    bool Same = Keys::isObject(Key) ? isSameEntry(W.Entry, E.What)
                                    : Keys::overlap(W.Key, Key);
    Found |= Same;
    if (Same && W.Open)
      close(S, S.Windows.edit()[I], Site, E.Lasting);
  }
  if (Found || Key.empty() || !E.Lasting)
    return;
  Window W; // never armed, and never will be
  W.Entry = E.What;
  W.Key = Key;
  W.Site = Site;
  W.Open = false;
  W.Lasting = true;
  S.Windows.edit().push_back(std::move(W));
}

/// What was put on the queue has run.
void Interpreter::drain(State &S, const CallRef &Site, const Effect &E) {
  StringRef Key = keyOf(S, Site, E.Object);
  for (size_t I = 0; I != S.Windows.size(); ++I) {
    const Window &W = S.Windows[I];
    // Delayed items whose timer is pending are on no queue yet.
    if (W.Open && W.Entry == (E.What.empty() ? "work" : E.What) &&
        (Key.empty() || W.Queue.empty() || W.Queue == Key))
      close(S, S.Windows.edit()[I], Site, E.Lasting);
  }
}

/// One of too many functions runs: what any of them stops counts as stopped.
void Interpreter::mayStop(State &S, llvm::ArrayRef<FunctionRef> Targets) {
  for (FunctionRef F : Touch.calledFrom(Targets))
    for (const CallFacts &C : F.F->Calls) {
      CallRef Site{F, &C};
      const CallRule *Rule = M.kernelRule(Site);
      if (!Rule)
        continue;
      for (const Effect &E : Rule->Effects)
        if (E.Kind == EffectKind::Quiesce && E.Object)
          quiesceObject(S, Site, E);
        else if (E.Kind == EffectKind::Drain)
          drain(S, Site, E);
    }
}

void Interpreter::unregister(State &S, const CallRef &Site, const Effect &E) {
  StringRef Key = keyOf(S, Site, E.Object);
  bool IsNamed = llvm::any_of(S.Windows, [&](const Window &W) {
    return W.Entry == "ops" && W.What == E.What && Keys::overlap(W.Key, Key);
  });
  S.Windows.change(
      [&](const Window &W) {
        return W.Entry == "ops" && W.What == E.What && W.Open &&
               (!IsNamed || Keys::overlap(W.Key, Key));
      },
      [](Window &W) { W.Open = false; });
}

/// The functions that a registering call hands to the kernel: as arguments, in
/// tables, and in the fields of objects.
std::vector<FunctionRef> Interpreter::callbacksIn(State &S,
                                                  const CallRef &Site) {
  std::vector<FunctionRef> Found;
  auto Add = [&](const Value &V) {
    if (V.Kind == Value::Function && V.Fn)
      Found.push_back(V.Fn);
    else if (StringRef Table = globalAt(V); !Table.empty()) {
      // In the timeline of the module, a driver stands for all that it
      // registers in turn; elsewhere that has windows of its own.
      const DriverInstance *D = M.driverOf(Site.In.TU, Table);
      if (D && IsModule)
        llvm::append_range(Found, M.reachable(*D));
      else
        M.tableFunctions(Site.In.TU, Table, Found);
      // Who opens a device that is registered does so at any time.
      if (D && !IsModule && !D->Rule->IsSession)
        llvm::erase_if(Found, [&](FunctionRef F) {
          return llvm::is_contained(D->Begin, F) ||
                 llvm::is_contained(D->End, F);
        });
    }
  };
  for (ExprId Arg : Site.Call->Args) {
    Value V = eval(S, Site.In, Arg);
    Add(V);
    // Tables are also handed over when the object is allocated.
    for (const Resource &R : S.Resources)
      if (V.isKnown() && R.Object == V && !(R.Site == Site))
        for (ExprId Given : R.Site.Call->Args)
          Add(staticValue(R.Site.In, Given));
    const Expr &E = Site.In.F->expr(Arg);
    StringRef Object = prefix(pointee(V, E.Record));
    if (Object.empty())
      continue;
    std::string Fields = (Object + ".").str();
    for (auto It = S.Heap->lower_bound(Fields);
         It != S.Heap.end() && It->first.starts_with(Fields); ++It)
      Add(It->second);
  }
  return Found;
}

/// Whether the cookie that \p E of \p Site names is a pointer to another record
/// than that of the request at \p Armed.
bool Interpreter::isOtherCookie(const CallRef &Armed, const CallRef &Site,
                                const Effect &E) const {
  const CallRule *Rule = Armed ? M.rule(Armed) : nullptr;
  const Effect *Arms = Rule ? Rule->find(EffectKind::Arm) : nullptr;
  if (!Arms || !Arms->Data)
    return false;
  const Keys &Names = Touch.Names;
  StringRef There = Names.recordOf(Armed.In, Uses::argument(Armed, Arms->Data));
  StringRef Here = Names.recordOf(Site.In, Uses::argument(Site, E.Data));
  return There != Here && Names.isOwn(There) && Names.isOwn(Here);
}

void Interpreter::quiesce(State &S, const CallRef &Site, const CallRule &Rule,
                          const Effect &E) {
  if (E.Object)
    return quiesceObject(S, Site, E);
  Value Line = lineOf(S, Site, E);
  Value Data = E.Data ? argument(S, Site, E.Data) : Value();
  // What a test has told of a result, not negative or not zero, is no number.
  // The field that the number is kept in tells then.
  auto IsNumber = [](const Value &V) {
    return V.isKnown() && V.Kind != Value::NotZero &&
           !(V.Kind == Value::Int && V.Number == 0);
  };
  auto IsSameField = [&](const CallRef &Armed) {
    const CallRule *Arming = M.rule(Armed);
    const Effect *Arms = Arming ? Arming->find(EffectKind::Arm) : nullptr;
    StringRef Field = Touch.key(Site, E.Line);
    return Arms && !Keys::isObject(Field) &&
           Touch.key(Armed, Arms->Line) == Field;
  };
  // A line that is the same is certain; a cookie that is the same is, when it
  // is handed over once.
  auto Ends = [&](const Window &W) {
    if (W.Entry != E.What || !W.Open)
      return false;
    if (IsNumber(Line) && IsNumber(W.Line))
      return Line == W.Line;
    return (Data.isKnown() && W.Data == Data) || IsSameField(W.Site);
  };
  // Without a cookie it is only disabled, and stays requested.
  if (!Rule.ManagedBy && E.Data && llvm::count_if(S.Windows, Ends) == 1)
    for (const Window &W : S.Windows)
      if (Ends(W) && W.Managed)
        Watch.endsManaged(Site, E, W.Site);
  auto IsMeant = [&](const Window &W) {
    if (W.Entry != E.What || !(W.Open || (E.Data && W.Disabled)))
      return false;
    // An IRQ is (line, cookie): that one of them is the same is enough, since
    // the number may come from another variable.
    if (differ(W.Line, Line) && (!E.Data || differ(W.Data, Data)))
      return false;
    // With another cookie it is another request.
    return !(All && E.Data &&
             (differ(W.Data, Data) || isOtherCookie(W.Site, Site, E)));
  };
  S.Windows.change(IsMeant, [&](Window &W) {
    W.Open = false;
    W.Disabled = !E.Data;
    if (Rule.ManagedBy)
      S.Devres.eraseIf([&](const DevresItem &I) { return I.Site == W.Site; });
  });
}

} // namespace devlife
