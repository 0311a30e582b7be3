//===- Compdb.cpp - A compile database without compiling ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three runs of make (configuration, preparation, recording), all with the
// recorder as $(CC), so that kbuild does not see the compiler change between
// them; only the third one has a journal, so that what the preparation compiles
// (empty.o, vdso, asm-offsets) is real.
//
//===----------------------------------------------------------------------===//

#include "tool/Compdb.h"
#include "tool/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace devlife {
namespace {

using Clock = std::chrono::steady_clock;

//===----------------------------------------------------------------------===//
// What to do
//===----------------------------------------------------------------------===//

/// The options, checked and with defaults filled in.
struct Plan {
  std::string Source, Build, Output; ///< Absolute, without symbolic links.
  std::string Config;                ///< The configuration target to run.
  bool KeepsConfig = false;          ///< Config only completes what is there.
  std::vector<std::string> Goals;    ///< "drivers/", "drivers/pci/msi/msi.o".
  bool DefaultGoals = false;
  std::vector<std::string> Variables; ///< For make: "LLVM=-19".
  std::string Compiler;               ///< The real one; may hold several words.
  std::string Make, Recorder;         ///< Programs.
  unsigned Jobs = 1;

  std::string workFile(StringRef Name) const {
    return (Twine(Build) + "/.devlife/" + Name).str();
  }
  std::string log() const { return workFile("compdb.log"); }
};

std::string value(ArrayRef<std::string> Variables, StringRef Name) {
  for (StringRef Variable : reverse(Variables))
    if (Variable.consume_front(Name) && Variable.consume_front("="))
      return Variable.str();
  return sys::Process::GetEnv(Name).value_or("");
}

/// The compiler that kbuild would use by itself; see "LLVM" in its Makefile
/// (where LLVM=0 means clang, too).
std::string compilerFor(ArrayRef<std::string> Variables) {
  for (StringRef Variable : reverse(Variables))
    if (Variable.consume_front("CC="))
      return Variable.str();
  std::string LLVM = value(Variables, "LLVM");
  if (LLVM.empty())
    return value(Variables, "CROSS_COMPILE") + "gcc";
  if (StringRef(LLVM).ends_with("/"))
    return LLVM + "clang";
  return StringRef(LLVM).starts_with("-") ? "clang" + LLVM : "clang";
}

/// \p Goal is as in Plan::Goals.
bool belongsTo(StringRef Output, StringRef Goal) {
  return Goal.ends_with("/") ? Output.starts_with(Goal) : Output == Goal;
}

/// The make goal for a path that the user named.
Expected<std::string> goalFor(StringRef Path, StringRef Source) {
  SmallString<256> Full(Path);
  fs::make_absolute(Source, Full);
  SmallString<256> Real;
  if (fs::real_path(Full, Real))
    return usageError("'" + Path + "' does not exist in '" + Source + "'");
  StringRef Relative = Real;
  if (!Relative.consume_front(Source) || !Relative.consume_front("/"))
    return usageError(Relative.empty()
                          ? "'" + Path +
                                "' is the whole source tree; name the "
                                "folders that are wanted"
                          : "'" + Path + "' is not in '" + Source + "'");
  if (fs::is_directory(Real))
    return (Relative + "/").str();
  if (!Relative.ends_with(".c"))
    return usageError("'" + Path + "' is neither a folder nor a .c file");
  return (Relative.drop_back(2) + ".o").str();
}

Error checkName(StringRef What, StringRef Path) {
  if (Path.find_first_of(" \t\n:'\"$#\\") != StringRef::npos)
    return usageError(What + " '" + Path +
                      "': kbuild cannot handle spaces, colons "
                      "or quotes in paths");
  return Error::success();
}

Error findTrees(const CompdbOptions &Options, Plan &P) {
  if (Options.Source.empty())
    return usageError("no kernel source tree given");
  if (Options.Build.empty())
    return usageError("no build folder given");

  SmallString<256> Real;
  if (fs::real_path(Options.Source, Real) || !fs::is_directory(Real))
    return usageError("source tree '" + Options.Source + "' does not exist");
  P.Source = Real.str().str();
  for (const char *File : {"Kconfig", "Makefile", "scripts/Makefile.build"})
    if (!fs::exists(P.Source + "/" + File))
      return usageError("'" + Options.Source +
                        "' is not a kernel source tree: no " + File);

  SmallString<256> Build(Options.Build);
  fs::make_absolute(Build);
  if (Error E = checkName("source tree", P.Source))
    return E;
  if (Error E = checkName("build folder", Build))
    return E;
  if (std::error_code EC = fs::create_directories(Options.Build))
    return usageError("cannot create build folder '" + Options.Build +
                      "': " + EC.message());
  if (std::error_code EC = fs::real_path(Options.Build, Real))
    return usageError("build folder '" + Options.Build + "': " + EC.message());
  P.Build = Real.str().str();
  if (P.Build == P.Source)
    return usageError("the build folder must not be the source tree itself");
  if (std::error_code EC = fs::create_directory(P.Build + "/.devlife"))
    return usageError("cannot write to build folder '" + Options.Build +
                      "': " + EC.message());
  if (fs::access(P.Build, fs::AccessMode::Write) ||
      fs::access(P.workFile(""), fs::AccessMode::Write))
    return usageError("cannot write to build folder '" + Options.Build + "'");

  SmallString<256> Output(Options.Output);
  if (Output.empty())
    Output = P.Build + "/compile_commands.json";
  fs::make_absolute(Output);
  P.Output = Output.str().str();
  StringRef Folder = path::parent_path(P.Output);
  if (fs::is_directory(P.Output) || !fs::is_directory(Folder) ||
      fs::access(Folder, fs::AccessMode::Write))
    return usageError("cannot write to '" + P.Output + "'");
  return Error::success();
}

Error findPrograms(const CompdbOptions &Options, Plan &P) {
  ErrorOr<std::string> Make = sys::findProgramByName("make");
  if (!Make)
    return createStringError("'make' not found");
  P.Make = *Make;

  StringRef Compiler = StringRef(P.Compiler).rsplit(' ').second;
  if (Compiler.empty())
    Compiler = P.Compiler;
  if (!sys::findProgramByName(Compiler))
    return createStringError("compiler '" + Compiler + "' not found");

  SmallVector<std::string, 2> Candidates;
  if (!Options.Recorder.empty()) {
    Candidates.push_back(Options.Recorder);
  } else {
    std::string Self =
        fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&compdbMain));
    std::string Folder = path::parent_path(Self).str();
    Candidates.push_back(Folder + "/devlife-cc-recorder");
    Candidates.push_back(path::parent_path(Folder).str() +
                         "/libexec/devlife/devlife-cc-recorder");
  }
  for (StringRef Candidate : Candidates) {
    SmallString<256> Real;
    if (fs::can_execute(Candidate) && !fs::real_path(Candidate, Real)) {
      P.Recorder = Real.str().str();
      return checkName("recorder", P.Recorder);
    }
  }
  return createStringError("'" + Candidates.front() + "' not found");
}

