//===- Json.h - Findings for machines -----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/output.md describes the fields and when the version changes.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_JSON_H
#define DEVLIFE_REPORT_JSON_H

#include "report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace devlife {

/// Of the format; a higher one is not compatible.
constexpr int JsonVersion = 1;

/// The same report gives the same bytes: no times, no place of the tree.
void printJson(llvm::raw_ostream &OS, const Report &R);

} // namespace devlife

#endif // DEVLIFE_REPORT_JSON_H
