//===- TreeRoot.h - Where a kernel tree begins ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_SUPPORT_TREEROOT_H
#define DEVLIFE_SUPPORT_TREEROOT_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <string>

namespace devlife {

/// The nearest folder above the absolute \p Path that is the top of a kernel
/// tree: it holds MAINTAINERS and Kbuild or Kconfig. "" when there is none.
/// \p Seen makes many calls cheap that find nothing: folders in it are known
/// to be, and to be in, no tree, and those that this call looks at join them.
inline std::string treeRootAbove(llvm::StringRef Path,
                                 llvm::StringSet<> *Seen = nullptr) {
  auto Holds = [&](llvm::StringRef Name) {
    llvm::SmallString<256> File(Path);
    llvm::sys::path::append(File, Name);
    return llvm::sys::fs::exists(File);
  };
  for (Path = llvm::sys::path::parent_path(Path);
       !Path.empty() && (!Seen || Seen->insert(Path).second);
       Path = llvm::sys::path::parent_path(Path))
    if (Holds("MAINTAINERS") && (Holds("Kbuild") || Holds("Kconfig")))
      return Path.str();
  return "";
}

} // namespace devlife

#endif // DEVLIFE_SUPPORT_TREEROOT_H
