//===- CompdbMake.h - Runs of make, and what they said --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_COMPDBMAKE_H
#define DEVLIFE_TOOL_COMPDBMAKE_H

#include "tool/CompdbPlan.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace devlife {

/// What kbuild's rule for an object does after the compiler (fixdep, objtool,
/// genksyms, ...) takes as long as everything else. The rule can be replaced
/// from outside where it has this name; elsewhere all of it runs.
constexpr llvm::StringLiteral ObjectRule = "rule_cc_o_c";

/// Runs make with its output added to the log, calling \p Tick a few times per
/// second. With \p Records, the recorder keeps a journal of the goals.
/// \returns its exit code, or -1 if it was ended by a signal.
llvm::Expected<int> runMake(const CompdbPlan &P,
                            llvm::ArrayRef<std::string> Arguments, bool Records,
                            llvm::function_ref<void()> Tick);

/// What make said in the log.
struct LogSummary {
  std::vector<std::string> FailedTargets; ///< In order; no folders.
  llvm::StringSet<> Compiled;             ///< Targets of "CC" lines.
  std::string Reason;                     ///< The likely cause of a failure.
};

/// Reads the log from \p Begin.
LogSummary readLog(const CompdbPlan &P, uint64_t Begin = 0);

/// An error with the likely cause, from the log. \p Doing is what failed.
llvm::Error makeFailed(const CompdbPlan &P, llvm::StringRef Doing);

} // namespace devlife

#endif // DEVLIFE_TOOL_COMPDBMAKE_H
