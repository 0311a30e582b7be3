//===- Module.cpp - The translation units of one kernel module ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Module.h"

namespace devlife {

Module::Module(llvm::ArrayRef<std::unique_ptr<TUFacts>> TUs,
               const RuleSet &Rules, Interest Wanted)
    : Rules(Rules), TUs(TUs), Wanted(std::move(Wanted)) {
  index();
  findBegins();
  findDrivers();
  if (this->Wanted.all())
    findAssigned();
  findUnloading();
  findEffects();
}

void Module::index() {
  for (const auto &TU : TUs) {
    auto &Functions = Locals[TU.get()];
    for (const FunctionFacts &F : TU->Functions) {
      Functions.try_emplace(F.Name, FunctionRef{TU.get(), &F});
      if (!F.IsStatic)
        Externals.try_emplace(F.Name, FunctionRef{TU.get(), &F});
    }
    auto &Tables = LocalTables[TU.get()];
    for (const TableFacts &T : TU->Tables) {
      Tables.try_emplace(T.Name, TableRef{TU.get(), &T});
      if (!T.IsStatic)
        ExternalTables.try_emplace(T.Name, TableRef{TU.get(), &T});
    }
  }
  auto AddField = [&](StringRef Record, StringRef Field, FunctionRef Target) {
    auto &List = Fields[(Record + "." + Field).str()];
    if (Target && !llvm::is_contained(List, Target))
      List.push_back(Target);
  };
  // Functions that keep what they are given in a field, by parameter.
  llvm::DenseMap<const FunctionFacts *,
                 std::vector<std::pair<size_t, const Expr *>>>
      Setters;
  for (const auto &TU : TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (E.Kind == ExprKind::Function && !T.Record.empty())
          AddField(T.Record, E.Field, function(TU.get(), E.Value));
    for (const FunctionFacts &F : TU->Functions)
      for (const Event &E : F.Events)
        if (E.Kind == EventKind::Store) {
          const Expr &To = F.expr(E.Target), &Value = F.expr(E.Value);
          if (To.Kind == ExprKind::Member && Value.Kind == ExprKind::Function)
            AddField(To.Base, To.Name, function(TU.get(), Value.Name));
          else if (To.Kind == ExprKind::Member && Value.Kind == ExprKind::Var &&
                   Value.Index >= 0 && F.Vars[Value.Index].ParamIndex >= 0)
            Setters[&F].emplace_back(F.Vars[Value.Index].ParamIndex, &To);
        }
  }
  for (const auto &TU : TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls) {
        auto Setter = Setters.find(function(TU.get(), C.Callee).F);
        if (Setter == Setters.end())
          continue;
        for (const auto &[Param, To] : Setter->second)
          if (Param < C.Args.size())
            if (const Expr &Arg = F.expr(C.Args[Param]);
                Arg.Kind == ExprKind::Function)
              AddField(To->Base, To->Name, function(TU.get(), Arg.Name));
      }
}

FunctionRef Module::function(const TUFacts *TU, StringRef Name) const {
  if (Name.empty())
    return {};
  if (auto It = Locals.find(TU); It != Locals.end())
    if (auto Found = It->second.find(Name); Found != It->second.end())
      return Found->second;
  return Externals.lookup(Name);
}

TableRef Module::table(const TUFacts *TU, StringRef Name) const {
  if (auto It = LocalTables.find(TU); It != LocalTables.end())
    if (auto Found = It->second.find(Name); Found != It->second.end())
      return Found->second;
  return ExternalTables.lookup(Name);
}

std::vector<FunctionRef> Module::fieldTargets(StringRef Record,
                                              StringRef Field) const {
  return Fields.lookup((Record + "." + Field).str());
}

const CallRule *Module::rule(const CallRef &Call) const {
  if (Call.Call->Callee.empty())
    return nullptr;
  return Rules.call(Call.Call->Callee, Call.In.TU->KernelVersion);
}

const CallRule *Module::kernelRule(const CallRef &Call) const {
  return function(Call.In.TU, Call.Call->Callee) ? nullptr : rule(Call);
}

std::vector<FunctionRef> Module::handlers(const CallRef &Call,
                                          const Effect &E) const {
  std::vector<FunctionRef> List;
  for (ArgRef Handler : E.Handlers) {
    if (Handler.Index < 0 || size_t(Handler.Index) >= Call.Call->Args.size())
      continue;
    const Expr &Arg = Call.In.F->expr(Call.Call->Args[Handler.Index]);
    if (Arg.Kind == ExprKind::Function)
      if (FunctionRef Target = function(Call.In.TU, Arg.Name))
        List.push_back(Target);
  }
  return List;
}

/// The function at \p Path of a table, which may lead through another table:
/// "ops.bind" of `.ops = &foo_ops`.
FunctionRef Module::entryOf(TableRef T, StringRef Path) const {
  for (const TableEntry &E : T.Table->Entries) {
    if (E.Field == Path && E.Kind == ExprKind::Function)
      return function(T.TU, E.Value);
    if (E.Kind == ExprKind::Var && Path.starts_with(E.Field) &&
        Path.drop_front(E.Field.size()).starts_with("."))
      if (TableRef Next = table(T.TU, E.Value); Next.Table)
        return entryOf(Next, Path.drop_front(E.Field.size() + 1));
  }
  return {};
}

/// Tables that are filled by assignment: `f->bind = foo_bind`.
void Module::findAssigned() {
  for (const auto &TU : TUs)
    for (const FunctionFacts &F : TU->Functions) {
      std::map<StringRef, DriverInstance> ByRecord;
      for (const Event &E : F.Events) {
        if (E.Kind != EventKind::Store || !E.Value)
          continue;
        const Expr &To = F.expr(E.Target), &Value = F.expr(E.Value);
        if (To.Kind != ExprKind::Member || Value.Kind != ExprKind::Function)
          continue;
        const DriverRule *Rule = Rules.driver(To.Base);
        FunctionRef Target = function(TU.get(), Value.Name);
        if (!Rule || !Target)
          continue;
        DriverInstance &D = ByRecord[To.Base];
        D.Rule = Rule;
        if (llvm::is_contained(Rule->Begin, To.Name))
          D.Begin.push_back(Target);
        else if (llvm::is_contained(Rule->End, To.Name))
          D.End.push_back(Target);
      }
      for (auto &[Record, D] : ByRecord)
        if (!D.Begin.empty())
          Drivers.push_back(std::move(D));
    }
}

/// Tables whose begin is handed over by a call.
void Module::findBegins() {
  for (const auto &TU : TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls) {
        CallRef Site{{TU.get(), &F}, &C};
        const CallRule *Rule = rule(Site);
        const Effect *Begins = Rule ? Rule->find(EffectKind::Begins) : nullptr;
        if (!Begins || size_t(Begins->Object.Index) >= C.Args.size())
          continue;
        const Expr *Table = &F.expr(C.Args[Begins->Object.Index]);
        if (Table->Kind == ExprKind::AddrOf)
          Table = &F.expr(Table->Ops[0]);
        for (FunctionRef Begin : handlers(Site, *Begins))
          if (TableRef T = table(TU.get(), Table->Name); T.Table)
            BegunBy[T.Table] = Begin;
      }
}

void Module::findDrivers() {
  for (const auto &TU : TUs)
    for (const TableFacts &T : TU->Tables) {
      const DriverRule *Rule = Rules.driver(T.Record);
      if (!Rule)
        continue;
      DriverInstance D;
      D.Rule = Rule;
      D.Table = {TU.get(), &T};
      for (const TableEntry &E : T.Entries)
        if (!Rule->Permanent.empty() && E.Field == Rule->Permanent)
          D.IsPermanent = E.Kind == ExprKind::Int && E.Int;
      auto Add = [&](llvm::ArrayRef<std::string> Paths,
                     std::vector<FunctionRef> &Phase) {
        for (StringRef Path : Paths)
          if (FunctionRef F = entryOf(D.Table, Path))
            Phase.push_back(F);
      };
      Add(Rule->Begin, D.Begin);
      Add(Rule->End, D.End);
      if (FunctionRef Begin = BegunBy.lookup(&T)) {
        D.Begin = {Begin};
        D.IsPermanent = true;
      }
      D.IsPermanent |= D.isModule();
      D.IsPermanent &= D.End.empty();
      if (!D.Begin.empty() && (Wanted.all() || !D.isModule()))
        Drivers.push_back(std::move(D));
    }
}

/// Unloading a module unbinds all its drivers.
void Module::findUnloading() {
  bool Unloads = llvm::any_of(TUs, [&](const auto &TU) {
    return llvm::any_of(TU->Tables, [&](const TableFacts &T) {
      const DriverRule *Rule = Rules.driver(T.Record);
      return Rule && Rule->Device == "module" &&
             llvm::any_of(T.Entries, [&](const TableEntry &E) {
               return llvm::is_contained(Rule->End, E.Field);
             });
    });
  });
  for (DriverInstance &D : Drivers)
    D.IsPermanent &= !Unloads;
}

/// Backwards over the call graph, from the calls that have effects.
void Module::findEffects() {
  llvm::DenseMap<const FunctionFacts *, std::vector<const FunctionFacts *>>
      Callers;
  std::vector<const FunctionFacts *> Work;
  for (const auto &TU : TUs)
    for (const FunctionFacts &F : TU->Functions) {
      // Pointers that come and go matter as well.
      bool Own = Wanted.all() && llvm::any_of(F.Events, [&](const Event &E) {
                   const Expr &To = F.expr(E.Target);
                   return E.Kind == EventKind::Store && E.Value &&
                          To.Kind == ExprKind::Member &&
                          (To.IsPointer || Rules.store(To.Base, To.Name));
                 });
      for (const CallFacts &C : F.Calls) {
        const CallRule *Rule = rule({{TU.get(), &F}, &C});
        for (const Effect &E : effectsOf(Rule)) {
          if (E.Kind == EffectKind::Release)
            Released.insert(E.What);
          if (E.Kind == EffectKind::Acquire && E.Object.Kind == ArgRef::Arg)
            Taken.insert(E.What);
          TakesAny |= E.Kind == EffectKind::Get;
        }
        if (FunctionRef Callee = function(TU.get(), C.Callee)) {
          Callers[Callee.F].push_back(&F);
          continue;
        }
        if (Rule)
          for (const Effect &E : Rule->Effects) {
            Own |= Wanted.covers(E);
            if (E.Kind != EffectKind::Action)
              continue;
            for (FunctionRef Action : handlers({{TU.get(), &F}, &C}, E))
              Callers[Action.F].push_back(&F);
          }
        if (C.Callee.empty() && C.Target) {
          const Expr &Target = F.expr(C.Target);
          if (Target.Kind == ExprKind::Member)
            for (FunctionRef Callee : fieldTargets(Target.Base, Target.Name))
              Callers[Callee.F].push_back(&F);
        }
      }
      if (Own && WithEffects.insert(&F).second)
        Work.push_back(&F);
    }
  while (!Work.empty()) {
    const FunctionFacts *F = Work.back();
    Work.pop_back();
    for (const FunctionFacts *Caller : Callers.lookup(F))
      if (WithEffects.insert(Caller).second)
        Work.push_back(Caller);
  }
}

void Module::tableTargets(TableRef T, std::vector<FunctionRef> &Out,
                          std::vector<TableRef> &Tables) const {
  for (const TableEntry &E : T.Table->Entries) {
    if (E.Kind == ExprKind::Function) {
      if (FunctionRef F = function(T.TU, E.Value))
        Out.push_back(F);
    } else if (E.Kind == ExprKind::Var) {
      if (TableRef Next = table(T.TU, E.Value); Next.Table)
        Tables.push_back(Next);
    }
  }
}

const DriverInstance *Module::driverOf(const TUFacts *TU,
                                       StringRef Name) const {
  TableRef T = table(TU, Name);
  for (const DriverInstance &D : Drivers)
    if (T.Table && D.Table.Table == T.Table)
      return &D;
  return nullptr;
}

FunctionRef Module::tableFunction(const TUFacts *TU, StringRef Name,
                                  StringRef Field) const {
  if (Name.empty())
    return {};
  TableRef T = table(TU, Name);
  // A static one that another file hands over has the only one of its name.
  if (!T.Table)
    for (const auto &Other : TUs)
      if (TableRef Found = table(Other.get(), Name); Found.Table) {
        if (T.Table)
          return {};
        T = Found;
      }
  if (!T.Table)
    return {};
  if (auto [Record, Rest] = Field.split('.'); Record == T.Table->Record)
    Field = Rest;
  return entryOf(T, Field);
}

void Module::tableFunctions(const TUFacts *TU, StringRef Name,
                            std::vector<FunctionRef> &Out) const {
  TableRef First = table(TU, Name);
  if (!First.Table)
    return;
  std::vector<TableRef> Work = {First};
  llvm::DenseSet<const void *> Seen;
  while (!Work.empty()) {
    TableRef T = Work.back();
    Work.pop_back();
    if (Seen.insert(T.Table).second)
      tableTargets(T, Out, Work);
  }
}

std::vector<FunctionRef>
Module::reachable(llvm::ArrayRef<FunctionRef> Roots) const {
  std::vector<FunctionRef> Found, Work(Roots.rbegin(), Roots.rend());
  std::vector<TableRef> Tables;
  llvm::DenseSet<const void *> Seen;
  while (!Work.empty() || !Tables.empty()) {
    if (!Tables.empty()) {
      TableRef T = Tables.back();
      Tables.pop_back();
      if (Seen.insert(T.Table).second)
        tableTargets(T, Work, Tables);
      continue;
    }
    FunctionRef F = Work.back();
    Work.pop_back();
    if (!F || !Seen.insert(F.F).second)
      continue;
    Found.push_back(F);
    for (const CallFacts &C : F.F->Calls) {
      if (FunctionRef Callee = function(F.TU, C.Callee))
        Work.push_back(Callee);
    }
    for (const auto &[Name, At] : F.F->References) {
      if (FunctionRef Named = function(F.TU, Name))
        Work.push_back(Named);
      else if (TableRef T = table(F.TU, Name); T.Table)
        Tables.push_back(T);
    }
  }
  return Found;
}

std::vector<FunctionRef> Module::reachable(const DriverInstance &Driver) const {
  std::vector<FunctionRef> Roots = Driver.Begin;
  llvm::append_range(Roots, Driver.End);
  if (!Driver.Table.Table)
    return reachable(Roots);
  Roots.clear();
  std::vector<TableRef> Tables;
  tableTargets(Driver.Table, Roots, Tables);
  llvm::DenseSet<const void *> Seen = {Driver.Table.Table};
  while (!Tables.empty()) {
    TableRef T = Tables.back();
    Tables.pop_back();
    if (Seen.insert(T.Table).second)
      tableTargets(T, Roots, Tables);
  }
  return reachable(Roots);
}

Place Module::place(FunctionRef In, Loc At) const {
  Place P;
  if (!At.isValid())
    return P;
  const SourceFile &File = In.TU->file(At);
  P.File = File.Path;
  P.FullPath = File.FullPath;
  P.Line = At.Line;
  P.Column = At.Column;
  P.Offset = At.Offset;
  if (In.F)
    P.Function = In.F->Name.str();
  return P;
}

ExtractOptions extractOptions(const RuleSet &Rules, StringRef TreeRoot) {
  ExtractOptions Options;
  Options.TreeRoot = TreeRoot.str();
  for (const ContractRule &Contract : Rules.contracts())
    Options.Probes.push_back(Contract.Declares);
  for (const CallRule &Call : Rules.calls())
    if (Call.Becomes)
      Options.Probes.push_back(Call.Becomes->Call);
  for (const DriverRule &Driver : Rules.drivers())
    if (!Driver.Permanent.empty())
      Options.Numbers.push_back(Driver.Record + "." + Driver.Permanent);
  for (const FieldRule &Field : Rules.fields())
    if (!Field.Becomes.empty())
      Options.Fields.push_back(Field.Record + "." + Field.Field);
  return Options;
}

} // namespace devlife
