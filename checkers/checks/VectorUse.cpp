//===- VectorUse.cpp - How a driver owns its device's IRQ vectors ---------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/VectorUse.h"

namespace devlife {

static constexpr llvm::StringLiteral Vectors = "irq-vectors";

std::vector<VectorUse> vectorUses(const Timelines &T) {
  std::vector<VectorUse> List;
  for (const DriverTimeline &D : T.drivers()) {
    VectorUse Use;
    Use.All = &T;
    Use.Driver = &D;
    Use.Position = List.size();
    Use.Contract = T.contract(Vectors);
    for (const Occurrence *O : D.find(EffectKind::Manages, Vectors))
      if (O->InBegin)
        Use.Manages.push_back(O);
    for (const Occurrence *O : D.find(EffectKind::Acquire, Vectors)) {
      if (O->Rule->IsLegacy)
        Use.Legacy.push_back(O);
      else if (!O->Rule->ManagedBy)
        Use.Plain.push_back(O);
    }
    Use.Frees = D.find(EffectKind::Release, Vectors);
    if (!Use.Plain.empty() || !Use.Legacy.empty())
      List.push_back(std::move(Use));
  }
  // Of two drivers that share their code, the one whose end has to do with
  // vectors speaks first, then the larger (mt7915_pci_driver, not
  // mt7915_hif_driver).
  auto Rank = [](const VectorUse &Use) {
    int AtEnd =
        llvm::count_if(Use.Frees, [](const Occurrence *O) { return O->InEnd; });
    return std::tuple(-AtEnd, -int(Use.Driver->Reach), Use.Position);
  };
  llvm::sort(List, [&](const VectorUse &A, const VectorUse &B) {
    return Rank(A) < Rank(B);
  });
  return List;
}

bool VectorUse::isFreedByHand() const {
  return llvm::any_of(Frees, [](const Occurrence *O) {
    return (O->InLive && !O->Reacquired) || isRedundant(*O);
  });
}

std::string VectorUse::whyItStays(const Occurrence &Free) {
  if (Free.Reacquired)
    return "released here to be allocated anew; this stays";
  if (Free.Idle)
    return "nothing is allocated yet when this runs";
  if (Free.GoesOn && !Free.InLive)
    return "released here to go on without; this stays";
  if (!isRedundant(Free))
    return "released here, also when the driver stays bound or shuts down; "
           "this stays";
  return "";
}

std::string VectorUse::devresAfter(const Occurrence *Free) const {
  const auto &Begin = Driver->Driver->Begin;
  if (Free && Free->InBegin && !Free->InEnd && !Free->InLive && !Begin.empty())
    return "released by devres after '" + Begin.front().F->Name.str() +
           "' has failed";
  return "released by devres after " + endName();
}

std::string VectorUse::endName() const {
  const auto &End = Driver->Driver->End;
  return End.empty() ? "the driver is unbound"
                     : "'" + End.front().F->Name.str() + "' has returned";
}

Note VectorUse::note(const Occurrence &At, const llvm::Twine &Text) const {
  return {All->M.place(At.Site), Text.str()};
}

Finding VectorUse::finding(StringRef Check, const Occurrence &At) const {
  Finding F;
  F.Check = Check.str();
  F.At = All->M.place(At.Site);
  F.Driver = Driver->Driver->name().str();
  F.Identity = (F.Driver + ":" + At.Site.Call->Callee).str();
  return F;
}

Note VectorUse::reportLeak(Finding &F, const Occurrence &Alloc) const {
  F.Level = Severity::Bug;
  F.Message = ("IRQ vectors of '" + Alloc.Site.Call->Callee +
               "' are never released: in this tree '" +
               Manages.front()->Site.Call->Callee + "' does not manage them")
                  .str();
  return {{}, "never released"};
}

void VectorUse::explainOwnership(
    Finding &F, llvm::ArrayRef<const Occurrence *> Allocs) const {
  for (const Occurrence *O : Manages)
    F.Notes.push_back(note(
        *O, isImplicit()
                ? "the device becomes managed here, and with it its IRQ vectors"
                : "the device becomes managed here, but not its IRQ vectors"));
  for (const Occurrence *O : Allocs)
    F.Notes.push_back(note(*O, "lifetime of the IRQ vectors begins here"));
}

Interval VectorUse::lifetime(const Occurrence &Alloc, Note End) const {
  Interval I;
  I.Kind = Interval::Lifetime;
  I.What = "IRQ vectors";
  I.Begin = note(Alloc, "'" + Alloc.Site.Call->Callee + "'");
  I.End = std::move(End);
  return I;
}

void VectorUse::repair(Finding &F,
                       llvm::ArrayRef<const Occurrence *> Allocs) const {
  // The edits are offered where they compile, or where the user insists.
  std::string Managed;
  for (const Occurrence *O : Allocs) {
    if (!O->Rule->Becomes)
      return;
    Managed = O->Rule->Becomes->Call;
    if (!O->Rule->Becomes->Precondition.empty()) {
      F.Notes.push_back(note(*O, "to convert to '" + Managed +
                                     "': " + O->Rule->Becomes->Precondition));
      return;
    }
  }
  bool Declared = All->Options.AssumeManagedVectors || All->declares(Managed);
  if (!Declared) {
    F.Notes.push_back(note(
        *Allocs.front(),
        "allocate with '" + Managed +
            "' where the tree declares it, and leave the release to devres"));
    return;
  }
  for (const Occurrence *O : Allocs)
    for (const DriverTimeline &Other : All->drivers())
      if (&Other != Driver &&
          Other.Driver->Rule->Device == Driver->Driver->Rule->Device &&
          Other.find(EffectKind::Manages, Vectors).empty() &&
          llvm::any_of(Other.Occurrences, [&](const Occurrence &P) {
            return P.Site == O->Site;
          })) {
        F.Notes.push_back(note(*O, "to be converted to '" + Managed +
                                       "' by hand: shared with driver '" +
                                       Other.Driver->name() +
                                       "', whose device is not managed"));
        return;
      }
  SourceTexts Texts;
  Repair R(All->M, Texts);
  for (const Occurrence *O : Allocs)
    R.become(O->Site, *O->Rule->Becomes);
  for (const Occurrence *O : Frees) {
    if (isRedundant(*O))
      R.drop(O->Site);
    else if (O->Rule->Becomes)
      R.become(O->Site, *O->Rule->Becomes);
  }
  if (Allocs.front()->Rule->IsLegacy)
    for (const DeviceRead &D : Driver->Reads)
      R.rewriteRead(D.In, *D.Read, D.Rule->Becomes);
  F.Edits = R.finish();
  if (!R.problem().empty())
    F.Notes.push_back(note(*Allocs.front(), "to be converted to '" + Managed +
                                                "' by hand: " + R.problem()));
}

} // namespace devlife
