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
  return M.driverOf(Site.In.TU, globalAt(argument(S, Site, E.Object)));
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

/// The release function of the object that \p E drops the last reference of.
FunctionRef Interpreter::releaseFunction(State &S, const CallRef &Site,
                                         const Effect &E) {
  if (!E.Handlers.empty())
    return argument(S, Site, E.Handlers.front()).Fn;
  ExprId Id = Uses::argument(Site, E.Object);
  if (!Id)
    return {};
  if (auto It = S.Heap->find(save("$release." + keyOf(S, Site, E.Object)));
      It != S.Heap.end())
    return It->second.Fn;
  for (StringRef Path : E.Calls)
    if (FunctionRef Found = functionAt(S, Site, E.Object, Path))
      return Found;
  // What is set elsewhere, if there is only one.
  std::vector<FunctionRef> Targets;
  if (!E.Calls.empty() && !StringRef(E.Calls.front()).contains('.'))
    Targets = M.fieldTargets(Site.In.F->expr(Id).Record, E.Calls.front());
  return Targets.size() == 1 ? Targets.front() : FunctionRef();
}

/// The function at \p Path of the object that \p Arg names: a field of it, or
/// an entry of the table that a field points to.
FunctionRef Interpreter::functionAt(State &S, const CallRef &Site, ArgRef Arg,
                                    StringRef Path) {
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
  if (FunctionRef Direct = Held(Path).Fn)
    return Direct;
  auto [Table, Field] = Path.split('.');
  if (Field.empty())
    return {};
  if (FunctionRef Found =
          M.tableFunction(Site.In.TU, globalAt(Held(Table)), Field))
    return Found;
  // The table may have been handed over when the object was allocated.
  for (const Resource &R : S.Resources)
    if (Pointer.isKnown() && R.Object == Pointer)
      for (ExprId Given : R.Site.Call->Args)
        if (FunctionRef Found = M.tableFunction(
                R.Site.In.TU, globalAt(staticValue(R.Site.In, Given)), Field))
          return Found;
  return {};
}

/// Runs what the call runs of its object before it returns: unregistering a
/// network device stops it.
State Interpreter::callback(State S, const CallRef &Site, ArgRef Object,
                            const Effect &Runs) {
  ++Called;
  Stopping += Runs.Lasting;
  for (StringRef Path : Runs.Calls) {
    FunctionRef F = functionAt(S, Site, Object, Path);
    if (canEnter(F))
      S = enter(std::move(S), Site, F, entryArguments(F));
  }
  Stopping -= Runs.Lasting;
  --Called;
  return S;
}

/// Drops the last reference: the object's release function runs. When it is
/// not known, what holds the object may be gone, or not.
State Interpreter::put(State S, const CallRef &Site, const Effect &E) {
  FunctionRef Release = releaseFunction(S, Site, E);
  if (canEnter(Release)) {
    Value Object = argument(S, Site, E.Object);
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
