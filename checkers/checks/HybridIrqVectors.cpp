//===- HybridIrqVectors.cpp - devlife-hybrid-irq-vectors ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The IRQ vectors of a managed device have two owners:
//
//   hazard  devres releases what the driver has released by hand. Redundant,
//           not a double free: the second release finds nothing to do.
//   bug     the driver releases vectors on which a handler is still requested,
//           which devres, being later, would have released in the right order.
//
// Under the explicit contract devres leaves the vectors alone, so that only
// the bug is left.
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/VectorUse.h"
#include "checks/Wording.h"

namespace devlife {

static constexpr llvm::StringLiteral Name = "devlife-hybrid-irq-vectors";

/// Where the second release is plainest: at the end, else on an error path,
/// else in an action; else the release that comes nearest to the end.
static const Occurrence &mainFree(const VectorUse &Use) {
  auto Rank = [](const Occurrence *O) {
    if (VectorUse::isRedundant(*O))
      return O->InEnd ? 0 : O->InBegin ? 1 : 2;
    return O->InLive ? (O->InEnd ? 3 : 4) : 5;
  };
  return **llvm::min_element(
      Use.Frees, [&](auto *A, auto *B) { return Rank(A) < Rank(B); });
}

/// Returns the edits, which mend a bug of the same driver as well.
static std::vector<Edit> reportHazard(const VectorUse &Use,
                                      std::vector<Finding> &Out) {
  const Occurrence &Main = mainFree(Use);
  Finding F = Use.finding(Name, Main);
  F.Level = Severity::Hazard;
  F.Message =
      ("'" + Main.Site.Call->Callee + "' releases IRQ vectors that devres " +
       "releases too, because '" + Use.Manages.front()->Site.Call->Callee +
       "' manages the device: " +
       (VectorUse::isRedundant(Main) ? "redundant, and two owners"
                                     : "two owners"))
          .str();
  Use.explainOwnership(F, Use.Plain);
  for (const Occurrence *O : Use.Frees) {
    std::string Stays = VectorUse::whyItStays(*O);
    if (O->Action)
      F.Notes.push_back(
          {Use.All->M.place(O->Action),
           "released by the action that is handed to devres here"});
    if (!Stays.empty())
      F.Notes.push_back(Use.note(*O, Stays));
    else if (O != &Main && !O->Action)
      F.Notes.push_back(Use.note(*O, "released by hand here"));
  }
  Note ByHand = Use.note(Main, Main.Action && !Main.InEnd && !Main.InBegin
                                   ? "released by an action of the driver's own"
                                   : "released by hand");
  F.Intervals.push_back(Use.lifetime(*Use.Plain.front(), ByHand));
  F.Intervals.push_back(
      Use.lifetime(*Use.Plain.front(), {{}, Use.devresAfter(&Main)}));
  Use.repair(F, Use.Plain);
  Out.push_back(F);
  return F.Edits;
}

static void reportBug(const VectorUse &Use, const Occurrence &Free,
                      const OpenWindow &Open, std::vector<Edit> Edits,
                      std::vector<Finding> &Out) {
  Finding F = Use.finding(Name, Free);
  F.Level = Severity::Bug;
  std::string Handler = Open.W.Handlers.empty()
                            ? ""
                            : " '" + Open.W.Handlers.front().Text.str() + "'";
  F.Message = ("'" + Free.Site.Call->Callee +
               "' releases IRQ vectors while IRQ handler" + Handler +
               " is still requested on one of them")
                  .str();
  F.Identity += ":" + Open.W.Site.Call->Callee.str() + Handler;
  Note Request{
      Use.All->M.place(Open.W.Site),
      Open.W.Managed
          ? "window opens: managed IRQ requested here, freed only by devres"
          : "window opens: IRQ requested here"};
  std::vector<const Occurrence *> Allocs = Use.Plain;
  Allocs.insert(Allocs.end(), Use.Legacy.begin(), Use.Legacy.end());
  for (const Occurrence *O : Allocs)
    F.Notes.push_back(Use.note(*O, "lifetime of the IRQ vectors begins here"));
  F.Notes.push_back(Request);
  noteCalls(Use.All->M, Open.Path, F);
  F.Notes.push_back(Use.note(Free, "lifetime of the IRQ vectors ends here"));
  Interval Window{Interval::Window,
                  "IRQ handler" + Handler,
                  Request,
                  {{},
                   Open.W.Managed ? "freed by devres after " + Use.endName()
                                  : std::string("not freed before")}};
  F.Intervals.push_back(std::move(Window));
  F.Intervals.push_back(
      Use.lifetime(*Allocs.front(), Use.note(Free, "released by hand")));
  if (VectorUse::isRedundant(Free))
    F.Edits = std::move(Edits);
  Out.push_back(std::move(F));
}

void checkHybridIrqVectors(const Timelines &T, std::vector<Finding> &Out) {
  for (const VectorUse &Use : vectorUses(T)) {
    if (!Use.isManaged())
      continue;
    std::vector<Edit> Edits;
    if (Use.isImplicit() && !Use.Plain.empty() && Use.isFreedByHand())
      Edits = reportHazard(Use, Out);
    for (const Occurrence *Free : Use.Frees)
      for (const OpenWindow &Open : Free->Open)
        reportBug(Use, *Free, Open, Edits, Out);
  }
}

} // namespace devlife
