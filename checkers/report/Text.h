//===- Text.h - Findings for people -------------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_TEXT_H
#define DEVLIFE_REPORT_TEXT_H

#include "report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace devlife {

struct TextOptions {
  bool Color = false;
  bool Source = true; ///< Quote the lines, with carets, where they can be read.
  bool Explain = false; ///< Draw the intervals that clash.
};

/// clang's form: "file:line:col: warning: message [check]", then the notes.
void printText(llvm::raw_ostream &OS, const Report &R,
               const TextOptions &Options);

} // namespace devlife

#endif // DEVLIFE_REPORT_TEXT_H
