//===- Roots.cpp - The functions that the kernel calls --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Timers, tasklets and the like from the module's entries; IRQ handlers and
// other arguments from the calls that hand them over; functions of tables from
// where these are filled, statically or by assignment.
//
//===----------------------------------------------------------------------===//

#include "context/Contexts.h"

namespace devlife {

void Contexts::eachFunction(llvm::function_ref<void(FunctionRef)> Visit) const {
  for (const auto &TU : U.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      Visit({TU.get(), &F});
}

void Contexts::addRoot(Root New) {
  for (const Root &Old : Roots)
    if (Old.F == New.F && Old.As == New.As)
      return;
  Roots.push_back(std::move(New));
}

/// Whether the module gives the field a value that is not zero. \p Zero is
/// where it sets it to zero.
bool Contexts::isSet(StringRef RecordField, UseSite &Zero) const {
  auto [Record, Field] = RecordField.split('.');
  for (const auto &TU : U.M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (T.Record == Record && E.Field == Field &&
            (E.Kind != ExprKind::Int || E.Int))
          return true;
    for (const FunctionFacts &F : TU->Functions)
      for (const Event &E : F.Events) {
        const Expr &To = F.expr(E.Target), &Value = F.expr(E.Value);
        if (E.Kind != EventKind::Store || To.Kind != ExprKind::Member ||
            To.Base != Record || To.Name != Field)
          continue;
        if (Value.Kind != ExprKind::Int || Value.Value)
          return true;
        Zero = {{TU.get(), &F}, E.At, {}};
      }
  }
  return false;
}

/// The functions in fields that the rules know.
void Contexts::findOps() {
  llvm::StringMap<std::vector<const ContextOps *>> ByField;
  llvm::StringMap<UseSite> NotSet;
  for (const ContextOps &Ops : U.M.Rules.contexts().ops()) {
    UseSite Zero;
    if (!Ops.Unless.empty() && isSet(Ops.Unless, Zero))
      continue;
    ByField[Ops.Record + "." + Ops.Field].push_back(&Ops);
    NotSet[Ops.Unless] = Zero;
  }
  auto Add = [&](StringRef Record, StringRef Field, FunctionRef F, UseSite At) {
    auto It = ByField.find((Record + "." + Field).str());
    if (It == ByField.end() || !F)
      return;
    for (const ContextOps *Ops : It->second) {
      // The facts do not have the numbers in tables.
      if (!At.In.F && !Ops->Unless.empty() && !NotSet.lookup(Ops->Unless))
        continue;
      Root New{F, Ops->Runs, {}, It->first().str(), At, Ops->IsDoubtful};
      New.Unless = Ops->Unless;
      New.NotSet = NotSet.lookup(Ops->Unless);
      for (const std::string &Lock : Ops->Holds)
        New.Holds.push_back({LockKind::Mutex, Lock});
      addRoot(std::move(New));
    }
  };
  for (const auto &TU : U.M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (E.Kind == ExprKind::Function)
          Add(T.Record, E.Field, U.M.function(TU.get(), E.Value),
              {{TU.get(), nullptr}, E.At, {}});
    for (const FunctionFacts &F : TU->Functions)
      for (const Event &E : F.Events) {
        const Expr &To = F.expr(E.Target);
        if (E.Kind == EventKind::Store && E.Value &&
            To.Kind == ExprKind::Member)
          for (FunctionRef Target : U.functions({TU.get(), &F}, E.Value))
            Add(To.Base, To.Name, Target, {{TU.get(), &F}, E.At, {}});
      }
  }
}

void Contexts::findRoots() {
  const ContextRules &Rules = U.M.Rules.contexts();
  for (const BoundEntry &Entry : U.entries())
    if (auto Runs = Rules.entry(Entry.Kind))
      for (FunctionRef Handler : Entry.Handlers)
        addRoot({Handler, Runs, {}, Entry.Kind.str(), Entry.Binds.front()});
  // Initialised where they are defined.
  for (const auto &TU : U.M.TUs)
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (const FieldRule *Rule = U.M.Rules.store(T.Record, E.Field))
          if (auto Runs = Rules.entry(Rule->Effects.front().What))
            if (FunctionRef F = U.M.function(TU.get(), E.Value);
                F && E.Kind == ExprKind::Function)
              addRoot({F,
                       Runs,
                       {},
                       Rule->Effects.front().What,
                       {{TU.get(), nullptr}, E.At, {}}});
  llvm::StringMap<std::vector<const ContextHandler *>> ByCall;
  for (const ContextHandler &H : Rules.handlers())
    ByCall[H.Call].push_back(&H);
  eachFunction([&](FunctionRef F) {
    for (const CallFacts &C : F.F->Calls) {
      auto It = ByCall.find(C.Callee);
      if (It == ByCall.end() || U.M.function(F.TU, C.Callee))
        continue;
      for (const ContextHandler *H : It->second)
        for (FunctionRef Handler :
             U.functions(F, Uses::argument({F, &C}, H->Handler)))
          addRoot(
              {Handler, H->Runs, {}, "handler of " + H->Call, {F, C.At, {}}});
    }
    for (const std::string &Lock : Rules.holds(F.F->Name))
      addRoot({F, {}, {{LockKind::Mutex, Lock}}, "function", {}});
  });
  findOps();
  for (const DriverInstance &D : U.M.drivers())
    if (D.Rule && !D.Rule->Holds.empty())
      for (const auto *Phase : {&D.Begin, &D.End})
        for (FunctionRef F : *Phase)
          addRoot(
              {F, {}, {{LockKind::Mutex, D.Rule->Holds}}, D.Rule->Record, {}});
}

} // namespace devlife
