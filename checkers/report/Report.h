//===- Report.h - What a run found and what it looked at ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input of every output format. Findings are in one order, and each has
// the fingerprint that baselines and other tools know it by.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_REPORT_H
#define DEVLIFE_REPORT_REPORT_H

#include "checks/Finding.h"
#include <string>
#include <vector>

namespace devlife {

/// A TU that was not analysed, or, as "module NAME", a module.
struct FailedTU {
  std::string File;
  std::string Error; ///< One line.
};

/// What the run looked at; silence is only worth this.
struct Summary {
  unsigned Modules = 0; ///< Analysed.
  unsigned TUs = 0;     ///< Read without errors.
  unsigned Drivers = 0; ///< Driver tables that were analysed.
  unsigned Hidden = 0;  ///< Findings below the confidence that was asked for.
  std::vector<FailedTU> Failed;     ///< By file.
  std::vector<std::string> LeftOut; ///< One line each, by module.
};

struct ReportedFinding {
  Finding Item;
  /// Further modules that a shared file has the same finding in.
  std::vector<std::string> AlsoIn;
  /// Item.fingerprint(); "-2", "-3", ... tell findings apart that share one.
  std::string Fingerprint;
};

struct Report {
  std::string Contract; ///< "auto", "hybrid", ...; "" when not told.
  std::vector<ReportedFinding> Findings;
  Summary Totals;
};

/// Sorts findings, given module by module, folds those that several modules
/// have because they share a file, and numbers equal fingerprints.
std::vector<ReportedFinding> arrangeFindings(std::vector<Finding> Findings);

/// "0.1.0".
llvm::StringRef devlifeVersion();

} // namespace devlife

#endif // DEVLIFE_REPORT_REPORT_H
