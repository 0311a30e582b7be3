//===- Database.cpp - The compile database of a kernel tree ---------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A database of drivers/ and sound/ has 85 MB and 4.5 million arguments, but
// only some ten thousand different ones. llvm::json takes 2 s for it, and
// JSONCompilationDatabase longer; hence JsonReader. Each different argument is
// kept, and looked up in Clang's option table, once.
//
//===----------------------------------------------------------------------===//

#include "tool/Database.h"
#include "support/Paths.h"
#include "tool/Arguments.h"
#include "tool/JsonReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include <algorithm>
#include <tuple>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace devlife {

/// The contents of a string literal as it appears in -DNAME=literal, whatever
/// quoting is left: '"a"', "a", \"a\", a.
static StringRef literal(StringRef Definition) {
  return Definition.split('=').second.trim("\"'\\ ");
}

/// True for programs that run the compiler that is named after them.
static bool isWrapper(StringRef Program) {
  return is_contained({"ccache", "distcc", "sccache", "icecc"},
                      path::filename(Program));
}

struct Database::Storage {
  std::string Path;
  /// Every different argument; what follows points into it or into Allocator.
  StringMap<ArgumentInfo, BumpPtrAllocator> Arguments;
  BumpPtrAllocator Allocator;
  std::vector<DatabaseEntry> Entries;
};

Database::Database(std::unique_ptr<Storage> S) : Stored(std::move(S)) {}
Database::Database(Database &&) noexcept = default;
Database &Database::operator=(Database &&) noexcept = default;
Database::~Database() = default;

ArrayRef<DatabaseEntry> Database::entries() const { return Stored->Entries; }
StringRef Database::path() const { return Stored->Path; }

/// Builds a Database. Its functions return false, with the reader failed, when
/// the text is not a compile database.
class DatabaseLoader {
public:
  explicit DatabaseLoader(StringRef Path)
      : Stored(std::make_unique<Database::Storage>()) {
    Stored->Path = Path.str();
  }

  Expected<Database> load();

private:
  using Argument = StringMapEntry<ArgumentInfo>;

  bool readEntry(JsonReader &In);
  void split(StringRef CommandLine);
  void addEntry(StringRef Directory, StringRef File, StringRef Output);
  void addModules(DatabaseEntry E, StringRef Name, StringRef File,
                  bool Loadable);

  Argument *intern(StringRef Text) {
    return &*Stored->Arguments.try_emplace(Text).first;
  }
  StringRef save(StringRef Text) { return intern(Text)->getKey(); }

  std::unique_ptr<Database::Storage> Stored;
  bool SawEntry = false;
  bool SawModule = false;
  ArgumentClassifier Classifier;

  // Of the entry that is being read; here to keep their memory.
  SmallVector<Argument *, 0> Command;
  SmallVector<StringRef, 0> Kept;
  SmallString<0> Buffer;
};

void DatabaseLoader::split(StringRef CommandLine) {
  Command.clear();
  // kbuild puts what needs quotes last; until then, all words are plain.
  while (true) {
    CommandLine = CommandLine.ltrim(' ');
    size_t End = CommandLine.find_first_of(" \t\r\n'\"\\");
    if (End == StringRef::npos || CommandLine[End] != ' ')
      break;
    Command.push_back(intern(CommandLine.take_front(End)));
    CommandLine = CommandLine.drop_front(End);
  }
  BumpPtrAllocator Words;
  StringSaver Saver(Words);
  SmallVector<const char *, 0> Rest;
  cl::TokenizeGNUCommandLine(CommandLine, Saver, Rest);
  for (const char *Word : Rest)
    Command.push_back(intern(Word));
}

bool DatabaseLoader::readEntry(JsonReader &In) {
  StringRef Directory, File, Output, Key, Value;
  Command.clear();
  auto Member = [&] {
    if (!In.string(Key, Buffer))
      return false;
    enum {
      Arguments,
      CommandLine,
      Other
    } Kind = Key == "arguments" ? Arguments
             : Key == "command" ? CommandLine
                                : Other;
    StringRef *Known = Key == "directory" ? &Directory
                       : Key == "file"    ? &File
                       : Key == "output"  ? &Output
                                          : nullptr;
    if (!In.take(':', "':'"))
      return false;
    if (Kind == Arguments) {
      Command.clear();
      return In.list('[', ']', "an array of arguments", [&] {
        if (!In.string(Value, Buffer))
          return false;
        Command.push_back(intern(Value));
        return true;
      });
    }
    if (Kind == Other && !Known)
      return In.skip();
    if (!In.string(Value, Buffer))
      return false;
    if (Known)
      *Known = save(Value);
    else if (Command.empty())
      split(Value);
    return true;
  };
  if (!In.list('{', '}', "a compile command", Member))
    return false;
  if (Directory.empty() || File.empty() || Command.empty())
    return In.fail("'directory', 'file' and 'command' or 'arguments' before");
  SawEntry = true;
  if (File.ends_with(".c"))
    addEntry(Directory, File, Output);
  return true;
}

