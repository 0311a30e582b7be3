//===- OutlivesData.cpp - devlife-*-outlive(s)-data -----------------------===//
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
//   window    |--armed---------------------- never, or too late quiesced
//
//   lifetime  |--allocated--------------| freed, nulled, switched off
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/Doubts.h"
#include "checks/LifetimeRepairs.h"
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
static Confidence certainty(const Wording &Say, const Clash &C) {
  const RuleSet &Rules = Say.T.M.Rules;
  bool IsOps = C.W.Entry == "ops";
  if (C.isFarAway() || isLarge(Say))
    return Confidence::Medium;
  if (!C.AfterFailure && Say.D.EndIsCut)
    return Confidence::Medium;
  // What is left running may ask whether the device is in use, or wait for the
  // lock under which that changes.
  if (const DriverRule *Table = Say.D.Driver->Rule; Table && Table->IsSession)
    return Confidence::Medium;
  // The hardware may have been told to be quiet.
  if (C.W.Entry == "irq" &&
      (C.TouchesHardware || C.Kind == Clash::OutlivesPower))
    return Confidence::Medium;
  // Nobody has used the device yet, so that the source may be quiet.
  // Nor is it certain which of its objects the code means.
  if (C.AfterFailure && (C.W.Source || IsOps || (C.Use && C.W.Entry != "irq")))
    return Confidence::Medium;
  // The source may have nothing more to say, or be told to be quiet.
  if (C.W.Quiesced)
    return C.SourceIsIrq && !C.IsTold && !C.TouchesHardware
               ? Confidence::High
               : Confidence::Medium;
  // What a driver with an end leaves registered may be unregistered by others.
  if (IsOps && !C.AfterFailure && C.Over.ByDevres && !C.W.Managed &&
      !Say.D.Driver->End.empty())
    return Confidence::Medium;
  if (!C.AfterFailure && (mayStop(Say, C.W) || isStoppedByCore(Say, C)))
    return Confidence::Medium;
  // It may use another one of them.
  if (C.MayBeOther)
    return Confidence::Medium;
  if (C.IsTold && (C.Kind == Clash::OutlivesPointer || IsOps))
    return Confidence::Medium;
  // Goes with the folder that it was created in, whoever made that.
  const ResourceRule *What = Rules.resource(C.W.What);
  if (IsOps && What && What->IsOptional)
    return Confidence::Medium;
  return Confidence::High;
}

/// Where a reader would put things right.
static Place placeOf(const Wording &Say, const Clash &C) {
  if (!C.Over.ByDevres)
    return Say.place(C.Over.At);
  return C.AfterFailure || Say.endName().empty() ? Say.place(C.Over.At)
                                                 : Say.endPlace();
}

static std::string messageOf(const Wording &Say, const Clash &C) {
  std::string Window = Say.window(C.W), Ended = Say.ended(C.Over);
  if (C.Over.ByDevres) {
    std::string After = C.AfterFailure ? Say.failing(C) + " has failed"
                        : Say.endName().empty()
                            ? "the driver is unbound"
                            : Say.endName() + " has returned";
    return Window + " can still run when devres ends the lifetime of " + Ended +
           ", after " + After;
  }
  std::string Ends = C.Kind == Clash::OutlivesPointer
                         ? "the pointer " + Ended + " is cleared"
                     : C.Kind == Clash::OutlivesPower
                         ? Say.ender(C.Over) + " turns off " + Ended
                         : Say.ender(C.Over) + " ends the lifetime of " + Ended;
  return Ends + " while " + Window + " can still run";
}

static void report(const Wording &Say, const Clash &C,
                   std::vector<Finding> &Out) {
  const Ending &Over = C.Over;
  Finding F = Say.finding(checkOf(C.W.Entry), placeOf(Say, C));
  F.Certainty = certainty(Say, C);
  F.Message = messageOf(Say, C);
  std::string Window = Say.window(C.W), Ended = Say.ended(Over);
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
    F.Notes.push_back(
        {Say.failingPlace(C), "when " + Say.failing(C) + " fails"});
  if (C.W.Cancelled)
    F.Notes.push_back(
        {Say.place(C.W.Cancelled), "cancelled here without waiting for it"});
  if (C.W.Quiesced)
    F.Notes.push_back({Say.place(C.W.Quiesced),
                       "quiesced here, but its source can arm it again"});
  if (C.W.Unopened)
    F.Notes.push_back(
        {Say.place(C.W.Unopened), "stopped here only if it has been opened"});
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
  repairSync(Say.T, Say.D, C, F);
  repairOrder(Say.T, Say.D, C, F);
  postponeArm(Say.T, C, F);
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
