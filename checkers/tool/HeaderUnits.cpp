//===- HeaderUnits.cpp - Headers as modules of their own ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/HeaderUnits.h"
#include "support/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <set>

using namespace llvm;

namespace devlife {

/// The names before the first parenthesis of what begins with "static inline",
/// or another spelling of it.
static void inlineFunctions(StringRef Text,
                            function_ref<void(StringRef)> Found) {
  constexpr StringLiteral Static = "static ";
  for (size_t At = 0; (At = Text.find(Static, At)) != StringRef::npos;) {
    At += Static.size();
    StringRef Rest = Text.substr(At);
    if (!Rest.starts_with("inline") && !Rest.starts_with("__always_inline"))
      continue;
    StringRef Before = Rest.take_until([](char C) { return C == '('; }).rtrim();
    size_t Begin = Before.find_last_not_of(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (Begin != StringRef::npos && Begin + 1 != Before.size())
      Found(Before.substr(Begin + 1));
  }
}

HeaderUnits::HeaderUnits(StringRef TreeRoot, const ModuleUnit &Like) {
  const ModuleTU &TU = Like.TUs.front();
  Entry = *TU.Entry;
  for (StringRef Argument : Entry.Arguments)
    if (Argument.starts_with("-") ||
        cleanPath(Argument, Entry.Directory) != TU.Path)
      Arguments.push_back(Argument);
  Entry.Arguments = Arguments;

  std::error_code Code;
  for (sys::fs::recursive_directory_iterator It(TreeRoot + "/include", Code),
       End;
       !Code && It != End; It.increment(Code)) {
    const std::string &Path = It->path();
    if (!StringRef(Path).ends_with(".h"))
      continue;
    if (auto Buffer = MemoryBuffer::getFile(Path))
      inlineFunctions((*Buffer)->getBuffer(),
                      [&](StringRef Name) { Headers[Name].push_back(Path); });
  }
}

std::vector<ModuleUnit> HeaderUnits::defining(const StringSet<> &Names) {
  std::set<std::string> Paths;
  for (const auto &Name : Names)
    if (auto It = Headers.find(Name.first()); It != Headers.end())
      for (const std::string &Path : It->second)
        if (Returned.insert(Path).second)
          Paths.insert(Path);
  std::vector<ModuleUnit> Units;
  for (const std::string &Path : Paths)
    Units.push_back({Path, Path, {{&Entry, Path}}});
  return Units;
}

} // namespace devlife
