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
// JSONCompilationDatabase longer; hence the small reader below. Each different
// argument is kept, and looked up in Clang's option table, once.
//
//===----------------------------------------------------------------------===//

#include "tool/Database.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Basic/Sanitizers.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Options.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/TargetParser/Host.h"
#include <algorithm>
#include <optional>
#include <tuple>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
namespace options = clang::driver::options;

namespace devlife {

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

namespace {

/// What becomes of an argument.
struct ArgumentInfo {
  enum RoleKind : uint8_t { None, ModuleName, ModuleFile, Loadable, Target };

  bool Known = false; ///< The rest has been filled in.
  bool Kept = true;
  bool HasValue = false; ///< The next argument belongs to it.
  RoleKind Role = None;
};

/// True if \p Name, from -W<name> or -Wno-<name>, says something to Clang.
bool isKnownWarning(StringRef Name) {
  Name.consume_front("no-");
  return Name == "everything" || Name == "system-headers" ||
         clang::DiagnosticIDs::getGroupForWarningOption(Name).has_value();
}

bool isKnownSanitizer(StringRef Name) {
  return bool(clang::parseSanitizerValue(Name, /*AllowGroups=*/true));
}

/// True if \p A is of no use to an analysis, or harmful.
bool isUnwanted(const opt::Arg &A) {
  const opt::Option &O = A.getOption();
  for (unsigned Group :
       {options::OPT_clang_ignored_f_Group, options::OPT_clang_ignored_m_Group,
        options::OPT_clang_ignored_gcc_optimization_f_Group,
        options::OPT_clang_ignored_legacy_options_Group, options::OPT_M_Group})
    if (O.matches(Group))
      return true;

  switch (O.getID()) {
  case options::OPT_UNKNOWN:
  // What to make and where to write it.
  case options::OPT_c:
  case options::OPT_S:
  case options::OPT_E:
  case options::OPT_o:
  case options::OPT_MJ:
  case options::OPT_save_temps:
  case options::OPT_save_temps_EQ:
  // For others than the frontend.
  case options::OPT_Wa_COMMA:
  case options::OPT_Wl_COMMA:
  case options::OPT_Xassembler:
  case options::OPT_Xlinker:
  case options::OPT_mllvm:
  case options::OPT__param:
  // Plugins of the compiler that built the kernel, which may be gcc.
  case options::OPT_fplugin_EQ:
  case options::OPT_fplugin_arg:
  case options::OPT_fpass_plugin_EQ:
  // The seed differs from folder to folder, and with it the order of fields.
  case options::OPT_frandomize_layout_seed_EQ:
  case options::OPT_frandomize_layout_seed_file_EQ:
    return true;
  case options::OPT_Wp_COMMA:
    return StringRef(A.getValue()).starts_with("-M");
  case options::OPT_W_Joined: {
    StringRef Name = A.getValue();
    return Name.starts_with("error") || Name.starts_with("no-error") ||
           !isKnownWarning(Name);
  }
  case options::OPT_fsanitize_EQ:
  case options::OPT_fno_sanitize_EQ:
    return !all_of(A.getValues(), isKnownSanitizer);
  default:
    return false;
  }
}

/// Asks Clang about options of gcc that it knows, but for another target
/// (-mrecord-mcount) or with other values.
class OptionProbe {
public:
  explicit OptionProbe(StringRef Target)
      : Diagnostics(new clang::DiagnosticIDs, new clang::DiagnosticOptions,
                    new clang::IgnoringDiagConsumer),
        Driver("clang",
               Target.empty() ? sys::getDefaultTargetTriple() : Target.str(),
               Diagnostics) {
    Driver.setCheckInputsExist(false);
  }

