//===- Protected.h - Work that may crash --------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_PROTECTED_H
#define DEVLIFE_TOOL_PROTECTED_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>

namespace devlife {

/// Makes runProtected() survive crashes from now on.
void enableProtection();

/// Runs \p Work on a thread of its own, with the stack that Clang wants
/// whatever the limit of the shell is. Returns "", or how it crashed: an
/// overflow of the stack counts. What a crash leaves locked or half done stays
/// so; the process should not do more than report, and not run destructors.
std::string runProtected(llvm::function_ref<void()> Work);

} // namespace devlife

#endif // DEVLIFE_TOOL_PROTECTED_H
