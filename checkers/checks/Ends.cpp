//===- Ends.cpp - devlife-{double-release,unwind-leak,missing-unregister} -===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every lifetime ends once: not twice, and not never.
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/Doubts.h"
#include "checks/LifetimeRepairs.h"
#include "checks/Wording.h"

namespace devlife {

static std::string nameOf(const Wording &Say, const Resource &R) {
  std::string Text = Say.text(R.What);
  return R.Key.empty() ? Text : Text + " '" + R.Key.ltrim(':').str() + "'";
}

static void endsTwice(const Wording &Say, const Clash &C,
                      std::vector<Finding> &Out) {
  Finding F = Say.finding("devlife-double-release", Say.place(C.Over.Site));
  // Two of a type may be two things.
  if (C.isFarAway() || mayBeTwo(Say, C))
    F.Certainty = Confidence::Medium;
  StringRef Call = C.Over.Site.Call->Callee;
  std::string What = nameOf(Say, C.R);
  F.Message = ("'" + Call + "' releases the " + What +
               ", which has been released already")
                  .str();
  F.Identity = F.Driver + ":" + What + ":" + Call.str() + ":" +
               (C.R.Released ? C.R.Released.Call->Callee.str() : std::string());
  Note Begin{Say.place(C.R.Site), "acquired here"};
  Note First{Say.place(C.R.Released), "released here first"};
  F.Notes.push_back(Begin);
  if (C.R.Released == C.Over.Site)
    Say.path(*C.R.Through, F);
  F.Notes.push_back(First);
  Say.path(C.Path, F);
  Note Again{F.At, "and again here"};
  F.Notes.push_back(Again);
  F.Intervals.push_back({Interval::Lifetime, What, Begin, First});
  F.Intervals.push_back({Interval::Lifetime, What, Begin, Again});
  repairTwice(Say.T, Say.D, C, F);
  Out.push_back(std::move(F));
}

static void endsUnbegun(const Wording &Say, const Clash &C,
                        std::vector<Finding> &Out) {
  Finding F = Say.finding("devlife-double-release", Say.place(C.Over.Site));
  StringRef Call = C.Over.Site.Call->Callee, Failed = C.Memory.Call->Callee;
  std::string What = nameOf(Say, C.R);
  F.Message = ("'" + Call + "' takes back the " + What +
               ", which is not registered yet when '" + Failed + "' fails")
                  .str();
  F.Identity = F.Driver + ":" + What + ":" + Call.str() + ":unbegun";
  Note Fails{Say.place(C.Memory), "when this fails"};
  Note Begin{Say.place(C.R.Site), "registered only here"};
  Note End{F.At, "taken back here"};
  F.Notes = {Fails, Begin, End};
  F.Intervals.push_back({Interval::Lifetime, What, Begin, End});
  Out.push_back(std::move(F));
}

/// Whether the function begins a driver: by a table, or, in a library, because
/// it is given the device that another module's driver binds.
static bool isBegin(const Wording &Say) {
  if (Say.D.Driver->Rule)
    return true;
  FunctionRef F = Say.D.Driver->Begin.front();
  return !F.F->IsStatic && llvm::any_of(F.F->Vars, [&](const VarFacts &Var) {
    return Var.ParamIndex >= 0 &&
           llvm::any_of(Say.T.M.Rules.drivers(), [&](const DriverRule &Rule) {
             return Rule.Device == Var.Record;
           });
  });
}

/// What nothing in the module ever gives back is no matter of a way out.
static bool isForgotten(const Wording &Say, const Clash &C) {
  const ResourceRule *Kind = Say.T.M.Rules.resource(C.R.What);
  return !C.W.Site && isBegin(Say) && Kind && !Kind->IsMemory &&
         !Kind->HasCallbacks && !Say.T.M.releases(C.R.What);
}

static void leaks(const Wording &Say, const Clash &C,
                  std::vector<Finding> &Out) {
  bool IsForgotten = isForgotten(Say, C);
  // On its own, a function may leave to its callers what it acquires.
  if (!Say.D.Driver->Rule && !C.HasEvidence && !IsForgotten)
    return;
  const CallRef &Site = C.W.Site ? C.W.Site : C.R.Site;
  Finding F = Say.finding("devlife-unwind-leak", Say.place(Site));
  std::string What = C.W.Site ? Say.window(C.W) : nameOf(Say, C.R);
  // What a function on its own keeps in a field may stay there; what has only
  // a number may be given back under another; of several some may be left.
  bool IsKept = !Say.D.Driver->Rule && C.IsKept;
  const CallRef &Maker = C.R.Object.Call;
  const CallRule *Made = Maker ? Say.T.M.rule(Maker) : nullptr;
  bool IsHandedOut =
      Maker && (Maker == C.R.Site || (Made && Made->find(EffectKind::Acquire)));
  bool IsNumber = !C.W.Site && Keys::isObject(C.R.Key) && C.R.Record.empty() &&
                  !IsHandedOut;
  // Whether a helper holds what it has acquired, its result may tell.
  bool IsOwn = Site.In == Say.failingFunction(C) || IsForgotten;
  bool IsSure = (C.HasEvidence || IsForgotten) && !IsKept && !IsNumber &&
                !C.R.Many && IsOwn && !isLarge(Say);
  F.Certainty = IsSure ? Confidence::High : Confidence::Medium;
  F.Message =
      "the " + What + " stays acquired when " + Say.failing(C) + " fails";
  F.Identity = F.Driver + ":" + What + ":" + Site.Call->Callee.str();
  Note Begin{F.At, C.W.Site ? "requested here" : "acquired here"};
  F.Notes.push_back(Begin);
  F.Notes.push_back({Say.failingPlace(C), "a way out of " + Say.failing(C) +
                                              " does not release it"});
  F.Intervals.push_back({Interval::Lifetime, What, Begin, {{}, "never ends"}});
  repairLeak(Say.T, C, F);
  Out.push_back(std::move(F));
}

static void neverEnds(const Wording &Say, const Clash &C,
                      std::vector<Finding> &Out) {
  Finding F = Say.finding("devlife-missing-unregister", Say.place(C.R.Site));
  std::string What = nameOf(Say, C.R);
  std::string End = Say.endName();
  const ResourceRule *Rule = Say.T.M.Rules.resource(C.R.What);
  bool IsRegistered = Rule && Rule->HasCallbacks;
  // What is optional may go with what it stands in; what is no registration may
  // be given back by other means.
  if (Rule && (Rule->IsOptional || !IsRegistered))
    F.Certainty = Confidence::Medium;
  if (isLarge(Say) || mayEnd(Say, C.R))
    F.Certainty = Confidence::Medium;
  F.Message =
      "the " + What +
      (IsRegistered ? " stays registered after " : " stays acquired after ") +
      (End.empty() ? "the driver is unbound: it has no end"
                   : End + " has returned");
  F.Identity = F.Driver + ":" + What + ":" + C.R.Site.Call->Callee.str();
  Note Begin{F.At, IsRegistered ? "registered here" : "acquired here"};
  F.Notes = {Begin,
             {Say.endPlace(), IsRegistered ? "nothing unregisters it"
                                           : "nothing releases it, as a "
                                             "failing begin does"}};
  F.Intervals.push_back({Interval::Window, What, Begin, {{}, "never closes"}});
  Out.push_back(std::move(F));
}

static void stale(const Wording &Say, const Clash &C,
                  std::vector<Finding> &Out) {
  Finding F =
      Say.finding("devlife-publish-before-register", Say.place(C.R.Site));
  // Nobody may look there any more, or what they find may be left on purpose.
  if (!C.IsDangling)
    F.Certainty = Confidence::Medium;
  std::string Global = C.Global.ltrim(':').str();
  bool IsList = C.R.Index.isKnown();
  bool WasThere = C.R.Site == C.R.Released;
  F.Message =
      WasThere ? "'" + Global + "' still points to the " + Say.text(C.R.What) +
                     " that " + Say.failing(C) + " has released when it fails"
      : IsList ? "'" + C.R.Key.str() + "' stays on the list '" + Global +
                     "' when " + Say.failing(C) + " fails"
               : "'" + Global + "' still points to " + nameOf(Say, C.R) +
                     " when " + Say.failing(C) + " has failed and released it";
  F.Identity = F.Driver + ":" + Global + ":" + C.R.Site.Call->Callee.str();
  Note Begin{F.At, IsList     ? "others find it from here on"
                   : WasThere ? "released here"
                              : "acquired here"};
  F.Notes.push_back(Begin);
  if (C.R.Released && !WasThere)
    F.Notes.push_back({Say.place(C.R.Released), "released here"});
  Note End{Say.failingPlace(C), "a way out of " + Say.failing(C) +
                                    (IsList ? " does not take it off"
                                            : " does not clear the pointer")};
  F.Notes.push_back(End);
  F.Intervals.push_back({Interval::Lifetime, "'" + Global + "'", Begin, End});
  repairStale(Say.T, C, F);
  Out.push_back(std::move(F));
}

static void counted(const Wording &Say, const Clash &C,
                    std::vector<Finding> &Out) {
  Finding F = Say.finding("devlife-refcounted-in-managed", Say.place(C.Memory));
  std::string What = nameOf(Say, C.R);
  F.Message = "devres frees the memory of the " + What +
              ", which counts references to itself and may live longer";
  F.Identity = F.Driver + ":" + What;
  Note Memory{F.At, "managed memory, freed after the driver is unbound"};
  Note Begin{Say.place(C.R.Site), "registered here; who opens it holds it"};
  F.Notes = {Memory, Begin};
  F.Intervals.push_back({Interval::Lifetime, "memory", Memory, {{}, "devres"}});
  F.Intervals.push_back(
      {Interval::Lifetime, What, Begin, {{}, "the last reference"}});
  Out.push_back(std::move(F));
}

/// What is the core's to release.
static void endsHeld(const Wording &Say, const Occurrence &O,
                     std::vector<Finding> &Out) {
  Finding F = Say.finding("devlife-double-release", Say.place(O.Site));
  std::string What = Say.text(O.What->What);
  StringRef Call = O.Site.Call->Callee;
  F.Message = ("'" + Call + "' releases the " + What +
               ", which the core has acquired and releases itself")
                  .str();
  F.Identity = (F.Driver + ":" + What + ":" + Call).str();
  Note Begin{O.InEnd ? Say.endPlace() : Say.failingPlace(Clash()),
             "acquired by the core before it calls this"};
  Note End{F.At, "released by hand here"};
  F.Notes = {Begin, End};
  F.Intervals.push_back({Interval::Lifetime, What, Begin, End});
  F.Intervals.push_back(
      {Interval::Lifetime, What, Begin, {{}, "released by the core"}});
  Out.push_back(std::move(F));
}

void checkEnds(const Timelines &T, Clash::KindTy Kind,
               std::vector<Finding> &Out) {
  for (const DriverTimeline *D : timelines(T)) {
    Wording Say(T, *D);
    if (Kind == Clash::EndsTwice)
      for (const Occurrence &O : D->Occurrences)
        if (O.IsHeld)
          endsHeld(Say, O, Out);
    for (const Clash &C : D->Clashes) {
      if (Kind == Clash::EndsTwice && C.Kind == Clash::EndsUnbegun)
        endsUnbegun(Say, C, Out);
      if (C.Kind != Kind)
        continue;
      if (Kind == Clash::EndsTwice)
        endsTwice(Say, C, Out);
      else if (Kind == Clash::Leaks)
        leaks(Say, C, Out);
      else if (Kind == Clash::Stale)
        stale(Say, C, Out);
      else if (Kind == Clash::Refcounted)
        counted(Say, C, Out);
      else
        neverEnds(Say, C, Out);
    }
  }
}

} // namespace devlife
