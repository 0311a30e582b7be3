//===- Waits.cpp - Whom a call waits for ----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Summaries.h"

namespace devlife {

/// Finds the handlers of what \p W waits for.
void Summaries::resolve(Waiting &W, const ObjectPath &Of) const {
  const Instances &Objects = Names.Objects;
  Handled Found = W.IsQueue ? Objects.onQueue(Of) : Objects.handlers(Of);
  W.For = std::move(Found.By);
  W.Unsure.reset();
  if (!Found.IsSure)
    W.Unsure = Of;
}

/// Whom a quiesce, flush or drain waits for.
void Summaries::waitsFor(const CallRef &Site, const Effect &E,
                         Waiting &W) const {
  const Instances &Objects = Names.Objects;
  if (E.Kind != EffectKind::Drain && E.What == "irq") {
    W.What = "IRQ handler";
    if (E.Data)
      W.For = Objects.withCookie(Names.U.key(Site, E.Data));
    else if (Handled Found = Objects.onLine(Objects.path(Site, E.Line));
             Found.IsSure)
      W.For = std::move(Found.By);
    return;
  }
  ObjectPath Of = Objects.path(Site, E.Object);
  if (Of.Steps.empty())
    return;
  W.IsQueue = E.Kind == EffectKind::Drain;
  W.Key = Of.Key;
  W.What = W.IsQueue ? StringRef("work")
                     : Strings.save(E.What + " '" + Of.Key.ltrim(':') + "'");
  resolve(W, Of);
}

/// Whether a parameter of \p F is a part of an object of \p Record.
bool Summaries::takes(FunctionRef F, StringRef Record, unsigned Depth) const {
  const Evaluator &Values = Names.values(F);
  for (const Expr &E : F.F->Exprs)
    if (E.Kind == ExprKind::ContainerOf && E.Record == Record &&
        Values.param(E.Ops[0]) >= 0)
      return true;
  return Depth && llvm::any_of(F.F->Calls, [&](const CallFacts &C) {
           FunctionRef Callee = Names.U.M.function(F.TU, C.Callee);
           return Callee && Callee.F->numParams() == 1 && C.Args.size() == 1 &&
                  Values.param(C.Args[0]) >= 0 &&
                  takes(Callee, Record, Depth - 1);
         });
}

/// The functions of tables that the call waits for.
std::vector<FunctionRef> Summaries::waitedFor(const CallRef &Site,
                                              const ContextEffect &E) const {
  std::vector<FunctionRef> Found;
  if (E.Table) {
    StringRef Key = Names.U.key(Site, E.Table);
    if (Key.consume_front("::"))
      Names.U.M.tableFunctions(Site.In.TU, Key, Found);
    return Found;
  }
  for (StringRef Field : E.Ops) {
    auto [Record, Path] = Field.split('.');
    llvm::append_range(Found, inField(Record, Path));
  }
  if (!E.Object)
    return Found;
  // Those that are about this kind of device.
  StringRef Device = Names.device(Site, E.Object);
  llvm::erase_if(Found, [&](FunctionRef F) {
    return Device.empty() || !takes(F, Device, /*Depth=*/2);
  });
  return Found;
}

/// The functions that the module puts into a field, also where a helper does.
const std::vector<FunctionRef> &Summaries::inField(StringRef Record,
                                                   StringRef Field) const {
  auto [It, New] = InField.try_emplace((Record + "." + Field).str());
  std::vector<FunctionRef> &Found = It->second;
  if (!New)
    return Found;
  const Uses &U = Names.U;
  Found = U.M.fieldTargets(Record, Field);
  for (const auto &TU : U.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const Event &E : F.Events) {
        const Expr &To = F.expr(E.Target);
        if (E.Kind == EventKind::Store && E.Value &&
            To.Kind == ExprKind::Member && To.Base == Record &&
            To.Name == Field)
          for (FunctionRef Set : U.functions({TU.get(), &F}, E.Value))
            if (!llvm::is_contained(Found, Set))
              Found.push_back(Set);
      }
  return Found;
}

} // namespace devlife