Expected<Plan> makePlan(const CompdbOptions &Options) {
  Plan P;
  if (Error E = findTrees(Options, P))
    return E;

  for (StringRef Path : Options.Paths) {
    size_t Equals = Path.find('=');
    if (Equals != StringRef::npos && !Path.take_front(Equals).contains('/')) {
      P.Variables.push_back(Path.str());
      continue;
    }
    Expected<std::string> Goal = goalFor(Path, P.Source);
    if (!Goal)
      return Goal.takeError();
    P.Goals.push_back(std::move(*Goal));
  }
  sort(P.Goals);
  // kbuild cannot make a folder and what is below it at once.
  P.Goals.erase(std::unique(P.Goals.begin(), P.Goals.end(),
                            [](StringRef Outer, StringRef Goal) {
                              return belongsTo(Goal, Outer);
                            }),
                P.Goals.end());
  if (P.Goals.empty()) {
    P.DefaultGoals = true;
    P.Goals = {"drivers/", "sound/"};
  }
  if (none_of(P.Variables, [](StringRef Variable) {
        return Variable.starts_with("LLVM=") || Variable.starts_with("CC=");
      }))
    P.Variables.push_back("LLVM=-" + std::to_string(LLVM_VERSION_MAJOR));
  P.Compiler = compilerFor(P.Variables);
  erase_if(P.Variables,
           [](StringRef Variable) { return Variable.starts_with("CC="); });

  P.Config = Options.Config;
  if (P.Config.empty()) {
    P.KeepsConfig = fs::exists(P.Build + "/.config");
    P.Config = P.KeepsConfig ? "olddefconfig" : "allmodconfig";
  }
  P.Jobs = Options.Jobs ? Options.Jobs
                        : hardware_concurrency().compute_thread_count();
  if (Error E = findPrograms(Options, P))
    return E;
  return P;
}

