//===- ManagedFreed.cpp - devlife-managed-freed ---------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a managed call has handed to devres is ended by the plain call: devres
// ends it once more, after remove() or after the failed probe().
//
//   acquired, managed --plain release--> ended --devres--> ended twice: bug
//   acquired, managed --managed release (devm_kfree)--> off devres: right
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/LifetimeRepairs.h"
#include "timeline/Timeline.h"

namespace devlife {

static void report(const Timelines &T, const DriverTimeline &D,
                   const Occurrence &O, std::vector<Finding> &Out) {
  const CallRef &Managed = O.EndsManaged.front();
  StringRef Call = O.Site.Call->Callee;
  const DriverInstance &Driver = *D.Driver;
  bool AtEnd = (O.InEnd || O.GoesOn) && !Driver.End.empty();
  std::string Later =
      AtEnd ? "after '" + Driver.End.front().F->Name.str() + "' has returned"
            : "after '" + Driver.Begin.front().F->Name.str() + "' has failed";
  Finding F;
  F.Check = "devlife-managed-freed";
  F.Level = Severity::Bug;
  F.At = T.M.place(O.Site);
  F.Driver = Driver.name().str();
  F.Message = ("'" + Call + "' ends what '" + Managed.Call->Callee +
               "' has handed to devres, which ends it again " + Later)
                  .str();
  F.Identity = (F.Driver + ":" + Call + ":" + Managed.Call->Callee).str();
  Note Begin{T.M.place(Managed), "managed from here on"};
  Note End{F.At, "ended by hand here"};
  for (const CallRef &Site : O.EndsManaged)
    F.Notes.push_back({T.M.place(Site), Begin.Text});
  F.Notes.push_back(End);
  const ResourceRule *Resource = T.M.Rules.resource(O.What->What);
  std::string What = Resource ? Resource->Text : O.What->What;
  F.Intervals.push_back({Interval::Lifetime, What, Begin, End});
  F.Intervals.push_back(
      {Interval::Lifetime, What, Begin, {{}, "ended by devres " + Later}});
  repairManaged(T, D, O, F);
  Out.push_back(std::move(F));
}

static void report(const Timelines &T, const Handover &H,
                   std::vector<Finding> &Out) {
  StringRef Call = H.Managed.Call->Callee, Maker = H.Maker.F->Name;
  Finding F;
  F.Check = "devlife-managed-freed";
  F.Level = Severity::Bug;
  F.At = T.M.place(H.Managed);
  F.Message = ("'" + Maker + "' hands to the core what '" + Call +
               "' has handed to devres; both release it")
                  .str();
  F.Identity = (Maker + ":" + Call + ":" + H.Frees).str();
  Note Begin{F.At, "managed from here on"};
  Note End{H.FreesAt, ("the core releases it with '" + H.Frees + "'").str()};
  F.Notes = {Begin, End};
  const ResourceRule *Resource = T.M.Rules.resource(H.What);
  std::string What = Resource ? Resource->Text : H.What.str();
  F.Intervals.push_back({Interval::Lifetime, What, Begin, End});
  F.Intervals.push_back(
      {Interval::Lifetime, What, Begin, {{}, "ended by devres"}});
  Out.push_back(std::move(F));
}

void checkManagedFreed(const Timelines &T, std::vector<Finding> &Out) {
  for (const Handover &H : T.handovers())
    report(T, H, Out);
  for (const DriverTimeline &D : T.drivers())
    if (D.Driver->Rule->Releases)
      for (const Occurrence &O : D.Occurrences) {
        // What a contract governs has checks of its own.
        const ResourceRule *Resource = T.M.Rules.resource(O.What->What);
        if (!O.EndsManaged.empty() &&
            !(Resource && !Resource->Contract.empty()))
          report(T, D, O, Out);
      }
}

} // namespace devlife
