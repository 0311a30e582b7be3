//===- RepairSync.cpp - Wait for what is cancelled ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cancel_work() becomes cancel_work_sync(): rules/ names the sync form. It
// sleeps, or waits for the handler, so that it must not be called
//
//   - by the handler itself, nor by other code that can be atomic: only begin
//     and end run the function;
//   - under a lock: none is taken there.
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Statements.h"

namespace devlife {

static bool runsOnlyIn(const Uses &U, FunctionRef F,
                       llvm::ArrayRef<FunctionRef> Roots,
                       llvm::DenseSet<const FunctionFacts *> &Seen) {
  if (llvm::is_contained(Roots, F) || !Seen.insert(F.F).second)
    return true;
  return F.F->IsStatic && !U.isNamed(F) && U.isCalled(F) &&
         llvm::all_of(U.callers(F), [&](const CallRef &Site) {
           return runsOnlyIn(U, Site.In, Roots, Seen);
         });
}

bool runsOnlyIn(const Uses &U, FunctionRef F,
                llvm::ArrayRef<FunctionRef> Roots) {
  llvm::DenseSet<const FunctionFacts *> Seen;
  return runsOnlyIn(U, F, Roots, Seen);
}

/// By its name, so that what no rule knows counts as well.
static bool takesLock(const FunctionFacts &F) {
  return llvm::any_of(
             F.Calls,
             [](const CallFacts &C) { return C.Callee.contains("_lock"); }) ||
         llvm::any_of(F.Vars,
                      [](const VarFacts &V) { return !V.Cleanup.empty(); });
}

void repairSync(const Timelines &T, const DriverTimeline &D, const Clash &C,
                Finding &F) {
  const CallRef &Cancel = C.W.Cancelled;
  if (!Cancel || C.W.Quiesced || C.W.CanArmAgain || !D.Driver->Rule)
    return;
  const CallRule *Rule = T.M.rule(Cancel);
  if (!Rule || Rule->SyncForm.empty() || !Cancel.Call->Name.isValid())
    return;
  std::vector<FunctionRef> Phases = D.Driver->Begin;
  llvm::append_range(Phases, D.Driver->End);
  if (!runsOnlyIn(T.Touch, Cancel.In, Phases))
    return;
  for (FunctionRef Root : Phases)
    for (FunctionRef Step : T.Touch.calledFrom(Root))
      if (llvm::is_contained(T.Touch.calledFrom(Step), Cancel.In) &&
          takesLock(*Step.F))
        return;
  SourceTexts Texts;
  Statements Code(Cancel.In, Texts);
  if (Code.find(*Cancel.Call))
    F.Edits = {Code.replace(Cancel.Call->Name, Rule->SyncForm)};
}

} // namespace devlife
