//===- FactsStore.h - Facts that outlive a run ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A folder with a file for each TU. Rules that are enforced here:
//  - Facts are taken from the store only if a parse would give the same: same
//    devlife, same command, same content of every file that the parse read,
//    and nothing at the paths where it looked in vain.
//  - The file that is analysed is read anew for each TU. Others are taken to
//    stay as they are during a run, and are read once.
//  - An entry that does not load is no entry.
//  - Entries appear under their names complete, so that runs can share a store.
//  - A store that cannot be written costs time, not results.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_FACTSSTORE_H
#define DEVLIFE_TOOL_FACTSSTORE_H

#include "facts/Extract.h"
#include "llvm/Support/Error.h"
#include <mutex>

namespace devlife {

/// All functions may be called from several threads.
class FactsStore {
public:
  /// Makes the folder if need be. A usage error when it cannot be written.
  static llvm::Expected<std::unique_ptr<FactsStore>>
  open(llvm::StringRef Directory);

  /// Names what parseFacts() gets of these parameters.
  static std::string key(llvm::StringRef Directory, llvm::StringRef File,
                         llvm::ArrayRef<std::string> Arguments,
                         const ExtractOptions &Options);

  /// The facts that a parse of \p File would give now; null without them.
  std::unique_ptr<TUFacts> load(llvm::StringRef Key, llvm::StringRef File);

  /// Keeps the facts of a parse that went well.
  void save(llvm::StringRef Key, llvm::ArrayRef<Input> Inputs,
            const TUFacts &Facts);

  /// Why an entry could not be written, for the first that could not; or "".
  std::string problem() const;

private:
  explicit FactsStore(std::string Directory)
      : Directory(std::move(Directory)) {}

  std::string path(llvm::StringRef Key) const;
  InputContent current(llvm::StringRef FullPath);

  std::string Directory; ///< Absolute.
  mutable std::mutex Lock;
  llvm::StringMap<InputContent> Known; ///< By path, as it was in this run.
  std::string Problem;
};

} // namespace devlife

#endif // DEVLIFE_TOOL_FACTSSTORE_H
