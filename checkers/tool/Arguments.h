//===- Arguments.h - What to keep of a compile command --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_ARGUMENTS_H
#define DEVLIFE_TOOL_ARGUMENTS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <memory>

namespace devlife {

/// What becomes of an argument.
struct ArgumentInfo {
  enum RoleKind : uint8_t { None, ModuleName, ModuleFile, Loadable, Target };

  bool Known = false; ///< The rest has been filled in.
  bool Kept = true;
  bool HasValue = false; ///< The next argument belongs to it.
  RoleKind Role = None;
};

/// Tells what becomes of arguments; Database.h has the rules.
class ArgumentClassifier {
public:
  ArgumentClassifier();
  ~ArgumentClassifier();

  /// \p Argument, followed by NUL, in a command for \p Compiler. The target of
  /// the first compiler that is not Clang counts for all.
  ArgumentInfo classify(llvm::StringRef Argument, llvm::StringRef Compiler);

private:
  class OptionProbe;
  std::unique_ptr<OptionProbe> Probe; ///< Made when it is needed.
};

bool isClang(llvm::StringRef Compiler);

/// The target of a compiler named like aarch64-linux-gnu-gcc-12, or nothing.
llvm::StringRef targetOf(llvm::StringRef Compiler);

} // namespace devlife

#endif // DEVLIFE_TOOL_ARGUMENTS_H
