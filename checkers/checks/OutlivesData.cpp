//===- OutlivesData.cpp - devlife-{irq,work,timer}-outlives-data ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A window is open when what its code uses ends. One query, four checks: they
// differ in the kind of the entry.
//
//   window    |--armed------------------------------ never, or too late
//   quiesced lifetime  |--allocated--------------| freed, nulled, switched off
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/Wording.h"

namespace devlife {

static StringRef checkOf(StringRef Entry) {
  return llvm::StringSwitch<StringRef>(Entry)
      .Case("irq", "devlife-irq-outlives-data")
      .Cases("work", "delayed-work", "devlife-work-outlives-data")
      .Cases("ops", "notifier", "attribute", "devlife-ops-outlive-data")
      .Default("devlife-timer-outlives-data");
}

/// What an order of events needs beside those that the source shows.
static Confidence certainty(const Clash &C, const RuleSet &Rules) {
  bool IsOps = C.W.Entry == "ops";
  // The hardware may have been told to be quiet.
  if (C.W.Entry == "irq" &&
      (C.TouchesHardware || C.Kind == Clash::OutlivesPower))
    return Confidence::Medium;
  // The source may have nothing more to say, or be told to be quiet.
  if (C.W.Quiesced)
    return C.IsTold || C.TouchesHardware || C.SourceIsOps ? Confidence::Medium
                                                          : Confidence::High;
  if (C.IsTold && (C.Kind == Clash::OutlivesPointer || IsOps))
    return Confidence::Medium;
  // Goes with the folder that it was created in, whoever made that.
  const ResourceRule *What = Rules.resource(C.W.What);
  if (IsOps && What && What->IsOptional)
    return Confidence::Medium;
  return Confidence::High;
}

static void report(const Wording &Say, const Clash &C,
                   std::vector<Finding> &Out) {
  const Ending &Over = C.Over;
  Finding F =
      Say.finding(checkOf(C.W.Entry),
                  Over.ByDevres ? Say.place(C.W.Site) : Say.place(Over.At));
  F.Certainty = certainty(C, Say.T.M.Rules);
  std::string Window = Say.window(C.W), Ended = Say.ended(Over);
  std::string Ends = C.Kind == Clash::OutlivesPointer
                         ? "the pointer " + Ended + " is cleared"
                     : C.Kind == Clash::OutlivesPower
                         ? Say.ender(Over) + " turns off " + Ended
                         : Say.ender(Over) + " ends the lifetime of " + Ended;
  F.Message = Ends + " while " + Window + " can still run";
  F.Identity = F.Driver + ":" + Window + ":" + Ended +
               (C.W.Quiesced ? ":armed again" : "") +
               (C.AfterFailure ? ":unwind" : "");

  Say.opens(C.W, F);
  Note Begin = F.Notes.back();
  if (!C.AfterFailure && Over.ByDevres)
    F.Notes.push_back({Say.endPlace(), Say.endName().empty()
                                           ? "nothing stops it: there is no end"
                                           : "it is still open when " +
                                                 Say.endName() + " returns"});
  else if (C.AfterFailure)
    F.Notes.push_back({Say.T.M.place(Say.D.Driver->Begin.front(),
                                     Say.D.Driver->Begin.front().F->At),
                       "when " + Say.beginName() + " fails"});
  if (C.W.Cancelled)
    F.Notes.push_back(
        {Say.place(C.W.Cancelled), "cancelled here without waiting for it"});
  if (C.W.Quiesced)
    F.Notes.push_back({Say.place(C.W.Quiesced),
                       "quiesced here, but its source can arm it again"});
  Say.path(C.Path, F);
  Note End{Say.place(Over.At), Over.ByDevres
                                   ? "acquired here, and released by devres"
                                   : "the lifetime of " + Ended + " ends here"};
  F.Notes.push_back(End);
  if (C.Use)
    F.Notes.push_back({Say.place(C.Use), "used here"});
  F.Intervals.push_back(
      {Interval::Window,
       Window,
       Begin,
       {{}, C.W.Managed ? "closed by devres" : "not closed before"}});
  F.Intervals.push_back(
      {Interval::Lifetime, Ended, {{}, "begins before"}, End});
  Out.push_back(std::move(F));
}

void checkOutlivesData(const Timelines &T, StringRef Check,
                       std::vector<Finding> &Out) {
  for (const DriverTimeline *D : timelines(T)) {
    Wording Say(T, *D);
    for (const Clash &C : D->Clashes)
      if ((C.Kind == Clash::OutlivesData || C.Kind == Clash::OutlivesPointer ||
           C.Kind == Clash::OutlivesPower) &&
          checkOf(C.W.Entry) == Check)
        report(Say, C, Out);
  }
}

} // namespace devlife
