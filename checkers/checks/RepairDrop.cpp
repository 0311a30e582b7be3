//===- RepairDrop.cpp - One release of two goes ---------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   released, and released again on every way that leads here: the second goes
//   managed, and released by hand: the release goes, as devres comes later and
//     a lifetime may well be longer; a window only where it is the last thing
//     of all. Else the managed call takes its place: kfree() -> devm_kfree().
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Repair.h"
#include "checks/Statements.h"

namespace devlife {

static std::vector<FunctionRef> phasesOf(const DriverTimeline &D) {
  std::vector<FunctionRef> Phases = D.Driver->Begin;
  llvm::append_range(Phases, D.Driver->End);
  return Phases;
}

static bool isInLoop(const CallRef &Site, SourceTexts &Texts) {
  return Site.Call->Stmt < 0 ||
         Statements(Site.In, Texts).isInLoop(Site.Call->Stmt);
}

void repairTwice(const Timelines &T, const DriverTimeline &D, const Clash &C,
                 Finding &F) {
  const CallRef &Again = C.Over.Site, &First = C.R.Released;
  const CallRule *Rule = T.M.rule(Again);
  SourceTexts Texts;
  // What waits has waited; all else is to be done.
  if (!C.IsAlways || !First || !Rule ||
      llvm::count_if(
          Rule->Effects,
          [](const Effect &E) { return E.Kind != EffectKind::Drain; }) != 1 ||
      !runsOnlyIn(T.Touch, Again.In, phasesOf(D)) || isInLoop(Again, Texts) ||
      isInLoop(First, Texts))
    return;
  Repair R(T.M, Texts);
  R.drop(Again);
  F.Edits = R.finish();
}

//===----------------------------------------------------------------------===//
// Managed
//===----------------------------------------------------------------------===//

/// Whether the release undoes nothing that \p Managed has not done.
static bool covers(const CallRule &Managed, const CallRule &Release) {
  return llvm::all_of(Release.Effects, [&](const Effect &E) {
    EffectKind Wanted;
    if (E.Kind == EffectKind::Release)
      Wanted = EffectKind::Acquire;
    else if (E.Kind == EffectKind::Quiesce)
      Wanted = EffectKind::Arm;
    else
      return E.Kind == EffectKind::Runs || E.Kind == EffectKind::Access;
    return llvm::any_of(Managed.Effects, [&](const Effect &Done) {
      return Done.Kind == Wanted && Done.What == E.What;
    });
  });
}

static bool closesWindow(const RuleSet &Rules, const CallRule &Release) {
  return llvm::any_of(Release.Effects, [&](const Effect &E) {
    const ResourceRule *What = Rules.resource(E.What);
    return E.Kind == EffectKind::Quiesce || (What && What->HasCallbacks);
  });
}

/// Whether nothing but returns follows the statement of \p Site.
static bool isLast(const CallRef &Site, SourceTexts &Texts) {
  Statements Code(Site.In, Texts);
  std::optional<Statement> S = Code.find(*Site.Call);
  if (!S || S->Block != 0)
    return false;
  auto Rest = Code.between(0, S->Text.End, Code.F.Body.End);
  return Rest && llvm::all_of(*Rest, [&](int N) {
           return Code.F.Skeleton[N].Kind == StmtKind::Return &&
                  llvm::none_of(Code.F.Calls, [&](const CallFacts &C) {
                    return C.Stmt == N;
                  });
         });
}

/// Whether begin hands nothing to devres after \p Managed, which would then be
/// released before it.
static bool isNewest(const DriverTimeline &D, const CallRef &Managed) {
  unsigned Order = 0;
  for (const Occurrence &O : D.Occurrences)
    if (O.Site == Managed)
      Order = O.Order;
  return Order && llvm::none_of(D.Occurrences, [&](const Occurrence &O) {
           return O.InBegin && O.Rule->ManagedBy && O.Order > Order;
         });
}

/// Whether somebody else switches what \p O releases on and off.
static bool isToggled(const DriverTimeline &D, const Occurrence &O) {
  return llvm::any_of(D.Occurrences, [&](const Occurrence &Other) {
    return !(Other.Site == O.Site) && Other.What->What == O.What->What &&
           (Other.InLive || Other.InAction || Other.Order == ~0u);
  });
}

/// The managed counterpart of \p Release: the same, with the device first.
static const CallRule *managedForm(const RuleSet &Rules, const CallRef &Site,
                                   const Effect &E, StringRef &Name) {
  for (const CallRule &Rule : Rules.calls()) {
    const Effect *Same = Rule.find(E.Kind);
    if (!Same || Same->What != E.What || Rule.ManagedBy.Kind != ArgRef::Arg ||
        Rule.ManagedBy.Index != 0)
      continue;
    for (StringRef Candidate : Rule.Names)
      if (Candidate.ends_with(("_" + Site.Call->Callee).str()) &&
          Rules.call(Candidate, Site.In.TU->KernelVersion) == &Rule) {
        Name = Candidate;
        return &Rule;
      }
  }
  return nullptr;
}

/// The device of \p Managed as the function of \p Site spells it; "" when that
/// is not certain.
static std::string deviceFor(const DriverTimeline &D, const CallRef &Site,
                             const CallRef &Managed, ArgRef Device,
                             SourceTexts &Texts) {
  Statements There(Managed.In, Texts), Here(Site.In, Texts);
  StringRef Text = There.argument(*Managed.Call, Device);
  if (Text.empty() || Text.contains('(') || Text.contains('\n'))
    return "";
  if (Managed.In == Site.In)
    return Text.str();
  size_t Index = Device.Index;
  for (const VarFacts *V : There.variables(Managed.Call->ArgText[Index])) {
    auto IsSame = [&](const VarFacts &Other) {
      return Other.Name == V->Name && Other.Type == V->Type &&
             Other.ParamIndex >= 0;
    };
    if (V->ParamIndex < 0 || V->Record != D.Driver->Rule->Device ||
        llvm::none_of(Here.F.Vars, IsSame))
      return "";
  }
  return There.variables(Managed.Call->ArgText[Index]).empty() ? ""
                                                               : Text.str();
}

void repairManaged(const Timelines &T, const DriverTimeline &D,
                   const Occurrence &O, Finding &F) {
  SourceTexts Texts;
  const CallRef &Managed = O.EndsManaged.front();
  const CallRule *Acquires = T.M.rule(Managed);
  if (O.EndsManaged.size() != 1 || !Acquires || !covers(*Acquires, *O.Rule))
    return;
  bool IsWindow = closesWindow(T.M.Rules, *O.Rule);
  if (!O.GoesOn && !O.InLive && !O.InAction && !isToggled(D, O) &&
      runsOnlyIn(T.Touch, O.Site.In, phasesOf(D)) && !isInLoop(O.Site, Texts) &&
      (!IsWindow || (isLast(O.Site, Texts) && isNewest(D, Managed)))) {
    Repair R(T.M, Texts);
    R.drop(O.Site);
    F.Edits = R.finish();
    if (!F.Edits.empty())
      return;
  }
  StringRef Name;
  std::string Device =
      deviceFor(D, O.Site, Managed, Acquires->ManagedBy, Texts);
  if (Device.empty() || !managedForm(T.M.Rules, O.Site, *O.What, Name) ||
      !Statements(O.Site.In, Texts).find(*O.Site.Call))
    return;
  Successor To;
  To.Call = Name.str();
  To.Result = "same";
  To.Args.push_back(Device);
  for (size_t I = 0; I != O.Site.Call->Args.size(); ++I)
    To.Args.push_back("arg" + std::to_string(I));
  Repair R(T.M, Texts);
  R.become(O.Site, To);
  F.Edits = R.finish();
}

} // namespace devlife
