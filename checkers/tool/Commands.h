//===- Commands.h - The commands that only look things up ---------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_COMMANDS_H
#define DEVLIFE_TOOL_COMMANDS_H

#include "llvm/ADT/StringRef.h"

namespace devlife {

// Each prints to stdout and returns the exit code.

/// `devlife checks`: a table of all checks.
int listChecks();

/// `devlife explain NAME`: the page of a check; "devlife-" may be left out.
int explainCheck(llvm::StringRef Name);

/// `devlife rules`: all calls and what they do, by the rules of \p Directory
/// ("" for the embedded ones); with \p Check, only whether they load.
int showRules(llvm::StringRef Directory, bool Check);

} // namespace devlife

#endif // DEVLIFE_TOOL_COMMANDS_H