  bool accepts(StringRef Option) {
    Diagnostics.Reset();
    const char *Command[] = {"clang", "-fsyntax-only", Option.data(), "x.c"};
    std::unique_ptr<clang::driver::Compilation> C(
        Driver.BuildCompilation(Command));
    if (!C || Diagnostics.hasErrorOccurred() || C->getJobs().size() != 1)
      return false;
    // Many values are only looked at here.
    clang::CompilerInvocation Invocation;
    return clang::CompilerInvocation::CreateFromArgs(
        Invocation, C->getJobs().begin()->getArguments(), Diagnostics);
  }

private:
  clang::DiagnosticsEngine Diagnostics;
  clang::driver::Driver Driver;
};

ArgumentInfo classify(StringRef Argument) {
  ArgumentInfo Info;
  Info.Known = true;
  if (!Argument.starts_with("-") || Argument == "-")
    return Info;

  if (Argument.starts_with("-DKBUILD_MODNAME="))
    Info.Role = ArgumentInfo::ModuleName;
  else if (Argument.starts_with("-DKBUILD_MODFILE="))
    Info.Role = ArgumentInfo::ModuleFile;
  else if (Argument == "-DMODULE")
    Info.Role = ArgumentInfo::Loadable;
  else if (Argument == "-target" || Argument.starts_with("--target"))
    Info.Role = ArgumentInfo::Target;

  // A value to take, should the option be of those that have it separately.
  const char *Words[] = {Argument.data(), "value"};
  opt::InputArgList List(std::begin(Words), std::end(Words));
  unsigned Index = 0;
  std::unique_ptr<opt::Arg> A = clang::driver::getDriverOptTable().ParseOneArg(
      List, Index, opt::Visibility(options::ClangOption));
  Info.HasValue = Index == 2;
  Info.Kept = A && !isUnwanted(*A);
  return Info;
}

/// The contents of a string literal as it appears in -DNAME=literal, whatever
/// quoting is left: '"a"', "a", \"a\", a.
StringRef literal(StringRef Definition) {
  return Definition.split('=').second.trim("\"'\\ ");
}

/// True for programs that run the compiler that is named after them.
bool isWrapper(StringRef Program) {
  return is_contained({"ccache", "distcc", "sccache", "icecc"},
                      path::filename(Program));
}

bool isClang(StringRef Compiler) {
  return path::filename(Compiler).contains("clang");
}

/// The target of a compiler named like aarch64-linux-gnu-gcc-12, or nothing.
StringRef targetOf(StringRef Compiler) {
  StringRef Name = path::filename(Compiler);
  size_t Suffix = Name.rfind("-gcc");
  if (Suffix == StringRef::npos)
    return "";
  StringRef Version = Name.substr(Suffix + 4);
  return Version.empty() || Version.starts_with("-") ? Name.take_front(Suffix)
                                                     : "";
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

/// A cursor over JSON text. After a mistake all functions fail; message() says
/// what and where the first one was.
class Reader {
public:
  explicit Reader(StringRef Text) : Text(Text), Rest(Text) {}

  bool failed() const { return Mistake != nullptr; }

  /// "LINE:COLUMN: expected ...".
  std::string message() const {
    StringRef Before = Text.drop_back(Rest.size());
    size_t Line = Before.count('\n') + 1;
    size_t Column = Before.size() - (Before.rfind('\n') + 1) + 1;
    return (Twine(Line) + ":" + Twine(Column) + ": expected " + Mistake).str();
  }

  bool fail(const char *What) {
    if (!Mistake)
      Mistake = What;
    return false;
  }

  bool atEnd() {
    skipSpace();
    return Rest.empty() || fail("the end of the file");
  }

  bool peek(char C) {
    skipSpace();
    return !Rest.empty() && Rest.front() == C;
  }

  bool take(char C, const char *What) {
    if (failed() || !peek(C))
      return fail(What);
    Rest = Rest.drop_front();
    return true;
  }

  /// Reads a list in \p Open and \p Close, calling \p Element for each of its
  /// elements.
  template <typename Function>
  bool list(char Open, char Close, const char *What, Function Element) {
    if (!take(Open, What))
      return false;
    if (peek(Close))
      return take(Close, What);
    do {
      if (!Element())
        return false;
    } while (peek(',') && take(',', What));
    return take(Close, Close == ']' ? "',' or ']'" : "',' or '}'");
  }

  /// Reads a string. \p Value points into the text or, if there are escapes,
  /// into \p Buffer.
  bool string(StringRef &Value, SmallVectorImpl<char> &Buffer) {
    if (!take('"', "a string"))
      return false;
    size_t End = 0;
    bool Escaped = false;
    while (End < Rest.size() && Rest[End] != '"') {
      if (static_cast<unsigned char>(Rest[End]) < ' ') {
        Rest = Rest.drop_front(End);
        return fail("no control character in a string");
      }
      if (Rest[End] == '\\') {
        Escaped = true;
        ++End;
      }
      ++End;
    }
    if (End >= Rest.size()) {
      Rest = Rest.take_back(0);
      return fail("the end of a string");
    }
    Value = Rest.take_front(End);
    if (Escaped && !unescape(Value, Buffer))
      return fail("a string with valid escapes");
    Rest = Rest.drop_front(End + 1);
    return true;
  }

  /// Reads over a value of any kind.
  bool skip() {
    SmallString<64> Buffer;
    StringRef Ignored;
    if (peek('"'))
      return string(Ignored, Buffer);
    if (peek('['))
      return list('[', ']', "an array", [&] { return skip(); });
    if (peek('{'))
      return list('{', '}', "an object", [&] {
        return string(Ignored, Buffer) && take(':', "':'") && skip();
      });
    size_t Length = std::min(Rest.find_first_of(",]} \t\r\n"), Rest.size());
    Expected<json::Value> Scalar = json::parse(Rest.take_front(Length));
    if (!Scalar) {
      consumeError(Scalar.takeError());
      return fail("a value");
    }
    Rest = Rest.drop_front(Length);
    return true;
  }

private:
  void skipSpace() { Rest = Rest.ltrim(" \t\r\n"); }

  static bool unescape(StringRef &Value, SmallVectorImpl<char> &Buffer) {
    StringRef Raw = Value;
    Buffer.clear();
    while (true) {
      size_t Plain = std::min(Raw.find('\\'), Raw.size());
      Buffer.append(Raw.begin(), Raw.begin() + Plain);
      Raw = Raw.drop_front(Plain);
      if (Raw.empty())
        break;
      if (Raw.size() < 2)
        return false;
      if (Raw[1] != '"' && Raw[1] != '\\' && Raw[1] != '/')
        return unescapeAny(Value, Buffer);
      Buffer.push_back(Raw[1]);
      Raw = Raw.drop_front(2);
    }
    Value = StringRef(Buffer.data(), Buffer.size());
    return true;
  }

  /// Tabs, Unicode, ...: rare here, and llvm::json knows them all.
  static bool unescapeAny(StringRef &Value, SmallVectorImpl<char> &Buffer) {
    Expected<json::Value> Parsed = json::parse(("\"" + Value + "\"").str());
    if (!Parsed) {
      consumeError(Parsed.takeError());
      return false;
    }
    std::optional<StringRef> Decoded = Parsed->getAsString();
    if (!Decoded)
      return false;
    Buffer.assign(Decoded->begin(), Decoded->end());
    Value = StringRef(Buffer.data(), Buffer.size());
    return true;
  }

  StringRef Text;
  StringRef Rest;
  const char *Mistake = nullptr;
};

} // namespace

//===----------------------------------------------------------------------===//
// The database
//===----------------------------------------------------------------------===//

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

