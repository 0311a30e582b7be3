//===- Fix.cpp - Applies the repairs of a scan --------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Fix.h"
#include "report/Output.h"
#include "report/Text.h"
#include "tool/Failure.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace llvm;

namespace devlife {

static Error carryOut(const EditPlan &Plan, const FixOptions &Options) {
  if (Options.Apply)
    return writeFiles(Plan.Files);
  auto Patch = makePatch(Plan.Files);
  return Patch ? writeOutput(Options.Patch, *Patch) : Patch.takeError();
}

/// The findings that \p Done does not hold.
static Report remaining(const Report &All, ArrayRef<const Finding *> Done) {
  SmallPtrSet<const Finding *, 32> Repaired(Done.begin(), Done.end());
  Report Rest;
  Rest.Totals = All.Totals;
  for (const ReportedFinding &R : All.Findings)
    if (!Repaired.count(&R.Item))
      Rest.Findings.push_back(R);
  return Rest;
}

int fix(const ScanResult &Scanned, const FixOptions &Options) {
  std::vector<const Finding *> Findings;
  for (const ReportedFinding &R : Scanned.Found.Findings)
    Findings.push_back(&R.Item);
  EditPlan Plan =
      planEdits(Findings, Scanned.Stamps, Scanned.TreeRoot, Options.Apply);

  for (const std::string &Message : Plan.Errors)
    errorLine() << Message << '\n';
  for (const LeftOutRepair &L : Plan.LeftOut)
    warningLine() << L.Of->At.File << ':' << L.Of->At.Line << ": repair of ["
                  << L.Of->Check << "] left out: " << L.Why << '\n';
  bool Broken = !Plan.Errors.empty();
  if (Error E = carryOut(Plan, Options)) {
    reportError(std::move(E));
    Broken = true;
    Plan.Done.clear();
    Plan.Files.clear();
  }

  Report Rest = remaining(Scanned.Found, Plan.Done);
  TextOptions Text;
  Text.Color = errs().has_colors();
  Text.Source = false;
  printText(errs(), Rest, Text);
  errs() << "devlife: " << (Options.Apply ? "repaired " : "patch for ")
         << Plan.Done.size() << " of " << count(Findings.size(), "finding")
         << " in " << count(Plan.Files.size(), "file") << "; "
         << describe(Rest.Totals) << '\n';
  return Broken ? int(ExitBroken) : exitCode(Rest);
}

} // namespace devlife
