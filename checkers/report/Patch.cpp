//===- Patch.cpp - The patch of an edit plan ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Edits.h"
#include "report/Output.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace devlife {

namespace {

/// A folder for the files of one "diff", gone when this is.
class Scratch {
public:
  static Expected<Scratch> create() {
    Scratch Result;
    if (std::error_code EC =
            sys::fs::createUniqueDirectory("devlife", Result.Folder))
      return createStringError("no folder for temporary files: " +
                               EC.message());
    return std::move(Result);
  }
  Scratch(Scratch &&O) { std::swap(Folder, O.Folder); }
  ~Scratch() {
    if (!Folder.empty())
      sys::fs::remove_directories(Folder);
  }

  std::string path(StringRef Name) const {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    return Path.str().str();
  }

private:
  Scratch() = default;
  SmallString<128> Folder;
};

/// A path that the header of a patch can hold, else why not.
Error checkName(StringRef File) {
  if (File.empty() || sys::path::is_absolute(File) || File.starts_with("../"))
    return createStringError("'" + File +
                             "' is outside the tree: no patch for it");
  if (File.find_first_of("\n\t\"") != StringRef::npos)
    return createStringError("'" + File +
                             "' has a name that no patch can hold");
  return Error::success();
}

/// A tab ends a name with spaces.
std::string label(StringRef Side, StringRef File) {
  return ("--label=" + Side + "/" + File + (File.contains(' ') ? "\t" : ""))
      .str();
}

Expected<std::string> diff(StringRef Program, const FileChange &C) {
  auto Folder = Scratch::create();
  if (!Folder)
    return Folder.takeError();
  const Scratch &Files = *Folder;
  std::string Before = Files.path("before"), After = Files.path("after"),
              Output = Files.path("diff"), Trouble = Files.path("trouble");
  if (Error E = writeOutput(Before, C.Before))
    return std::move(E);
  if (Error E = writeOutput(After, C.After))
    return std::move(E);

  std::string From = label("a", C.File), To = label("b", C.File);
  StringRef Argv[] = {Program, "--text", "-up", From, To, "--", Before, After};
  StringRef Environment[] = {"LC_ALL=C"};
  std::string Message;
  int Result = sys::ExecuteAndWait(
      Program, Argv, ArrayRef<StringRef>(Environment),
      {StringRef("/dev/null"), StringRef(Output), StringRef(Trouble)},
      /*SecondsToWait=*/0, /*MemoryLimit=*/0, &Message);
  if (Result != 0 && Result != 1) {
    if (auto Text = MemoryBuffer::getFile(Trouble); Text && Message.empty())
      Message = (*Text)->getBuffer().trim().split('\n').first.str();
    return createStringError("diff failed on '" + C.File + "': " + Message);
  }
  auto Text = MemoryBuffer::getFile(Output);
  if (!Text)
    return createStringError("no output of diff: " + Text.getError().message());
  return (*Text)->getBuffer().str();
}

} // namespace

Expected<std::string> makePatch(ArrayRef<FileChange> Files) {
  if (Files.empty())
    return "";
  auto Program = sys::findProgramByName("diff");
  if (!Program)
    return createStringError("a patch needs the program 'diff': " +
                             Program.getError().message());
  std::string Patch;
  for (const FileChange &C : Files) {
    if (Error E = checkName(C.File))
      return std::move(E);
    auto Text = diff(*Program, C);
    if (!Text)
      return Text.takeError();
    Patch += *Text;
  }
  return Patch;
}

} // namespace devlife
