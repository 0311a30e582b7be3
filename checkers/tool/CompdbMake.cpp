//===- CompdbMake.cpp - Runs of make, and what they said ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/CompdbMake.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace llvm;
namespace path = llvm::sys::path;

namespace devlife {
namespace {

bool replacesObjectRule(const CompdbPlan &P) {
  auto Buffer = MemoryBuffer::getFile(P.Source + "/scripts/Makefile.build");
  return Buffer && (*Buffer)->getBuffer().contains(ObjectRule);
}

/// The environment for make: that of the caller without what would make kbuild
/// talk differently or build something else.
std::vector<std::string> makeEnvironment(const CompdbPlan &P, bool Records) {
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

} // namespace

Expected<int> runMake(const CompdbPlan &P, ArrayRef<std::string> Arguments,
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

LogSummary readLog(const CompdbPlan &P, uint64_t Begin) {
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

Error makeFailed(const CompdbPlan &P, StringRef Doing) {
  std::string Reason = readLog(P).Reason;
  return createStringError(Doing + " failed" +
                           (Reason.empty() ? "" : ": " + Reason) +
                           " (log: " + P.log() + ")");
}

} // namespace devlife
