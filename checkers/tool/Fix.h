//===- Fix.h - Applies the repairs of a scan ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_FIX_H
#define DEVLIFE_TOOL_FIX_H

#include "tool/Scan.h"

namespace devlife {

struct FixOptions {
  bool Apply = false;      ///< Change the files.
  std::string Patch = "-"; ///< Else: where the patch goes; "-" is stdout.
};

/// Repairs what the findings of a scan offer a repair for, and lists on
/// stderr what remains. \returns the exit code: ExitClean when nothing
/// remains.
int fix(const ScanResult &Scanned, const FixOptions &Options);

} // namespace devlife

#endif // DEVLIFE_TOOL_FIX_H
