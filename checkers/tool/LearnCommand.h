//===- LearnCommand.h - devlife learn -------------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_LEARNCOMMAND_H
#define DEVLIFE_TOOL_LEARNCOMMAND_H

#include <string>
#include <vector>

namespace devlife {

struct LearnOptions {
  /// Files, or the folders that hold them.
  std::vector<std::string> Databases;
  std::vector<std::string> Paths; ///< As selectModules() takes them.
  std::string RulesDirectory;     ///< "" for the embedded rules.
  std::string Store;              ///< Folder of facts; "" for a temporary one.
  std::string Output;             ///< The rules file to write.
  unsigned Jobs = 0;              ///< Threads; 0 for one per core.
  bool ShowProgress = false;      ///< A line on stderr that is overwritten.
};

/// `devlife learn`: reads the modules that export functions, writes what their
/// bodies say as a rules file, and prints a table of what is new and where it
/// disagrees with rules written by hand. The result does not depend on Jobs.
/// \returns the exit code: ExitBroken when a TU could not be read.
int learnMain(const LearnOptions &Options);

} // namespace devlife

#endif // DEVLIFE_TOOL_LEARNCOMMAND_H
