//===- Callbacks.cpp - What a call runs before it returns -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

/// The driver of the module's own that \p Site registers; null in the timeline
/// of the module itself, whose drivers have timelines of their own.
const DriverInstance *Interpreter::nestedDriver(State &S, const CallRef &Site,
                                                const Effect &E) {
  if (!All || IsModule || Nested)
    return nullptr;
  const DriverInstance *D =
      M.driverOf(Site.In.TU, globalAt(argument(S, Site, E.Object)));
  // Who opens a device that is registered does so later.
  return D && !D->Rule->IsSession ? D : nullptr;
}

/// Registering a driver binds its devices; this runs begin, or end, of a driver
/// that another one registers.
State Interpreter::nested(State S, const CallRef &Site, const Effect &E,
                          bool Begins) {
  const DriverInstance *D = nestedDriver(S, Site, E);
  if (!D)
    return S;
  Nested = true;
  Stack.push_back(Site);
  for (FunctionRef F : Begins ? D->Begin : D->End) {
    std::vector<Exit> Exits = run(F, entryArguments(F), S);
    llvm::erase_if(Exits, [&](const Exit &X) {
      return Begins && X.Return.isKnown() && !maySucceed(X);
    });
    if (!Exits.empty())
      S = joined(std::move(Exits));
  }
  Stack.pop_back();
  Nested = false;
  return S;
}

/// Counts the references that this timeline takes. False when the last one is
/// dropped, as far as can be told.
bool Interpreter::count(State &S, const CallRef &Site, const Effect &E) {
  StringRef Name = keyOf(S, Site, E.Object);
  Value &Count = S.Heap.edit()[save("$references." + Name)];
  if (Name.empty())
    return true;
  if (E.Kind == EffectKind::Get) {
    Count = Value::integer(Count.Number + 1);
    return true;
  }
  if (Count.Kind != Value::Int || Count.Number == 0)
    return false;
  Count = Value::integer(Count.Number - 1);
  return true;
}

/// The release function of the object that \p E drops the last reference of;
/// \p Object becomes what it is called with.
FunctionRef Interpreter::releaseFunction(State &S, const CallRef &Site,
                                         const Effect &E, Value &Object) {
  if (!E.Handlers.empty())
    return argument(S, Site, E.Handlers.front()).Fn;
  ExprId Id = Uses::argument(Site, E.Object);
  if (!Id)
    return {};
  if (auto It = S.Heap->find(save("$release." + keyOf(S, Site, E.Object)));
      It != S.Heap.end())
    return It->second.Fn;
  for (StringRef Path : E.Calls)
    if (FunctionRef Found = functionAt(S, Site, E.Object, Path, &Object))
      return Found;
  // What is set elsewhere, if there is only one.
  std::vector<FunctionRef> Targets;
  if (!E.Calls.empty() && !StringRef(E.Calls.front()).contains('.'))
    Targets = M.fieldTargets(Site.In.F->expr(Id).Record, E.Calls.front());
  return Targets.size() == 1 ? Targets.front() : FunctionRef();
}

/// The function at \p Path of the object that \p Arg names: a field of it, or
/// an entry of the table that a field points to. \p Holder becomes the address
/// of the record inside the object that the field is of.
FunctionRef Interpreter::functionAt(State &S, const CallRef &Site, ArgRef Arg,
                                    StringRef Path, Value *Holder) {
  ExprId Id = Uses::argument(Site, Arg);
  if (Arg.Kind != ArgRef::Return && !Id)
    return {};
  Value Pointer = Id ? eval(S, Site.In, Id) : Value();
  StringRef Object = prefix(
      pointee(Pointer, Id ? Site.In.F->expr(Id).Record : Site.Call->Record));
  auto Held = [&](const llvm::Twine &Field) {
    auto It = S.Heap->find(save(Object + "." + Field));
    return It == S.Heap.end() ? Value() : It->second;
  };
  if (FunctionRef Direct = Held(Path).Fn) {
    StringRef Inner = Path.rsplit('.').first;
    if (Holder && Inner != Path) {
      Holder->Kind = Value::Address;
      Holder->Text = save(Object + "." + Inner);
    }
    return Direct;
  }
  auto [Table, Field] = Path.split('.');
  if (Field.empty())
    return {};
  if (FunctionRef Found =
          M.tableFunction(Site.In.TU, globalAt(Held(Table)), Field))
    return Found;
  // The table can be one of this record: that a field holds, or that was handed
  // over together with the object.
  std::string Fields = (Object + ".").str();
  for (auto It = S.Heap->lower_bound(Fields);
       It != S.Heap.end() && It->first.starts_with(Fields); ++It)
    if (FunctionRef Found =
            M.tableFunction(Site.In.TU, globalAt(It->second), Path))
      return Found;
  Value V = argument(S, Site, Arg);
  for (StringRef Wanted : {Path, Field})
    for (const Resource &R : S.Resources)
      if (R.Site == Site || (V.isKnown() && R.Object == V))
        for (ExprId Given : R.Site.Call->Args)
          if (FunctionRef Found = M.tableFunction(
                  R.Site.In.TU, globalAt(staticValue(R.Site.In, Given)),
                  Wanted))
            return Found;
  return {};
}

