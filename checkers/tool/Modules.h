//===- Modules.h - Which modules a run reads ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_MODULES_H
#define DEVLIFE_TOOL_MODULES_H

#include "tool/Database.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace devlife {

/// One .c as compiled for one module.
struct ModuleTU {
  const DatabaseEntry *Entry; ///< Of the database, which must outlive this.
  std::string Path;           ///< Absolute, without "." and "..".
};

/// A module to read: the TUs with one KBUILD_MODNAME and KBUILD_MODFILE.
struct ModuleUnit {
  std::string Name;
  std::string File;          ///< "drivers/x/y".
  std::vector<ModuleTU> TUs; ///< By path.
};

/// All modules of a database, by name, then file.
std::vector<ModuleUnit> groupModules(const Database &DB);

/// The sources that more than one of \p Modules is built from, by path.
llvm::StringSet<> sharedSources(llvm::ArrayRef<ModuleUnit> Modules);

/// Keeps the modules that own a TU in one of \p Paths (files or folders,
/// relative to the current folder or to \p TreeRoot); all of them when there
/// are no paths. A path that selects none is an error.
llvm::Error selectModules(std::vector<ModuleUnit> &Modules,
                          llvm::ArrayRef<std::string> Paths,
                          llvm::StringRef TreeRoot);

/// The folder above a TU that holds MAINTAINERS and Kbuild or Kconfig, else
/// the directory that the database was made in. There must be a module.
std::string findTreeRoot(llvm::ArrayRef<ModuleUnit> Modules);

} // namespace devlife

#endif // DEVLIFE_TOOL_MODULES_H
