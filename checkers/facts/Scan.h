//===- Scan.h - Questions to a source file that is not parsed -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_FACTS_SCAN_H
#define DEVLIFE_FACTS_SCAN_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <vector>

namespace devlife {

/// Whether the file at \p Path defines \p Function and its body names
/// \p Identifier; comments and strings do not count. No answer when the file
/// cannot be read.
std::optional<bool> functionMentions(llvm::StringRef Path,
                                     llvm::StringRef Function,
                                     llvm::StringRef Identifier);

/// Where \p Text names \p Identifier outside comments and strings, compiled or
/// not: offsets in bytes.
std::vector<unsigned> identifierOffsets(llvm::StringRef Text,
                                        llvm::StringRef Identifier);

} // namespace devlife

#endif // DEVLIFE_FACTS_SCAN_H