/// Whether \p F may touch the hardware: by a rule, or by handing what it has
/// looked up to code that no rule knows.
static bool mayAccess(const Uses &Touch, FunctionRef F) {
  return Touch.of(F).Access.isValid() ||
         llvm::any_of(F.F->Calls, [&](const CallFacts &C) {
           if (Touch.M.function(F.TU, C.Callee) || Touch.M.rule({F, &C}))
             return false;
           return llvm::any_of(C.Args, [&](ExprId Id) {
             const Expr &E = Keys::bare(*F.F, Id);
             bool IsParam = E.Kind == ExprKind::Var && E.Index >= 0 &&
                            F.F->Vars[E.Index].ParamIndex >= 0;
             return E.IsPointer && !IsParam;
           });
         });
}

/// Whether the entry \p Key can run although none of \p Openers ever has: begin
/// arms it, or an IRQ that begin has requested and nothing keeps quiet.
bool Interpreter::runsUnopened(StringRef Key,
                               llvm::ArrayRef<FunctionRef> Openers) const {
  // What only opening does to the hardware may be what makes it speak.
  for (FunctionRef F : Touch.calledFrom(Openers))
    if (!llvm::is_contained(*BeginCalls, F) && mayAccess(Touch, F))
      return false;
  return llvm::any_of(Begun, [&](const Window &W) {
    bool Arms = W.Entry == "irq" ? bool(Touch.arms(W.Code, Key))
                                 : W.Key == Key && !W.Source;
    return W.Open && Arms && !Touch.isTold(W.Code, Openers);
  });
}

/// Likewise, or, where it cannot be told, those of any table of the module.
std::vector<FunctionRef> Interpreter::functionsAt(State &S, const CallRef &Site,
                                                  ArgRef Arg, StringRef Path) {
  if (FunctionRef F = functionAt(S, Site, Arg, Path))
    return {F};
  auto [Record, Field] = Path.split('.');
  return M.fieldTargets(Record, Field);
}

/// Runs what the call runs of its object before it returns: unregistering a
/// network device stops it. Nothing runs after a function that never ran.
State Interpreter::callback(State S, const CallRef &Site, ArgRef Object,
                            const Effect &Runs) {
  std::vector<FunctionRef> Openers;
  for (StringRef Path : Runs.After)
    llvm::append_range(Openers, functionsAt(S, Site, Object, Path));
  Cow<std::vector<Window>> Before = S.Windows;
  ++Called;
  Stopping += Runs.Lasting;
  for (StringRef Path : Runs.Calls) {
    std::vector<FunctionRef> Targets = functionsAt(S, Site, Object, Path);
    // Which table it is cannot be told: what any of them stops has stopped, and
    // nothing is said about what it ends.
    bool IsSure = Targets.size() == 1;
    if (Targets.size() > MaxTargets) {
      mayStop(S, Targets);
      continue;
    }
    Counted += !IsSure;
    for (FunctionRef F : Targets)
      if (canEnter(F))
        S = enter(std::move(S), Site, F, entryArguments(F));
    Counted -= !IsSure;
  }
  Stopping -= Runs.Lasting;
  --Called;
  if (Openers.empty() || !BeginCalls)
    return S;
  for (const Window &Old : Before) {
    // What was stopped before stays so, unless it is opened.
    bool IsOpen = Old.Open && !Old.isCall() && !Old.Quiesced;
    Window *Again = IsOpen ? S.entry(Old.Key) : nullptr;
    if (!Again || Again->Open || !runsUnopened(Old.Key, Openers))
      continue;
    *Again = Old;
    Again->Unopened = Site;
  }
  return S;
}

/// Drops the last reference: the object's release function runs. When it is
/// not known, what holds the object may be gone, or not.
State Interpreter::put(State S, const CallRef &Site, const Effect &E) {
  Value Object = argument(S, Site, E.Object);
  FunctionRef Release = releaseFunction(S, Site, E, Object);
  if (canEnter(Release)) {
    ++Counted;
    S = enter(std::move(S), Site, Release, {Object});
    --Counted;
    return S;
  }
  StringRef Key = keyOf(S, Site, E.Object);
  S.Resources.change(
      [&](const Resource &R) {
        return !R.Record.empty() && !Key.empty() &&
               Touch.Names.holds(R.Record, Key);
      },
      [](Resource &R) { R.Escaped = true; });
  return S;
}

} // namespace devlife