  const ArgumentInfo &inspect(Argument &A, StringRef Compiler);
  bool readEntry(Reader &In);
  void split(StringRef CommandLine);
  void addEntry(StringRef Directory, StringRef File, StringRef Output);
  void addModules(DatabaseEntry E, StringRef Name, StringRef File,
                  bool Loadable);

  Argument *intern(StringRef Text) {
    return &*Stored->Arguments.try_emplace(Text).first;
  }
  StringRef save(StringRef Text) { return intern(Text)->getKey(); }

  Error error(const Twine &Message) const {
    return createStringError(inconvertibleErrorCode(), Message);
  }

  std::unique_ptr<Database::Storage> Stored;
  bool SawEntry = false;
  bool SawModule = false;
  std::optional<OptionProbe> Probe;

  // Of the entry that is being read; here to keep their memory.
  SmallVector<Argument *, 0> Command;
  SmallVector<StringRef, 0> Kept;
  SmallString<0> Buffer;
};

/// The path of what a command in \p Directory calls \p File.
static std::string absolutePath(StringRef Directory, StringRef File) {
  SmallString<256> Path(File);
  fs::make_absolute(Directory, Path);
  path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path.str().str();
}

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

bool DatabaseLoader::readEntry(Reader &In) {
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

const ArgumentInfo &DatabaseLoader::inspect(Argument &A, StringRef Compiler) {
  ArgumentInfo &Info = A.second;
  if (Info.Known)
    return Info;
  StringRef Text = A.getKey();
  Info = classify(Text);
  if (!Info.Kept || Info.HasValue || isClang(Compiler) ||
      !(Text.starts_with("-f") || Text.starts_with("-m") ||
        Text.starts_with("-s")))
    return Info;
  if (!Probe)
    Probe.emplace(targetOf(Compiler));
  Info.Kept = Probe->accepts(Text);
  return Info;
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
    const ArgumentInfo &Info = inspect(A, Compiler);
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
  E.File = save(absolutePath(Directory, File));
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
    return error("cannot read compile database '" + Stored->Path +
                 "': " + File.getError().message());

  Reader In((*File)->getBuffer());
  if (!In.list('[', ']', "an array of compile commands",
               [&] { return readEntry(In); }) ||
      !In.atEnd())
    return error(Stored->Path + ":" + In.message());
  if (!SawEntry)
    return error("compile database '" + Stored->Path + "' is empty");
  if (!SawModule)
    return error("compile database '" + Stored->Path +
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
      return createStringError(inconvertibleErrorCode(),
                               "no compile_commands.json in '" + DirOrFile +
                                   "'; 'devlife compdb' makes one");
  }
  return DatabaseLoader(Path).load();
}

} // namespace devlife
