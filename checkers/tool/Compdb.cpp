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
#include "tool/CompdbJournal.h"
#include "tool/CompdbMake.h"
#include "tool/CompdbPlan.h"
#include "tool/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <unistd.h>

using namespace llvm;
namespace fs = llvm::sys::fs;

namespace devlife {
namespace {

using Clock = std::chrono::steady_clock;

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
// The steps
//===----------------------------------------------------------------------===//

/// Configures and prepares the build folder.
Error prepare(const CompdbPlan &P, PhaseLine &Shown) {
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

Expected<Recording> recordGoals(const CompdbPlan &P, PhaseLine &Shown) {
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

/// Checks what was recorded and makes the database of it.
Error finish(const CompdbPlan &P, const Recording &Run, PhaseLine &Shown) {
  Shown.phase("writing " + P.Output);
  if (Run.Code < 0)
    return createStringError("make was interrupted (log: " + P.log() + ")");
  auto Buffer = MemoryBuffer::getFile(P.workFile("journal"));
  if (!Buffer)
    return createStringError("cannot read '" + P.workFile("journal") +
                             "': " + Buffer.getError().message());

  std::vector<JournalRecord> Records;
  StringSet<> Outputs;
  StringRef Journal = (*Buffer)->getBuffer();
  while (!Journal.empty()) {
    std::optional<JournalRecord> R = nextRecord(Journal);
    if (!R)
      return createStringError("the recorder's journal is damaged after " +
                               Twine(Records.size()) +
                               " records; is the disk full?");
    if (Outputs.insert(R->Output).second)
      Records.push_back(std::move(*R));
  }

  LogSummary Log = readLog(P, Run.LogBegin);
  for (StringRef Goal : P.Goals)
    if (!P.DefaultGoals && none_of(Records, [&](const JournalRecord &R) {
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
  explicit FolderLock(const CompdbPlan &P)
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
  Expected<CompdbPlan> P = makePlan(Options);
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
