//===- Compdb.h - A compile database without compiling --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `devlife compdb` configures and prepares a build folder, then lets kbuild
// run over the wanted parts of the tree with a compiler that only records what
// it is asked to do (Recorder.cpp). What comes out is what a build would have
// done, including sources that kbuild generates, in about a minute.
//
// The rules:
// - The source tree is never written to. The build folder is: it should be one
//   of its own. Objects that were there stay as they are; the empty ones that
//   the recorder makes are removed afterwards, so each run records everything.
// - An existing .config is kept (new symbols get their defaults) unless
//   CompdbOptions::Config names another.
// - The database appears under its name only when it is complete. It is sorted
//   by file and output and has the same bytes for the same tree, folder and
//   configuration.
// - A path for which nothing was recorded is an error if it was asked for
//   explicitly; of the default paths at least one must have yielded something.
// - Targets that fail (make goes on: -k) are counted and named; they do not
//   make the run fail.
// - An object that kbuild compiled past the recorder is an error.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_COMPDB_H
#define DEVLIFE_TOOL_COMPDB_H

#include <string>
#include <vector>

namespace devlife {

struct CompdbOptions {
  /// The kernel source tree.
  std::string Source;
  /// The build folder (kbuild's O=); created if missing.
  std::string Build;
  /// A configuration target of kbuild, such as "allmodconfig". Empty: keep
  /// Build/.config, or make allmodconfig if there is none.
  std::string Config;
  /// The database to write; empty: Build/compile_commands.json.
  std::string Output;
  /// Folders, .c or .o files of the source tree, relative to it or absolute;
  /// and make variables ("ARCH=arm64", "LLVM=1"). No paths: drivers and sound.
  /// Without LLVM= or CC=, the LLVM that devlife was built with is used.
  std::vector<std::string> Paths;
  /// Jobs for make; 0: as many as there are processors.
  unsigned Jobs = 0;
  /// No progress on standard error; errors and warnings remain.
  bool Quiet = false;
  /// The program devlife-cc-recorder; empty: looked for beside the running
  /// executable, then in ../libexec/devlife.
  std::string Recorder;
};

/// Makes the database, with progress and errors (one line each) on standard
/// error. \returns the exit code: 0 if the database was written; 2 for a wrong
/// source tree, folder or path; 3 if make failed as a whole, a tool is missing,
/// or the database would have been incomplete. The output of make is in
/// Build/.devlife/compdb.log.
int compdbMain(const CompdbOptions &Options);

} // namespace devlife

#endif // DEVLIFE_TOOL_COMPDB_H