void DatabaseLoader::addEntry(StringRef Directory, StringRef File,
                              StringRef Output) {
  ArrayRef<Argument *> Rest = Command;
  while (Rest.size() > 1 && isWrapper(Rest[0]->getKey()) &&
         !Rest[1]->getKey().starts_with("-"))
    Rest = Rest.drop_front();
  StringRef Compiler = Rest[0]->getKey();
  Rest = Rest.drop_front();

  StringRef ModuleName, ModuleFile;
  bool Loadable = false, HasTarget = false;
  Kept.clear();
  Kept.push_back(isClang(Compiler) ? Compiler : "clang");
  while (!Rest.empty()) {
    Argument &A = *Rest.front();
    ArgumentInfo &Info = A.second;
    if (!Info.Known)
      Info = Classifier.classify(A.getKey(), Compiler);
    switch (Info.Role) {
    case ArgumentInfo::None:
      break;
    case ArgumentInfo::ModuleName:
      ModuleName = literal(A.getKey());
      break;
    case ArgumentInfo::ModuleFile:
      ModuleFile = literal(A.getKey());
      break;
    case ArgumentInfo::Loadable:
      Loadable = true;
      break;
    case ArgumentInfo::Target:
      HasTarget = true;
      break;
    }
    size_t Taken = Info.HasValue && Rest.size() > 1 ? 2 : 1;
    if (Info.Kept)
      for (const Argument *Word : Rest.take_front(Taken))
        Kept.push_back(Word->getKey());
    else if (Taken == 2 && A.getKey() == "-o" && Output.empty())
      Output = Rest[1]->getKey();
    Rest = Rest.drop_front(Taken);
  }
  if (StringRef Target = targetOf(Compiler); !HasTarget && !Target.empty())
    Kept.insert(Kept.begin() + 1, save(("--target=" + Target).str()));

  DatabaseEntry E;
  E.File = save(cleanPath(File, Directory));
  E.Directory = Directory;
  E.Output = Output;
  E.Arguments = ArrayRef<StringRef>(Kept).copy(Stored->Allocator);
  addModules(E, ModuleName, ModuleFile, Loadable);
}

void DatabaseLoader::addModules(DatabaseEntry E, StringRef Name, StringRef File,
                                bool Loadable) {
  SmallVector<StringRef, 2> Names, Files;
  Name.split(Names, ':', -1, /*KeepEmpty=*/false);
  File.split(Files, ' ', -1, /*KeepEmpty=*/false);
  SawModule |= !Names.empty();
  if (Names.empty())
    Names.push_back(path::stem(E.File));

  // Where kbuild does not say which file a module becomes.
  StringRef Folder = path::parent_path(E.Output);
  if (Folder.consume_front(E.Directory))
    Folder.consume_front("/");
  for (auto [I, OneName] : enumerate(Names)) {
    E.ModuleName = save(OneName);
    if (Files.size() == Names.size())
      E.ModuleFile = save(Files[I]);
    else if (Loadable || Folder.empty())
      E.ModuleFile = E.ModuleName;
    else
      E.ModuleFile = save((Folder + "/" + OneName).str());
    Stored->Entries.push_back(E);
  }
}

Expected<Database> DatabaseLoader::load() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> File =
      MemoryBuffer::getFile(Stored->Path, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!File)
    return createStringError("cannot read compile database '" + Stored->Path +
                             "': " + File.getError().message());

  JsonReader In((*File)->getBuffer());
  if (!In.list('[', ']', "an array of compile commands",
               [&] { return readEntry(In); }) ||
      !In.atEnd())
    return createStringError(Stored->Path + ":" + In.message());
  if (!SawEntry)
    return createStringError("compile database '" + Stored->Path +
                             "' is empty");
  if (!SawModule)
    return createStringError(
        "compile database '" + Stored->Path +
        "' is not of a kernel: no command for a .c file defines "
        "KBUILD_MODNAME");

  auto Key = [](const DatabaseEntry &E) {
    return std::tie(E.File, E.Output, E.ModuleFile, E.ModuleName);
  };
  auto Less = [&](const DatabaseEntry &A, const DatabaseEntry &B) {
    return Key(A) != Key(B) ? Key(A) < Key(B)
                            : std::lexicographical_compare(
                                  A.Arguments.begin(), A.Arguments.end(),
                                  B.Arguments.begin(), B.Arguments.end());
  };
  auto Same = [&](const DatabaseEntry &A, const DatabaseEntry &B) {
    return Key(A) == Key(B) && A.Arguments == B.Arguments;
  };
  std::vector<DatabaseEntry> &Entries = Stored->Entries;
  sort(Entries, Less);
  Entries.erase(std::unique(Entries.begin(), Entries.end(), Same),
                Entries.end());
  return Database(std::move(Stored));
}

Expected<Database> loadDatabase(StringRef DirOrFile) {
  SmallString<256> Path(DirOrFile);
  if (fs::is_directory(Path)) {
    path::append(Path, "compile_commands.json");
    if (!fs::exists(Path))
      return createStringError("no compile_commands.json in '" + DirOrFile +
                               "'; 'devlife compdb' makes one");
  }
  return DatabaseLoader(Path).load();
}

} // namespace devlife
