//===- HeaderUnits.h - Headers as modules of their own ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A TU skips the bodies of functions in the kernel's headers, as every TU would
// read them anew. A header that is parsed for its own sake has them: it is a
// module of one file, compiled as some other file of the tree is.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_HEADERUNITS_H
#define DEVLIFE_TOOL_HEADERUNITS_H

#include "tool/Modules.h"
#include "llvm/ADT/StringMap.h"

namespace devlife {

class HeaderUnits {
public:
  /// Looks through the headers in include/ of \p TreeRoot, as text. Their
  /// units are compiled like the first TU of \p Like, which must outlive them.
  HeaderUnits(llvm::StringRef TreeRoot, const ModuleUnit &Like);

  /// Of the headers that define one of \p Names inline, and that no earlier
  /// call has returned; by path. They live as long as this.
  std::vector<ModuleUnit> defining(const llvm::StringSet<> &Names);

  HeaderUnits(const HeaderUnits &) = delete; // Units point to Entry.
  HeaderUnits &operator=(const HeaderUnits &) = delete;

private:
  std::vector<llvm::StringRef> Arguments;
  DatabaseEntry Entry;
  llvm::StringMap<std::vector<std::string>> Headers; ///< By function.
  llvm::StringSet<> Returned;
};

} // namespace devlife

#endif // DEVLIFE_TOOL_HEADERUNITS_H
