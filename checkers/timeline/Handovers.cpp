//===- Handovers.cpp - What a driver's function makes for the core --------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function of a table makes something that the core hands to another of
// the same table, to be freed. If it is managed, devres frees it as well.
//
//===----------------------------------------------------------------------===//

#include "timeline/Timeline.h"

namespace devlife {

namespace {

/// Watches the function that frees.
class Freeing : public Observer {
public:
  llvm::DenseSet<const CallFacts *> Ended; ///< Managed calls.

  void effect(const CallRef &, const CallRule &, const Effect &, const Value &,
              const State &, llvm::ArrayRef<CallRef>) override {}
  void endsManaged(const CallRef &, const Effect &,
                   const CallRef &Managed) override {
    Ended.insert(Managed.Call);
  }
  void reacquired(const CallRef &, const CallRef &) override {}
  void ends(const Ending &, const State &, llvm::ArrayRef<CallRef>) override {}
  void endsAgain(const CallRef &, const Resource &,
                 llvm::ArrayRef<CallRef>) override {}
  void begins(const UseSite &, StringRef, const State &,
              llvm::ArrayRef<CallRef>) override {}
  void initialises(const UseSite &, bool, const State &,
                   llvm::ArrayRef<CallRef>) override {}
};

} // namespace

static const TableEntry *entry(const TableFacts &T, StringRef Field) {
  for (const TableEntry &E : T.Entries)
    if (E.Field == Field && E.Kind == ExprKind::Function)
      return &E;
  return nullptr;
}

/// Whether \p Frees, a function of the kernel, releases what \p Arg is.
static bool releases(const CallRule *Frees, ArgRef Arg, StringRef What) {
  return Frees && llvm::any_of(Frees->Effects, [&](const Effect &E) {
           return E.Kind == EffectKind::Release && E.What == What &&
                  E.Object.Kind == Arg.Kind && E.Object.Index == Arg.Index;
         });
}

void Timelines::findHandovers(const TUFacts &TU, const TableFacts &T,
                              const HandoverRule &Rule) {
  const TableEntry *Makes = entry(T, Rule.Makes), *Frees = entry(T, Rule.Frees);
  FunctionRef Maker = Makes ? M.function(&TU, Makes->Value) : FunctionRef();
  if (!Maker || !Frees || !M.hasEffects(Maker))
    return;
  Freeing Record;
  Interpreter Run(Touch, "", Record, Strings);
  constexpr unsigned Budget = 10000; // in blocks run
  Run.setBudget(Budget);
  Value Place;
  Place.Kind = Value::Address;
  Place.Text = Strings.save("$made");
  std::vector<Value> Args = Run.entryArguments(Maker);
  bool IsOutput = Rule.Object.Kind != ArgRef::Return;
  if (IsOutput && size_t(Rule.Object.Index) >= Args.size())
    return;
  if (IsOutput)
    Args[Rule.Object.Index] = Place;
  FunctionRef Freer = M.function(&TU, Frees->Value);
  const CallRule *Kernel =
      Freer ? nullptr : M.Rules.call(Frees->Value, TU.KernelVersion);
  for (const Interpreter::Exit &E : Run.run(Maker, Args, State())) {
    if (!Interpreter::maySucceed(E))
      continue;
    auto Stored = E.S.Heap->find(Place.Text);
    Value Made = !IsOutput                   ? E.Return
                 : Stored == E.S.Heap->end() ? Value()
                                             : Stored->second;
    for (const Resource &R : E.S.Resources) {
      if (!Made.isKnown() || !R.Managed || R.State != Life::Live ||
          R.Object != Made)
        continue;
      if (Freer && Freer.F->numParams() > unsigned(Rule.Argument.Index)) {
        std::vector<Value> Handed = Run.entryArguments(Freer);
        Handed[Rule.Argument.Index] = Made;
        Run.run(Freer, Handed, E.S);
      }
      if (!Record.Ended.contains(R.Site.Call) &&
          !releases(Kernel, Rule.Argument, R.What))
        continue;
      auto IsSame = [&](const Handover &H) { return H.Managed == R.Site; };
      if (llvm::none_of(Handovers, IsSame))
        Handovers.push_back({Maker, R.Site, R.What, Frees->Value,
                             M.place({&TU, nullptr}, Frees->At)});
    }
  }
}

void Timelines::findHandovers() {
  for (const auto &TU : M.TUs)
    for (const TableFacts &T : TU->Tables)
      for (const HandoverRule &Rule : M.Rules.handovers())
        if (T.Record == Rule.Table)
          findHandovers(*TU, T, Rule);
}

} // namespace devlife
