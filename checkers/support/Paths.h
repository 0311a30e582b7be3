//===- Paths.h - Names of files and folders -------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_SUPPORT_PATHS_H
#define DEVLIFE_SUPPORT_PATHS_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <string>

namespace devlife {

/// What \p Path means in \p Directory ("" for the current one): absolute,
/// without "." and "..", and without a slash at the end. Links stay.
inline std::string cleanPath(llvm::StringRef Path,
                             llvm::StringRef Directory = "") {
  llvm::SmallString<256> Result(Path);
  if (Directory.empty())
    llvm::sys::fs::make_absolute(Result);
  else
    llvm::sys::fs::make_absolute(Directory, Result);
  llvm::sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

/// \p Path without links; unchanged when there is no such file.
inline std::string realPath(llvm::StringRef Path) {
  llvm::SmallString<256> Real;
  return llvm::sys::fs::real_path(Path, Real) ? Path.str() : Real.str().str();
}

/// True for \p Folder itself and for what lies below.
inline bool isWithin(llvm::StringRef Folder, llvm::StringRef Path) {
  if (!Path.consume_front(Folder))
    return false;
  return Path.empty() || Path.front() == '/' || Folder.ends_with("/");
}

/// \p Path relative to \p Root when it is inside, else unchanged.
inline std::string relativeTo(llvm::StringRef Root, llvm::StringRef Path) {
  if (Root.empty() || !isWithin(Root, Path) || Path == Root)
    return Path.str();
  return Path.substr(Root.size()).ltrim('/').str();
}

} // namespace devlife

#endif // DEVLIFE_SUPPORT_PATHS_H
