//===- Edits.h - From the findings' edits to new files ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules that are enforced here:
//  - A finding's edits are applied together or not at all.
//  - Identical edits of several findings are one edit; of two that overlap
//    otherwise the later finding is left out.
//  - A file that is not the one that was analysed is not touched, nor one
//    outside the tree.
//  - No file is replaced before all new contents are on disk.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_EDITS_H
#define DEVLIFE_REPORT_EDITS_H

#include "checks/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace devlife {

/// What tells a file from a later state of it.
struct FileStamp {
  uint64_t Size = 0;
  llvm::sys::TimePoint<> Modified;
  llvm::sys::fs::UniqueID Id;

  /// Nothing when there is no such file.
  static std::optional<FileStamp> of(llvm::StringRef FullPath);
  bool operator==(const FileStamp &O) const {
    return Size == O.Size && Modified == O.Modified && Id == O.Id;
  }
};

/// By absolute path without links, taken before the file was read.
using FileStamps = std::map<std::string, FileStamp>;

struct FileChange {
  std::string File;     ///< Relative to the tree's root.
  std::string FullPath; ///< Absolute, without links.
  std::string Before, After;
};

/// A finding whose edits are not in the plan, and why: one line.
struct LeftOutRepair {
  const Finding *Of;
  std::string Why;
};

struct EditPlan {
  std::vector<FileChange> Files;      ///< By File; only what really changes.
  std::vector<const Finding *> Done;  ///< Whose edits are in Files.
  std::vector<LeftOutRepair> LeftOut; ///< In the order of the findings.
  /// Files that could not be edited, one line each: an infrastructure error.
  std::vector<std::string> Errors;
};

/// What to change below \p TreeRoot (absolute), from findings in the order of
/// the report; those without edits do not count. \p ForWriting asks for files
/// that can be written.
EditPlan planEdits(llvm::ArrayRef<const Finding *> Findings,
                   const FileStamps &Stamps, llvm::StringRef TreeRoot,
                   bool ForWriting);

/// Writes the files of a plan. When one cannot be prepared, none is changed;
/// the error says so and names it.
llvm::Error writeFiles(llvm::ArrayRef<FileChange> Files);

/// A unified diff with the prefixes a/ and b/ on paths relative to the tree's
/// root, as `git apply` takes it, made by the program "diff".
llvm::Expected<std::string> makePatch(llvm::ArrayRef<FileChange> Files);

} // namespace devlife

#endif // DEVLIFE_REPORT_EDITS_H