//===----------------------------------------------------------------------===//
// Progress
//===----------------------------------------------------------------------===//

/// A line that is rewritten on a terminal; elsewhere, a line per phase and per
/// half minute.
class PhaseLine {
public:
  explicit PhaseLine(bool Quiet)
      : Quiet(Quiet), Live(sys::Process::StandardErrIsDisplayed()),
        Start(Clock::now()), LastLine(Start) {}
  ~PhaseLine() { clear(); }

  void phase(const Twine &Name) {
    Phase = Name.str();
    LastLine = Clock::now();
    if (Quiet)
      return;
    if (Live)
      return update("");
    errs() << "devlife compdb: " << Phase << "\n";
  }

  void update(const Twine &State) {
    if (Quiet)
      return;
    Clock::time_point Now = Clock::now();
    if (!Live && Now - LastLine < std::chrono::seconds(30))
      return;
    LastLine = Now;
    std::string Text = (Twine("devlife compdb: ") + Phase + State).str();
    if (!Live) {
      errs() << Text << " [" << elapsed() << "]\n";
      return;
    }
    Text = "[" + elapsed() + "] " + Text;
    unsigned Columns = sys::Process::StandardErrColumns();
    if (Columns && Text.size() >= Columns)
      Text.resize(Columns - 1);
    errs() << "\r" << Text << "\033[K";
    Shown = true;
  }

  /// The last line; it stays.
  void done(const Twine &Text) {
    clear();
    if (!Quiet)
      errs() << "devlife compdb: " << Text << "\n";
  }

  void clear() {
    if (Shown)
      errs() << "\r\033[K";
    Shown = false;
  }

  /// Minutes and seconds since the start.
  std::string elapsed() const {
    auto Seconds =
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - Start)
            .count();
    std::string Text = std::to_string(Seconds / 60) + ":";
    return Text + (Seconds % 60 < 10 ? "0" : "") + std::to_string(Seconds % 60);
  }

private:
  bool Quiet, Live, Shown = false;
  Clock::time_point Start, LastLine;
  std::string Phase;
};

//===----------------------------------------------------------------------===//
// The journal
//===----------------------------------------------------------------------===//

/// One compilation, as Recorder.cpp writes it down. Refers to the journal.
struct Record {
  StringRef Output;
  bool Created = false; ///< The output is an empty object, ours to remove.
  StringRef DependencyFile;
  StringRef Directory;
  StringRef Source;
  SmallVector<StringRef, 0> Arguments; ///< Without the compiler.
};

std::string inDirectory(StringRef Directory, StringRef File) {
  SmallString<256> Path(File);
  fs::make_absolute(Directory, Path);
  path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path.str().str();
}

/// Takes the next record off \p Journal; nothing if it is malformed.
std::optional<Record> nextRecord(StringRef &Journal) {
  size_t Size;
  if (Journal.size() < 8 || Journal.take_front(8).getAsInteger(16, Size) ||
      Journal.size() - 8 < Size)
    return std::nullopt;
  StringRef Text = Journal.substr(8, Size);
  Journal = Journal.drop_front(8 + Size);

  SmallVector<StringRef, 0> Fields;
  Fields.reserve(256);
  while (!Text.empty()) {
    size_t End = Text.find('\0');
    if (End == StringRef::npos)
      return std::nullopt;
    Fields.push_back(Text.take_front(End));
    Text = Text.drop_front(End + 1);
  }
  if (Fields.size() < 6)
    return std::nullopt;
  Record R;
  R.Output = Fields[0];
  R.Created = Fields[1] == "+";
  R.DependencyFile = Fields[2];
  R.Directory = Fields[3];
  R.Source = Fields[4];
  R.Arguments.assign(Fields.begin() + 5, Fields.end());
  return R;
}

