//===- SourceTexts.h - Source files, read once ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_SUPPORT_SOURCETEXTS_H
#define DEVLIFE_SUPPORT_SOURCETEXTS_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace devlife {

/// Texts of source files, read once and valid for as long as this lives.
class SourceTexts {
public:
  /// The text of \p FullPath; empty when it cannot be read.
  llvm::StringRef text(llvm::StringRef FullPath) {
    auto [It, New] = Buffers.try_emplace(FullPath);
    // Volatile: a file that is mapped would change under its reader.
    if (New)
      if (auto Buffer = llvm::MemoryBuffer::getFile(
              FullPath, /*IsText=*/false, /*RequiresNullTerminator=*/false,
              /*IsVolatile=*/true))
        It->second = std::move(*Buffer);
    return It->second ? It->second->getBuffer() : llvm::StringRef();
  }

private:
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> Buffers;
};

} // namespace devlife

#endif // DEVLIFE_SUPPORT_SOURCETEXTS_H
