//===- CompdbPlan.cpp - What a run of devlife compdb is to do -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/CompdbPlan.h"
#include "tool/Failure.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Threading.h"
#include <algorithm>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace devlife {

bool belongsTo(StringRef Output, StringRef Goal) {
  return Goal.ends_with("/") ? Output.starts_with(Goal) : Output == Goal;
}

namespace {

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

Error findTrees(const CompdbOptions &Options, CompdbPlan &P) {
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

Error findPrograms(const CompdbOptions &Options, CompdbPlan &P) {
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

} // namespace

Expected<CompdbPlan> makePlan(const CompdbOptions &Options) {
  CompdbPlan P;
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

} // namespace devlife
