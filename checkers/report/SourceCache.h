//===- SourceCache.h - The lines that a report quotes ---------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_SOURCECACHE_H
#define DEVLIFE_REPORT_SOURCECACHE_H

#include "checks/Finding.h"
#include "support/SourceTexts.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace devlife {

/// Reads files once. The text is valid for as long as the cache lives.
class SourceCache {
public:
  /// The line of a place without its end, or "" when the file has no such
  /// line any more.
  llvm::StringRef line(const Place &At);

private:
  SourceTexts Texts;
};

/// A line of source as a terminal can show it: tabs become spaces up to the
/// next multiple of eight, and what cannot be shown becomes <U+XXXX> or <XX>,
/// so that no file can send escape sequences.
struct ShownLine {
  std::string Text;
  unsigned CaretColumn = 0; ///< 0-based; where byte \p Column is shown.
};
ShownLine showLine(llvm::StringRef Line, unsigned Column);

} // namespace devlife

#endif // DEVLIFE_REPORT_SOURCECACHE_H
