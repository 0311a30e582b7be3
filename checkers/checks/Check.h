//===- Check.h - The registry of checks and what runs them ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_CHECK_H
#define DEVLIFE_CHECKS_CHECK_H

#include "checks/Finding.h"
#include "facts/Facts.h"
#include "support/Options.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <string>
#include <vector>

namespace devlife {

class RuleSet;
class Timelines;

/// All TUs with one KBUILD_MODNAME (and KBUILD_MODFILE): the unit of analysis.
struct ModuleInput {
  std::string Name;                          ///< KBUILD_MODNAME.
  std::vector<std::unique_ptr<TUFacts>> TUs; ///< In the order of their files.
};

struct ModuleResult {
  std::vector<Finding> Findings; ///< Sorted, without duplicates.
  unsigned NumDrivers = 0;       ///< Driver tables that were analysed.
  /// What was not analysed and why, one line each, in a stable order.
  std::vector<std::string> LeftOut;
};

/// A check: a query over the timelines of a module.
struct CheckInfo {
  llvm::StringRef Name;    ///< "devlife-hybrid-irq-vectors".
  llvm::StringRef Summary; ///< One line for `devlife checks`.
  Confidence Certainty;    ///< The highest that it reports with.
  /// Resources and entries of rules/ that it asks about; "*" for all.
  llvm::ArrayRef<llvm::StringRef> Interests;
  void (*Run)(const Timelines &, std::vector<Finding> &);
};

/// Every check, by name.
llvm::ArrayRef<CheckInfo> allChecks();

/// The checks that a clang-tidy style list selects ("-*,devlife-legacy-*").
std::vector<const CheckInfo *> selectChecks(llvm::StringRef Globs);

/// The timelines of the module as text, for `devlife timeline`.
std::string describeTimelines(const ModuleInput &Module, const RuleSet &Rules,
                              const AnalysisOptions &Options);

ModuleResult analyse(const ModuleInput &Module, const RuleSet &Rules,
                     llvm::ArrayRef<const CheckInfo *> Checks,
                     const AnalysisOptions &Options);

} // namespace devlife

#endif // DEVLIFE_CHECKS_CHECK_H
