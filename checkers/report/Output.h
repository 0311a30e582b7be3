//===- Output.h - Files that are written whole or not at all ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_OUTPUT_H
#define DEVLIFE_REPORT_OUTPUT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include <optional>
#include <string>

namespace devlife {

/// New contents of a file, complete on disk beside it but not yet in its
/// place. Dropped unless committed.
class PendingFile {
public:
  /// Takes over the mode of a file that is there, and its owner when the
  /// system lets it. A link is followed, so that its target is replaced.
  static llvm::Expected<PendingFile> create(llvm::StringRef Path,
                                            llvm::StringRef Contents);
  PendingFile(PendingFile &&O) : Path(std::move(O.Path)) { Temp.swap(O.Temp); }
  ~PendingFile();

  /// Readers see the old file or the new one, never a part.
  llvm::Error commit();

private:
  PendingFile(llvm::StringRef Path, llvm::sys::fs::TempFile Temp);

  std::string Path;
  std::optional<llvm::sys::fs::TempFile> Temp;
};

/// Writes a report: "-" is stdout, what is not a regular file (a pipe, a
/// device) is written as it is, the rest by way of PendingFile. Errors name
/// the file.
llvm::Error writeOutput(llvm::StringRef Path, llvm::StringRef Contents);

/// Says now what writeOutput() would say after a long run; catches what can
/// be known before.
llvm::Error checkOutput(llvm::StringRef Path);

} // namespace devlife

#endif // DEVLIFE_REPORT_OUTPUT_H