/// Removes the objects and dependency files of the journal's records, then the
/// journal. Also run before a recording, for what a killed one left.
void removeTraces(const Plan &P) {
  auto Buffer = MemoryBuffer::getFile(P.workFile("journal"));
  if (!Buffer)
    return;
  StringRef Journal = (*Buffer)->getBuffer();
  while (std::optional<Record> R = nextRecord(Journal)) {
    if (R->Created)
      fs::remove(inDirectory(R->Directory, R->Output));
    if (!R->DependencyFile.empty())
      fs::remove(inDirectory(R->Directory, R->DependencyFile));
  }
  fs::remove(P.workFile("journal"));
}

/// Follows the journal as it grows; reads only the beginning of each record.
class JournalCounter {
public:
  explicit JournalCounter(const std::string &File)
      : FD(open(File.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~JournalCounter() {
    if (FD >= 0)
      close(FD);
  }
  JournalCounter(const JournalCounter &) = delete;
  JournalCounter &operator=(const JournalCounter &) = delete;

  void advance() {
    char Text[512];
    ssize_t N;
    while (FD >= 0 && (N = pread(FD, Text, sizeof(Text), Offset)) > 8) {
      size_t Size;
      if (StringRef(Text, 8).getAsInteger(16, Size))
        return;
      Output = StringRef(Text + 8, N - 8)
                   .take_until([](char C) { return C == 0; })
                   .str();
      Offset += 8 + Size;
      ++Count;
    }
  }

  unsigned count() const { return Count; }
  StringRef folder() const { return path::parent_path(Output); }

private:
  int FD;
  off_t Offset = 0;
  unsigned Count = 0;
  std::string Output;
};

//===----------------------------------------------------------------------===//
// Running make
//===----------------------------------------------------------------------===//

/// What kbuild's rule for an object does after the compiler (fixdep, objtool,
/// genksyms, ...) takes as long as everything else. The rule can be replaced
/// from outside where it has this name; elsewhere all of it runs.
constexpr StringLiteral ObjectRule = "rule_cc_o_c";

bool replacesObjectRule(const Plan &P) {
  auto Buffer = MemoryBuffer::getFile(P.Source + "/scripts/Makefile.build");
  return Buffer && (*Buffer)->getBuffer().contains(ObjectRule);
}

/// The environment for make: that of the caller without what would make kbuild
/// talk differently or build something else.
std::vector<std::string> makeEnvironment(const Plan &P, bool Records) {
  std::vector<std::string> Result;
  for (char **Variable = environ; *Variable; ++Variable) {
    StringRef Name = StringRef(*Variable).split('=').first;
    if (!Name.starts_with("DEVLIFE_RECORDER_") &&
        !is_contained({"MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKEFILES",
                       "MAKELEVEL", "KBUILD_OUTPUT", "KBUILD_EXTMOD",
                       "KBUILD_VERBOSE", "V", "LC_ALL", "LANGUAGE"},
                      Name))
      Result.push_back(*Variable);
  }
  Result.push_back("LC_ALL=C");
  Result.push_back("DEVLIFE_RECORDER_CC=" + P.Compiler);
  if (Records) {
    Result.push_back("DEVLIFE_RECORDER_JOURNAL=" + P.workFile("journal"));
    Result.push_back("DEVLIFE_RECORDER_OBJECT=" + P.workFile("empty.o"));
    Result.push_back("DEVLIFE_RECORDER_PATHS=" + join(P.Goals, ":"));
    if (!replacesObjectRule(P))
      Result.push_back("DEVLIFE_RECORDER_DEPENDS=1");
  }
  return Result;
}

/// Runs make with its output added to the log, calling \p Tick a few times per
/// second. \returns its exit code, or -1 if it was ended by a signal.
Expected<int> runMake(const Plan &P, ArrayRef<std::string> Arguments,
                      bool Records, function_ref<void()> Tick) {
  std::vector<std::string> Command = {P.Make,
                                      "-C",
                                      P.Source,
                                      "O=" + P.Build,
                                      "-j" + std::to_string(P.Jobs),
                                      "CC=" + P.Recorder};
  append_range(Command, P.Variables);
  append_range(Command, Arguments);
  std::vector<std::string> Environment = makeEnvironment(P, Records);
  auto Pointers = [](std::vector<std::string> &Strings) {
    std::vector<char *> Result;
    for (std::string &S : Strings)
      Result.push_back(S.data());
    Result.push_back(nullptr);
    return Result;
  };
  std::vector<char *> Argv = Pointers(Command), Envp = Pointers(Environment);

  int Log =
      open(P.log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  int Null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (Log < 0 || Null < 0)
    return createStringError("cannot write '" + P.log() + "'");
  pid_t Child = fork();
  if (Child == 0) {
    // make must not go on writing to the folder when devlife is killed.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(Null, STDIN_FILENO);
    dup2(Log, STDOUT_FILENO);
    dup2(Log, STDERR_FILENO);
    execve(Argv[0], Argv.data(), Envp.data());
    _exit(127);
  }
  close(Log);
  close(Null);
  if (Child < 0)
    return createStringError("cannot start '" + P.Make + "'");

  int Status = 0;
  for (unsigned Round = 0; waitpid(Child, &Status, WNOHANG) == 0; ++Round) {
    if (Round % 5 == 0)
      Tick();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return WIFEXITED(Status) ? WEXITSTATUS(Status) : -1;
}

/// What make said in the log.
struct LogSummary {
  std::vector<std::string> FailedTargets; ///< In order; no folders.
  StringSet<> Compiled;                   ///< Targets of "CC" lines.
  std::string Reason;                     ///< The likely cause of a failure.
};

/// Reads the log from \p Begin.
LogSummary readLog(const Plan &P, uint64_t Begin = 0) {
  LogSummary Result;
  auto Buffer = MemoryBuffer::getFile(P.log());
  if (!Buffer)
    return Result;
  StringSet<> Seen;
  std::string FirstError, FirstCause;
  SmallVector<StringRef, 0> Lines;
  (*Buffer)->getBuffer().drop_front(Begin).split(Lines, '\n', -1,
                                                 /*KeepEmpty=*/false);
  for (StringRef Line : Lines) {
    // "  CC [M]  drivers/a/b.o"
    if (Line.consume_front("  CC ")) {
      Line = Line.ltrim();
      Line.consume_front("[M]");
      Result.Compiled.insert(Line.trim());
      continue;
    }
    if (FirstCause.empty() &&
        (Line.contains("error: ") || Line.contains(": not found")))
      FirstCause = Line.trim().str();
    size_t Stars = Line.find("*** ");
    if (Stars == StringRef::npos)
      continue;
    // "make[4]: *** [/src/scripts/Makefile.build:229: drivers/a/b.o] Error 1"
    // "make[4]: *** No rule to make target 'drivers/a/b.o', needed by 'x'."
    StringRef Message = Line.substr(Stars + 4).trim(), Target;
    if (FirstError.empty())
      FirstError = Message.str();
    if (Message.starts_with("[") && Message.contains("] "))
      Target = Message.drop_front().split("] ").first.rsplit(": ").second;
    else if (Message.starts_with("No rule to make target '"))
      Target = Message.split('\'').second.split('\'').first;
    if (path::filename(Target).drop_front(!Target.empty()).contains('.') &&
        Seen.insert(Target).second)
      Result.FailedTargets.push_back(Target.str());
  }
  Result.Reason = FirstCause.empty() ? FirstError : FirstCause;
  return Result;
}

Error makeFailed(const Plan &P, StringRef Doing) {
  std::string Reason = readLog(P).Reason;
  return createStringError(Doing + " failed" +
                           (Reason.empty() ? "" : ": " + Reason) +
                           " (log: " + P.log() + ")");
}

//===----------------------------------------------------------------------===//
// The steps
//===----------------------------------------------------------------------===//

/// Configures and prepares the build folder.
Error prepare(const Plan &P, PhaseLine &Shown) {
  std::string Doing =
      P.KeepsConfig ? "completing the configuration" : "make " + P.Config;
  Shown.phase(Doing);
  auto Tick = [&] { Shown.update(""); };
  Expected<int> Code = runMake(P, {P.Config}, /*Records=*/false, Tick);
  if (!Code)
    return Code.takeError();
  if (*Code != 0)
    return makeFailed(P, Doing);

  Shown.phase("preparing the build folder");
  Code = runMake(P, {"prepare", "modules_prepare"}, /*Records=*/false, Tick);
  if (!Code)
    return Code.takeError();
  if (*Code != 0)
    return makeFailed(P, "preparing the build folder");

  // kbuild's own empty object, for the right target and by the real compiler.
  if (fs::copy_file(P.Build + "/scripts/mod/empty.o", P.workFile("empty.o")))
    return createStringError(
        "'" + P.Build + "/scripts/mod/empty.o' is missing (log: " + P.log() +
        ")");
  return Error::success();
}

/// A run of kbuild over the goals.
struct Recording {
  int Code = 0;          ///< See runMake().
  uint64_t LogBegin = 0; ///< Where its output begins in the log.
};

Expected<Recording> recordGoals(const Plan &P, PhaseLine &Shown) {
  removeTraces(P);
  Recording Result;
  if (fs::file_size(P.log(), Result.LogBegin))
    return createStringError("cannot read '" + P.log() + "'");
  std::error_code EC;
  raw_fd_ostream(P.workFile("journal"), EC).close();
  if (EC)
    return createStringError("cannot write '" + P.workFile("journal") +
                             "': " + EC.message());

  std::vector<std::string> Arguments = {
      "-k",
      // What kbuild tells built-in code only: which file a module becomes.
      // Module names are ambiguous without it.
      "CFLAGS_MODULE=-DKBUILD_MODFILE=$(call stringify,$(modfile))",
      // Internals of kbuild that would read the objects. A kernel that names
      // them otherwise is merely slower.
      (ObjectRule + "=$(call cmd,cc_o_c)").str(), "cmd_objtool=",
      "cmd_gen_objtooldep=", "rule_ld_multi_m=", "cmd_ar_builtin="};
  append_range(Arguments, P.Goals);

  Shown.phase("recording " + join(P.Goals, " "));
  JournalCounter Counter(P.workFile("journal"));
  Expected<int> Code = runMake(P, Arguments, /*Records=*/true, [&] {
    Counter.advance();
    Shown.update(": " + Twine(Counter.count()) + " files" +
                 (Counter.folder().empty() ? "" : ", in ") + Counter.folder());
  });
  if (!Code)
    return Code.takeError();
  Result.Code = *Code;
  return Result;
}

/// Writes \p Records, sorted, to \p P.Output.
Error writeDatabase(const Plan &P, ArrayRef<Record> Records) {
  SmallVector<StringRef, 2> CompilerWords;
  StringRef(P.Compiler).split(CompilerWords, ' ', -1, /*KeepEmpty=*/false);

  struct Entry {
    std::string File;
    const Record *R;
  };
  std::vector<Entry> Entries;
  for (const Record &R : Records)
    Entries.push_back({inDirectory(R.Directory, R.Source), &R});
  sort(Entries, [](const Entry &A, const Entry &B) {
    return std::tie(A.File, A.R->Output) < std::tie(B.File, B.R->Output);
  });

  Expected<fs::TempFile> Temporary = fs::TempFile::create(
      P.Output + ".%%%%%%.tmp", fs::all_read | fs::all_write);
  if (!Temporary)
    return usageError("cannot write '" + P.Output +
                      "': " + toString(Temporary.takeError()));
  raw_fd_ostream OS(Temporary->FD, /*shouldClose=*/false);
  OS << "[";
  for (const Entry &E : Entries) {
    OS << (&E == Entries.data() ? "\n" : ",\n");
    json::OStream J(OS);
    J.object([&] {
      J.attribute("file", json::fixUTF8(E.File));
      J.attribute("directory", json::fixUTF8(E.R->Directory));
      J.attribute("output", json::fixUTF8(E.R->Output));
      J.attributeArray("arguments", [&] {
        for (StringRef Word : CompilerWords)
          J.value(json::fixUTF8(Word));
        // Tools that run the command must not write into the build folder.
        for (StringRef Argument : E.R->Arguments)
          if (!Argument.starts_with("-Wp,-M"))
            J.value(json::fixUTF8(Argument));
      });
    });
  }
  OS << "\n]\n";
  OS.flush();
  if (std::error_code EC = OS.error()) {
    OS.clear_error();
    consumeError(Temporary->discard());
    return createStringError("cannot write '" + P.Output +
                             "': " + EC.message());
  }
  if (Error E = Temporary->keep(P.Output))
    return createStringError("cannot write '" + P.Output +
                             "': " + toString(std::move(E)));
  return Error::success();
}

/// Checks what was recorded and makes the database of it.
Error finish(const Plan &P, const Recording &Run, PhaseLine &Shown) {
  Shown.phase("writing " + P.Output);
  if (Run.Code < 0)
    return createStringError("make was interrupted (log: " + P.log() + ")");
  auto Buffer = MemoryBuffer::getFile(P.workFile("journal"));
  if (!Buffer)
    return createStringError("cannot read '" + P.workFile("journal") +
                             "': " + Buffer.getError().message());

  std::vector<Record> Records;
  StringSet<> Outputs;
  StringRef Journal = (*Buffer)->getBuffer();
  while (!Journal.empty()) {
    std::optional<Record> R = nextRecord(Journal);
    if (!R)
      return createStringError("the recorder's journal is damaged after " +
                               Twine(Records.size()) +
                               " records; is the disk full?");
    if (Outputs.insert(R->Output).second)
      Records.push_back(std::move(*R));
  }

  LogSummary Log = readLog(P, Run.LogBegin);
  for (StringRef Goal : P.Goals)
    if (!P.DefaultGoals && none_of(Records, [&](const Record &R) {
          return belongsTo(R.Output, Goal);
        }))
      return createStringError("nothing is compiled for '" + Goal +
                               "': not enabled in '" + P.Build +
                               "/.config'? (log: " + P.log() + ")");
  if (Records.empty())
    return Run.Code ? makeFailed(P, "recording")
                    : createStringError("nothing is compiled for '" +
                                        join(P.Goals, " ") +
                                        "' (log: " + P.log() + ")");

  std::vector<StringRef> Missed;
  for (const StringMapEntry<std::nullopt_t> &Target : Log.Compiled)
    if (Target.getKey().ends_with(".o") &&
        any_of(P.Goals,
               [&](StringRef G) { return belongsTo(Target.getKey(), G); }) &&
        !Outputs.contains(Target.getKey()) &&
        !is_contained(Log.FailedTargets, Target.getKey()))
      Missed.push_back(Target.getKey());
  if (!Missed.empty())
    return createStringError(
        Twine(Missed.size()) +
        " objects were compiled but not recorded, such as '" +
        *std::min_element(Missed.begin(), Missed.end()) + "' (log: " + P.log() +
        ")");

  if (Error E = writeDatabase(P, Records))
    return E;
  if (Run.Code != 0) {
    Shown.clear();
    size_t Failed = Log.FailedTargets.size();
    warningLine() << Failed << (Failed == 1 ? " target" : " targets")
                  << " failed"
                  << (Log.FailedTargets.empty()
                          ? ""
                          : ", such as '" + Log.FailedTargets.front() + "'")
                  << " (log: " << P.log() << ")\n";
  }
  Shown.done(Twine(Records.size()) + " files recorded in " + Shown.elapsed() +
             ": " + P.Output);
  return Error::success();
}

/// Keeps other runs out of the build folder while it lives.
class FolderLock {
public:
  explicit FolderLock(const Plan &P)
      : FD(open(P.workFile("lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC,
                0666)) {}
  ~FolderLock() {
    if (FD >= 0)
      close(FD);
  }
  FolderLock(const FolderLock &) = delete;
  FolderLock &operator=(const FolderLock &) = delete;
  bool held() const { return FD >= 0 && flock(FD, LOCK_EX | LOCK_NB) == 0; }

private:
  int FD;
};

Error run(const CompdbOptions &Options, PhaseLine &Shown) {
  Expected<Plan> P = makePlan(Options);
  if (!P)
    return P.takeError();
  FolderLock Lock(*P);
  if (!Lock.held())
    return createStringError("another 'devlife compdb' is at work in '" +
                             P->Build + "'");
  fs::remove(P->log());

  if (Error E = prepare(*P, Shown))
    return E;
  Expected<Recording> Run = recordGoals(*P, Shown);
  Error E = Run ? finish(*P, *Run, Shown) : Run.takeError();
  removeTraces(*P);
  return E;
}

} // namespace

int compdbMain(const CompdbOptions &Options) {
  PhaseLine Shown(Options.Quiet);
  Error E = run(Options, Shown);
  Shown.clear();
  return E ? reportError(std::move(E)) : ExitClean;
}

} // namespace devlife
