//===- Modules.cpp - Which modules a run reads --------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Modules.h"
#include "support/Paths.h"
#include "support/TreeRoot.h"
#include "tool/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;

namespace devlife {

std::vector<ModuleUnit> groupModules(const Database &DB) {
  std::map<std::pair<std::string, std::string>, ModuleUnit> Groups;
  for (const DatabaseEntry &E : DB.entries()) {
    ModuleUnit &M = Groups[{E.ModuleName.str(), E.ModuleFile.str()}];
    M.Name = E.ModuleName.str();
    M.File = E.ModuleFile.str();
    M.TUs.push_back({&E, E.File.str()});
  }

  std::vector<ModuleUnit> Modules;
  for (auto &[Key, M] : Groups) {
    // Built twice into one module, a file would define its functions twice.
    llvm::sort(M.TUs, [](const ModuleTU &A, const ModuleTU &B) {
      return std::tie(A.Path, A.Entry) < std::tie(B.Path, B.Entry);
    });
    M.TUs.erase(
        llvm::unique(M.TUs, [](const ModuleTU &A,
                               const ModuleTU &B) { return A.Path == B.Path; }),
        M.TUs.end());
    Modules.push_back(std::move(M));
  }
  return Modules;
}

namespace {

/// Paths without links, by folder: links within a tree are rare, calls dear.
class LinkResolver {
public:
  std::string resolve(StringRef Path) {
    StringRef Folder = sys::path::parent_path(Path);
    auto [It, New] = Folders.try_emplace(Folder);
    if (New)
      It->second = realPath(Folder);
    return It->second + "/" + sys::path::filename(Path).str();
  }

private:
  StringMap<std::string> Folders;
};

/// Marks the modules that own a TU at or below a path.
bool mark(ArrayRef<ModuleUnit> Modules, std::vector<bool> &Selected,
          function_ref<bool(const ModuleTU &)> Owns) {
  bool Any = false;
  for (size_t I = 0; I < Modules.size(); ++I)
    if (any_of(Modules[I].TUs, Owns))
      Any = Selected[I] = true;
  return Any;
}

} // namespace

Error selectModules(std::vector<ModuleUnit> &Modules,
                    ArrayRef<std::string> Paths, StringRef TreeRoot) {
  if (Paths.empty())
    return Error::success();
  LinkResolver Links;
  std::vector<bool> Selected(Modules.size());
  auto Select = [&](StringRef Path) {
    if (mark(Modules, Selected,
             [&](const ModuleTU &TU) { return isWithin(Path, TU.Path); }))
      return true;
    SmallString<256> Real;
    return !sys::fs::real_path(Path, Real) &&
           mark(Modules, Selected, [&](const ModuleTU &TU) {
             return isWithin(Real, Links.resolve(TU.Path));
           });
  };

  // Inside the tree, "net" in drivers/ is not the "net" of the tree's root.
  // In a build folder the same name may hold generated sources: both count.
  bool InTree = isWithin(TreeRoot, cleanPath("."));
  for (const std::string &Path : Paths) {
    bool Here = Select(cleanPath(Path));
    bool There = (!Here || !InTree) && Select(cleanPath(Path, TreeRoot));
    if (!Here && !There)
      return usageError("'" + Path + "' selects no module of the database");
  }

  std::vector<ModuleUnit> Kept;
  for (size_t I = 0; I < Modules.size(); ++I)
    if (Selected[I])
      Kept.push_back(std::move(Modules[I]));
  Modules = std::move(Kept);
  return Error::success();
}

StringSet<> sharedSources(ArrayRef<ModuleUnit> Modules) {
  StringSet<> Seen, Shared;
  for (const ModuleUnit &M : Modules)
    for (const ModuleTU &TU : M.TUs)
      if (!Seen.insert(TU.Path).second)
        Shared.insert(TU.Path);
  return Shared;
}

std::string findTreeRoot(ArrayRef<ModuleUnit> Modules) {
  // Generated TUs are in the build folder, so one that is not below a tree
  // says nothing about the others.
  StringSet<> Seen;
  for (const ModuleUnit &M : Modules)
    for (const ModuleTU &TU : M.TUs)
      if (std::string Root = treeRootAbove(TU.Path, &Seen); !Root.empty())
        return Root;
  return cleanPath(Modules.front().TUs.front().Entry->Directory);
}

} // namespace devlife
