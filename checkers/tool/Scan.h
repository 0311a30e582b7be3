//===- Scan.h - Reads modules and runs the checks on them ---------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_SCAN_H
#define DEVLIFE_TOOL_SCAN_H

#include "checks/Check.h"
#include "report/Edits.h"
#include "report/Report.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace devlife {

struct ScanOptions {
  std::string Database = ".";           ///< File, or the folder that holds it.
  std::vector<std::string> Paths;       ///< As selectModules() takes them.
  std::string Checks = "*";             ///< As selectChecks() takes them.
  std::string RulesDirectory;           ///< "" for the embedded rules.
  std::string Store;                    ///< Folder of facts; "" for none.
  Confidence Lowest = Confidence::High; ///< That is reported.
  unsigned Jobs = 0;                    ///< Threads; 0 for one per core.
  bool Describe = false;     ///< Print the timelines instead of checking.
  bool ShowProgress = false; ///< A line on stderr that is overwritten.
  AnalysisOptions Analysis;  ///< TreeRoot "" means: find it.
};

struct ScanResult {
  Report Found;
  std::string TreeRoot;  ///< Absolute.
  std::string Timelines; ///< With ScanOptions::Describe.
  FileStamps Stamps;     ///< Of the files that findings want to edit.
  std::string Warning;   ///< One line about the store, or "".
};

/// Reads every TU of the selected modules and analyses module by module. The
/// result does not depend on Jobs. A TU that does not parse, or that crashes
/// the parser, is listed in the result; an error means that nothing was
/// analysed.
llvm::Expected<ScanResult> scan(const ScanOptions &Options);

/// The line that ends a run: what was found, what was analysed and what not.
std::string describe(const Report &R);
/// Its second part.
std::string describe(const Summary &S);
/// "1 file", "2 files".
std::string count(size_t N, llvm::StringRef Thing);

/// ExitBroken when something failed, else whether there are findings.
int exitCode(const Report &R);

/// "auto", "hybrid", "transition" or "explicit".
llvm::StringRef toString(VectorContract Value);

} // namespace devlife

#endif // DEVLIFE_TOOL_SCAN_H
