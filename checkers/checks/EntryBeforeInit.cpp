//===- EntryBeforeInit.cpp - devlife-entry-before-init --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A window opens before begin has made ready what its code uses.
//
//   window    |--requested---------------
//   lifetime            |--initialised---
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/Doubts.h"
#include "checks/LifetimeRepairs.h"
#include "checks/Wording.h"

namespace devlife {

void checkEntryBeforeInit(const Timelines &T, std::vector<Finding> &Out) {
  for (const DriverTimeline &D : T.drivers()) {
    Wording Say(T, D);
    for (const Clash &C : D.Clashes) {
      if (C.Kind != Clash::BeforeInit)
        continue;
      std::string Window = Say.window(C.W);
      std::string What = C.Needed.empty()
                             ? ("'" + C.Init.Key.ltrim(':') + "'").str()
                             : "the " + Say.text(C.Needed);
      Finding F = Say.finding("devlife-entry-before-init", Say.place(C.W.Site));
      // What arms it may come late enough, and so may what it waits for.
      // So may what leads to the object.
      // A device that was reset, or its interrupts masked, raises none.
      // Who finds the object by its drvdata may find none yet. What helpers of
      // helpers make ready belongs to other operations than the first.
      const ResourceRule *Registered = T.M.Rules.resource(C.W.What);
      if (isLarge(Say) || C.W.Source || (Registered && Registered->IsDormant) ||
          C.MayBeOther || C.IsTold || C.AsksHardware ||
          (C.W.Entry == "ops" && (C.IsPointer || C.isFarAway())) ||
          (C.W.Entry == "irq" && C.W.IsQuiet))
        F.Certainty = Confidence::Medium;
      F.Message = Window + " can run before " + What + " is initialised";
      F.Identity = F.Driver + ":" + Window + ":" + What;
      Say.opens(C.W, F);
      Note Begin = F.Notes.back();
      Note Init{Say.place(C.Init), What + " is initialised only here"};
      F.Notes.push_back({Say.place(C.Use), "used here"});
      F.Notes.push_back(Init);
      F.Intervals.push_back({Interval::Window, Window, Begin, {{}, "open"}});
      F.Intervals.push_back({Interval::Lifetime, What, Init, {{}, "later"}});
      if (C.Needed.empty()) { // else a call, whose place is for a person
        repairInit(T, D, C, F);
        postponeArm(T, C, F);
      }
      Out.push_back(std::move(F));
    }
  }
}

} // namespace devlife
