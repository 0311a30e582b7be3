//===- LegacyMsi.cpp - devlife-legacy-msi ---------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A managed device gets its IRQ vectors from a superseded call, so that who
// releases them is as unclear as with devlife-hybrid-irq-vectors, and the
// managed calls cannot say it.
//
//   released by hand    hazard: devres releases again (not when explicit)
//   not released        hazard; bug under the explicit contract: a leak
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/VectorUse.h"

namespace devlife {

static constexpr llvm::StringLiteral Name = "devlife-legacy-msi";

void checkLegacyMsi(const Timelines &T, std::vector<Finding> &Out) {
  for (const VectorUse &Use : vectorUses(T)) {
    if (!Use.isManaged() || Use.Legacy.empty())
      continue;
    bool ByHand = Use.isFreedByHand();
    bool Twice = llvm::any_of(
        Use.Frees, [](auto *O) { return VectorUse::isRedundant(*O); });
    if (!Use.isImplicit() && ByHand)
      continue;
    const Occurrence &Alloc = *Use.Legacy.front();
    StringRef Call = Alloc.Site.Call->Callee;
    StringRef Enable = Use.Manages.front()->Site.Call->Callee;
    Finding F = Use.finding(Name, Alloc);
    Note End;
    if (!Use.isImplicit()) {
      End = Use.reportLeak(F, Alloc);
    } else {
      F.Level = Severity::Hazard;
      F.Message =
          ("superseded '" + Call + "' on a device that '" + Enable +
           "' manages: " +
           (Twice ? "its IRQ vectors are released by hand and again by devres"
                  : "devres releases its IRQ vectors, which no call says"))
              .str();
      End.Text = Use.devresAfter(nullptr);
    }
    std::vector<const Occurrence *> Others(Use.Legacy.begin() + 1,
                                           Use.Legacy.end());
    Use.explainOwnership(F, Others);
    for (const Occurrence *Free : Use.Frees)
      F.Notes.push_back(Use.note(*Free, VectorUse::isRedundant(*Free)
                                            ? "released by hand here"
                                            : VectorUse::whyItStays(*Free)));
    F.Intervals.push_back(Use.lifetime(Alloc, End));
    Use.repair(F, Use.Legacy);
    Out.push_back(std::move(F));
  }
}

} // namespace devlife
