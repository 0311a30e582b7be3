//===- CompdbPlan.h - What a run of devlife compdb is to do ---------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_COMPDBPLAN_H
#define DEVLIFE_TOOL_COMPDBPLAN_H

#include "tool/Compdb.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace devlife {

/// The options, checked and with defaults filled in.
struct CompdbPlan {
  std::string Source, Build, Output; ///< Absolute, without symbolic links.
  std::string Config;                ///< The configuration target to run.
  bool KeepsConfig = false;          ///< Config only completes what is there.
  std::vector<std::string> Goals;    ///< "drivers/", "drivers/pci/msi/msi.o".
  bool DefaultGoals = false;
  std::vector<std::string> Variables; ///< For make: "LLVM=-19".
  std::string Compiler;               ///< The real one; may hold several words.
  std::string Make, Recorder;         ///< Programs.
  unsigned Jobs = 1;

  std::string workFile(llvm::StringRef Name) const {
    return (llvm::Twine(Build) + "/.devlife/" + Name).str();
  }
  std::string log() const { return workFile("compdb.log"); }
};

/// Checks \p Options against the trees and the programs that are there, and
/// creates the build folder with .devlife in it.
llvm::Expected<CompdbPlan> makePlan(const CompdbOptions &Options);

/// True if the object \p Output is made for \p Goal, one of
/// CompdbPlan::Goals.
bool belongsTo(llvm::StringRef Output, llvm::StringRef Goal);

} // namespace devlife

#endif // DEVLIFE_TOOL_COMPDBPLAN_H
