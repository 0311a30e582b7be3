//===- Failure.h - Exit codes, and errors that carry one ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_FAILURE_H
#define DEVLIFE_TOOL_FAILURE_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/WithColor.h"

namespace devlife {

/// What `devlife` exits with. A higher one wins.
enum ExitCode {
  ExitClean = 0,    ///< Nothing found.
  ExitFindings = 1, ///< Findings.
  ExitUsage = 2,    ///< Command line, configuration or rules.
  ExitBroken = 3,   ///< A TU failed, a file cannot be read or written.
};

/// An error of the user's making. All others are ExitBroken.
class UsageError : public llvm::ErrorInfo<UsageError> {
public:
  static char ID;
  explicit UsageError(const llvm::Twine &Message) : Message(Message.str()) {}

  void log(llvm::raw_ostream &OS) const override { OS << Message; }
  std::error_code convertToErrorCode() const override {
    return std::make_error_code(std::errc::invalid_argument);
  }

private:
  std::string Message;
};

inline llvm::Error usageError(const llvm::Twine &Message) {
  return llvm::make_error<UsageError>(Message);
}

/// Prints "devlife: error: ..." and returns the exit code.
int reportError(llvm::Error E);

/// stderr, after "devlife: " and, in colour, "error: " or "warning: ".
llvm::raw_ostream &errorLine();
llvm::raw_ostream &warningLine();

} // namespace devlife

#endif // DEVLIFE_TOOL_FAILURE_H
