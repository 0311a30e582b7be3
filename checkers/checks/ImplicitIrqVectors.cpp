//===- ImplicitIrqVectors.cpp - devlife-implicit-irq-vectors --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver allocates IRQ vectors and never releases them, because its device
// is managed. Who releases them then is the contract of the tree:
//
//   hybrid, transition  devres does, although no call says so: hazard
//   explicit            nobody does: bug
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/VectorUse.h"

namespace devlife {

static constexpr llvm::StringLiteral Name = "devlife-implicit-irq-vectors";

void checkImplicitIrqVectors(const Timelines &T, std::vector<Finding> &Out) {
  for (const VectorUse &Use : vectorUses(T)) {
    if (!Use.isManaged() || Use.Plain.empty() || Use.isFreedByHand())
      continue;
    const Occurrence &Alloc = *Use.Plain.front();
    StringRef Call = Alloc.Site.Call->Callee;
    StringRef Enable = Use.Manages.front()->Site.Call->Callee;
    Finding F = Use.finding(Name, Alloc);
    Note End;
    if (Use.isImplicit()) {
      F.Level = Severity::Hazard;
      F.Message = ("IRQ vectors of '" + Call + "' are released only because '" +
                   Enable + "' manages the device, which no call says")
                      .str();
      End.Text = Use.devresAfter(nullptr);
    } else {
      End = Use.reportLeak(F, Alloc);
    }
    std::vector<const Occurrence *> Others(Use.Plain.begin() + 1,
                                           Use.Plain.end());
    Use.explainOwnership(F, Others);
    for (const Occurrence *Free : Use.Frees)
      F.Notes.push_back(Use.note(*Free, VectorUse::whyItStays(*Free)));
    F.Intervals.push_back(Use.lifetime(Alloc, End));
    Use.repair(F, Use.Plain);
    Out.push_back(std::move(F));
  }
}

} // namespace devlife
