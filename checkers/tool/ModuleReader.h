//===- ModuleReader.h - The facts of modules, several at a time -----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_MODULEREADER_H
#define DEVLIFE_TOOL_MODULEREADER_H

#include "report/Edits.h"
#include "tool/FactsStore.h"
#include "tool/Modules.h"

namespace devlife {

/// What became of the TUs of a module; all lists are in the order of Unit.
struct ModuleFacts {
  const ModuleUnit *Unit = nullptr;
  std::vector<std::unique_ptr<TUFacts>> TUs;    ///< Null where one failed.
  std::vector<std::string> Errors;              ///< "" where it was read.
  std::vector<std::optional<FileStamp>> Stamps; ///< Before it was read.

  size_t numFailed() const;
  /// Those that were read; afterwards there are none here.
  std::vector<std::unique_ptr<TUFacts>> take();
};

struct ReadOptions {
  ExtractOptions Extraction;
  FactsStore *Store = nullptr; ///< Null for none.
  unsigned Jobs = 0;           ///< Threads; 0 for one per core.
  bool ShowProgress = false;   ///< A line on stderr that is overwritten.
};

/// Reads all TUs of \p Modules and calls \p Done, from several threads, with
/// each module (its index, its facts) whose last TU was read. The facts are
/// freed when it returns. A TU that does not parse, or that crashes the
/// parser, is an entry of Errors. Wants enableProtection().
void readModules(
    llvm::ArrayRef<const ModuleUnit *> Modules, const ReadOptions &Options,
    llvm::function_ref<void(size_t Index, ModuleFacts &Facts)> Done);

} // namespace devlife

#endif // DEVLIFE_TOOL_MODULEREADER_H
