//===- Embedded.h - Files that are part of the binary ---------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules and the checks' pages are compiled in, so that the binaries work
// wherever they are copied to.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_SUPPORT_EMBEDDED_H
#define DEVLIFE_SUPPORT_EMBEDDED_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace devlife {

struct EmbeddedFile {
  llvm::StringRef Name; ///< Base name: "irq.yaml", "devlife-legacy-msi.md".
  llvm::StringRef Text;
};

/// The YAML files of rules/, by name.
llvm::ArrayRef<EmbeddedFile> embeddedRules();

/// The pages of docs/checks/, by name.
llvm::ArrayRef<EmbeddedFile> embeddedPages();

} // namespace devlife

#endif // DEVLIFE_SUPPORT_EMBEDDED_H
