//===- RulesCommand.h - devlife rules -------------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_RULESCOMMAND_H
#define DEVLIFE_TOOL_RULESCOMMAND_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace devlife {

/// Prints the rules of \p Directory, or the embedded ones when it is empty,
/// as a table that is sorted by function: one line for each effect. With
/// \p Check only tells whether they load. Returns the exit code: 0, or 2 for
/// wrong rules, after printing what is wrong and where.
int rulesMain(llvm::StringRef Directory, bool Check, llvm::raw_ostream &Out);

} // namespace devlife

#endif // DEVLIFE_TOOL_RULESCOMMAND_H
