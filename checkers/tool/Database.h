//===- Database.h - The compile database of a kernel tree -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads compile_commands.json, as `devlife compdb` or the kernel's own
// gen_compile_commands.py writes it, for clang or for gcc, with "command" or
// "arguments". Each C file becomes an entry per module that it is part of, with
// arguments that this release of Clang takes:
//
// - What Clang's option table does not know, or knows as a flag of gcc to be
//   ignored, is dropped; so are warning groups and sanitizers unknown to Clang.
//   Of a command for gcc, also what Clang takes for other targets only, or
//   not with this value.
// - So is what says where to write (-c, -o, -MD, -Wp,-MMD,...), turns warnings
//   into errors, goes to the assembler, linker or LLVM (-Wa, -Wl, -mllvm),
//   loads a plugin, or makes the layout of records random.
// - The rest keeps its order; the first argument stays the compiler's name if
//   it is some clang, else it is "clang". The prefix of a cross compiling gcc
//   becomes --target=.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_DATABASE_H
#define DEVLIFE_TOOL_DATABASE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace devlife {

/// A C file as compiled into one module. The text belongs to the Database.
struct DatabaseEntry {
  /// Absolute, without "." and ".."; symbolic links are not resolved.
  llvm::StringRef File;
  /// Where the command runs; relative arguments are meant from here.
  llvm::StringRef Directory;
  /// The object as the command names it; empty if it names none.
  llvm::StringRef Output;
  /// KBUILD_MODNAME: "snd_soc_core". For a file in two modules, which the
  /// kernel calls "a:b", there are two entries. Without KBUILD_MODNAME, the
  /// stem of the file.
  llvm::StringRef ModuleName;
  /// What tells modules of one name apart: KBUILD_MODFILE
  /// ("drivers/acpi/container"). Where the command has none: the module name,
  /// for loadable modules, whose names are unique in a kernel; below the
  /// output's folder, for built-in code.
  llvm::StringRef ModuleFile;
  /// The cleaned command, beginning with the compiler. Each is followed by NUL.
  llvm::ArrayRef<llvm::StringRef> Arguments;

  /// The arguments as Clang's tooling takes them.
  std::vector<std::string> commandLine() const {
    return std::vector<std::string>(Arguments.begin(), Arguments.end());
  }
};

class Database {
public:
  Database(Database &&) noexcept;
  Database &operator=(Database &&) noexcept;
  ~Database();

  /// Sorted by file, output and module file.
  llvm::ArrayRef<DatabaseEntry> entries() const;

  /// The file that was read.
  llvm::StringRef path() const;

private:
  friend class DatabaseLoader;
  struct Storage;
  explicit Database(std::unique_ptr<Storage> S);
  std::unique_ptr<Storage> Stored;
};

/// Reads \p DirOrFile, a database or a folder that has compile_commands.json.
/// The error is one line that names the file: it is missing, malformed (with
/// line and column), empty, or holds no command that defines KBUILD_MODNAME.
llvm::Expected<Database> loadDatabase(llvm::StringRef DirOrFile);

} // namespace devlife

#endif // DEVLIFE_TOOL_DATABASE_H
