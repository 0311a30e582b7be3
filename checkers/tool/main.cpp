//===- main.cpp - The command devlife -----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Json.h"
#include "report/Output.h"
#include "report/Text.h"
#include "tool/Commands.h"
#include "tool/Compdb.h"
#include "tool/Failure.h"
#include "tool/Fix.h"
#include "tool/LearnCommand.h"
#include "tool/Scan.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"

using namespace llvm;

namespace devlife {

namespace {

enum class Format { Text, Json };

/// The options of all commands; they register themselves for the parser.
struct CommandLine {
  cl::SubCommand Compdb{"compdb",
                        "Make a compile database of a tree without compiling"};
  cl::SubCommand Scan{"scan", "Report what breaks the law of lifetimes"};
  cl::SubCommand Timeline{"timeline",
                          "Print the windows and lifetimes of modules"};
  cl::SubCommand Fix{"fix", "Repair what can be repaired, or print the patch"};
  cl::SubCommand Learn{"learn", "Make rules of what the tree's functions do"};
  cl::SubCommand Checks{"checks", "List the checks"};
  cl::SubCommand Explain{"explain", "Print the page of a check"};
  cl::SubCommand Rules{"rules", "Load the rules and print what calls do"};

  // compdb
  cl::opt<std::string> CompdbSource{
      "source", cl::desc("The kernel tree (default: here)"),
      cl::value_desc("DIR"), cl::init("."), cl::sub(Compdb)};
  cl::opt<std::string> CompdbBuild{
      "build", cl::desc("Build folder (kbuild's O=), better one of its own"),
      cl::value_desc("DIR"), cl::Required, cl::sub(Compdb)};
  cl::list<std::string> CompdbPaths{
      cl::Positional, cl::desc("[PATH|VARIABLE=VALUE...]"), cl::sub(Compdb)};
  cl::opt<std::string> CompdbConfig{
      "config", cl::desc("Configuration target, such as allmodconfig"),
      cl::value_desc("TARGET"), cl::sub(Compdb)};
  cl::opt<bool> Quiet{"quiet", cl::desc("No progress on stderr"),
                      cl::sub(Compdb)};
  cl::opt<std::string> Recorder{
      "recorder", cl::desc("The program devlife-cc-recorder"),
      cl::value_desc("FILE"), cl::sub(Compdb), cl::Hidden};

  // scan and fix
  cl::opt<std::string> Database{
      "p",
      cl::desc("Compile database, or the folder that holds it"),
      cl::value_desc("DIR"),
      cl::init("."),
      cl::sub(Scan),
      cl::sub(Fix),
      cl::sub(Timeline)};
  cl::list<std::string> Databases{
      "p", cl::desc("Compile database, or the folder that holds it; several"),
      cl::value_desc("DIR"), cl::sub(Learn)};
  cl::list<std::string> Paths{cl::Positional,    cl::desc("[PATH...]"),
                              cl::sub(Scan),     cl::sub(Fix),
                              cl::sub(Timeline), cl::sub(Learn)};
  cl::opt<std::string> CheckList{
      "checks",
      cl::desc("Which checks run, as in clang-tidy (default *)"),
      cl::value_desc("GLOBS"),
      cl::init("*"),
      cl::sub(Scan),
      cl::sub(Fix)};
  cl::opt<std::string> SourceRoot{
      "source-root",         cl::desc("Root of the tree (default: found)"),
      cl::value_desc("DIR"), cl::sub(Scan),
      cl::sub(Fix),          cl::sub(Timeline)};
  cl::opt<VectorContract> Contract{
      "contract",
      cl::desc("Who releases a managed device's IRQ vectors"),
      cl::values(
          clEnumValN(VectorContract::Auto, "auto", "As the tree says"),
          clEnumValN(VectorContract::Hybrid, "hybrid",
                     "devres, whoever allocated them"),
          clEnumValN(VectorContract::Transition, "transition",
                     "likewise, and the explicit managed calls exist"),
          clEnumValN(VectorContract::Explicit, "explicit",
                     "devres, only what explicit managed calls allocated")),
      cl::init(VectorContract::Auto),
      cl::sub(Scan),
      cl::sub(Fix)};
  cl::opt<std::string> Store{
      "store",
      cl::desc("Keep what was parsed in this folder (default: $DEVLIFE_STORE)"),
      cl::value_desc("DIR"),
      cl::sub(Scan),
      cl::sub(Fix),
      cl::sub(Timeline),
      cl::sub(Learn)};
  cl::opt<bool> AssumeManagedVectors{
      "assume-managed-vectors",
      cl::desc("Offer pcim_alloc_irq_vectors() even if the tree lacks it"),
      cl::sub(Scan), cl::sub(Fix)};
  cl::opt<Confidence> Lowest{
      "confidence",
      cl::desc("Report findings of at least this confidence"),
      cl::values(clEnumValN(Confidence::High, "high", "Only these (default)"),
                 clEnumValN(Confidence::Medium, "medium", "These too")),
      cl::init(Confidence::High),
      cl::sub(Scan),
      cl::sub(Fix)};
  cl::opt<bool> Verbose{"v", cl::desc("List what was left out, on stderr"),
                        cl::sub(Scan), cl::sub(Fix)};

  // scan
  cl::opt<Format> OutputFormat{
      "format", cl::desc("Format of the report"),
      cl::values(clEnumValN(Format::Text, "text", "For people (default)"),
                 clEnumValN(Format::Json, "json", "See docs/output.md")),
      cl::init(Format::Text), cl::sub(Scan)};
  cl::opt<bool> Draw{"explain",
                     cl::desc("Draw the intervals that clash (text)"),
                     cl::sub(Scan)};
  cl::opt<cl::boolOrDefault> Color{
      "color", cl::desc("Colours (default: on a terminal)"), cl::sub(Scan)};

  // fix
  cl::opt<bool> Apply{"apply", cl::desc("Change the files"), cl::sub(Fix)};
  cl::opt<std::string> Patch{
      "patch", cl::desc("Write a patch to this file (default: stdout)"),
      cl::value_desc("FILE"), cl::init("-"), cl::sub(Fix)};

  // several
  cl::opt<std::string> Output{"o",
                              cl::desc("Write to this file instead"),
                              cl::value_desc("FILE"),
                              cl::sub(Scan),
                              cl::sub(Compdb),
                              cl::sub(Learn)};
  cl::opt<unsigned> Jobs{"j",
                         cl::desc("Number of threads or jobs"),
                         cl::value_desc("N"),
                         cl::Prefix,
                         cl::init(0),
                         cl::sub(Scan),
                         cl::sub(Fix),
                         cl::sub(Timeline),
                         cl::sub(Learn),
                         cl::sub(Compdb)};
  cl::opt<std::string> RulesDirectory{
      "rules",
      cl::desc("Folder of rules to use instead of the built-in ones"),
      cl::value_desc("DIR"),
      cl::sub(Scan),
      cl::sub(Fix),
      cl::sub(Timeline),
      cl::sub(Learn),
      cl::sub(Rules)};

  // explain, rules
  cl::opt<std::string> PageName{cl::Positional, cl::desc("NAME"), cl::Required,
                                cl::sub(Explain)};
  cl::opt<bool> CheckRules{"check", cl::desc("Only say whether the rules load"),
                           cl::sub(Rules)};
};

ScanOptions scanOptions(const CommandLine &Args) {
  ScanOptions Options;
  Options.Database = Args.Database;
  Options.Paths = {Args.Paths.begin(), Args.Paths.end()};
  Options.Checks = Args.CheckList;
  Options.RulesDirectory = Args.RulesDirectory;
  Options.Store = Args.Store.getNumOccurrences()
                      ? Args.Store.getValue()
                      : sys::Process::GetEnv("DEVLIFE_STORE").value_or("");
  Options.Lowest = Args.Lowest;
  Options.Jobs = Args.Jobs;
  Options.ShowProgress = sys::Process::StandardErrIsDisplayed();
  Options.Analysis.IrqVectorContract = Args.Contract;
  Options.Analysis.AssumeManagedVectors = Args.AssumeManagedVectors;
  Options.Analysis.TreeRoot = Args.SourceRoot;
  return Options;
}

/// What was not analysed, on stderr.
void reportGaps(const CommandLine &Args, const ScanResult &Scanned) {
  const Summary &Totals = Scanned.Found.Totals;
  if (!Scanned.Warning.empty())
    warningLine() << Scanned.Warning << '\n';
  for (const FailedTU &T : Totals.Failed)
    errorLine() << T.File << " was not analysed: " << T.Error << '\n';
  if (Args.Verbose)
    for (const std::string &Line : Totals.LeftOut)
      errs() << "devlife: left out: " << Line << '\n';
}

int scanCommand(const CommandLine &Args) {
  std::string Output = Args.Output.empty() ? "-" : Args.Output.getValue();
  if (Error E = checkOutput(Output))
    return reportError(std::move(E));
  auto Scanned = scan(scanOptions(Args));
  if (!Scanned)
    return reportError(Scanned.takeError());

  std::string Text;
  raw_string_ostream OS(Text);
  if (Args.OutputFormat == Format::Json) {
    printJson(OS, Scanned->Found);
  } else {
    TextOptions Options;
    Options.Color = Args.Color == cl::BOU_UNSET
                        ? Output == "-" && outs().has_colors()
                        : Args.Color == cl::BOU_TRUE;
    Options.Explain = Args.Draw;
    printText(OS, Scanned->Found, Options);
  }
  int Code = exitCode(Scanned->Found);
  if (Error E = writeOutput(Output, Text))
    Code = reportError(std::move(E));
  reportGaps(Args, *Scanned);
  errs() << "devlife: " << describe(Scanned->Found) << '\n';
  return Code;
}

int fixCommand(const CommandLine &Args) {
  if (Args.Apply && Args.Patch.getNumOccurrences())
    return reportError(usageError("--apply and --patch exclude each other"));
  if (Error E = checkOutput(Args.Patch))
    return reportError(std::move(E));
  auto Scanned = scan(scanOptions(Args));
  if (!Scanned)
    return reportError(Scanned.takeError());
  FixOptions Options;
  Options.Apply = Args.Apply;
  Options.Patch = Args.Patch;
  reportGaps(Args, *Scanned);
  return fix(*Scanned, Options);
}

int timelineCommand(const CommandLine &Args) {
  ScanOptions Options = scanOptions(Args);
  Options.Describe = true;
  auto Scanned = scan(Options);
  if (!Scanned)
    return reportError(Scanned.takeError());
  outs() << Scanned->Timelines;
  reportGaps(Args, *Scanned);
  return exitCode(Scanned->Found);
}

int learnCommand(const CommandLine &Args) {
  ScanOptions Same = scanOptions(Args);
  LearnOptions Options;
  Options.Databases = {Args.Databases.begin(), Args.Databases.end()};
  if (Options.Databases.empty())
    Options.Databases = {"."};
  Options.Paths = Same.Paths;
  Options.RulesDirectory = Same.RulesDirectory;
  Options.Store = Same.Store;
  Options.Output = Args.Output;
  Options.Jobs = Same.Jobs;
  Options.ShowProgress = Same.ShowProgress;
  return learnMain(Options);
}

int compdbCommand(const CommandLine &Args) {
  CompdbOptions Options;
  Options.Source = Args.CompdbSource;
  Options.Build = Args.CompdbBuild;
  Options.Config = Args.CompdbConfig;
  Options.Output = Args.Output;
  Options.Paths = {Args.CompdbPaths.begin(), Args.CompdbPaths.end()};
  Options.Jobs = Args.Jobs;
  Options.Quiet = Args.Quiet;
  Options.Recorder = Args.Recorder;
  return compdbMain(Options);
}

int run(int Argc, char **Argv) {
  CommandLine Args;
  cl::SetVersionPrinter([](raw_ostream &OS) {
    OS << "devlife " << devlifeVersion() << " (LLVM " << LLVM_VERSION_STRING
       << ")\n";
  });
  // LLVM registers options of its own.
  cl::OptionCategory Category("devlife options");
  cl::HideUnrelatedOptions(Category);
  // With a stream for errors the parser returns instead of exiting with 1.
  if (!cl::ParseCommandLineOptions(
          Argc, Argv,
          "devlife finds Linux driver code that can run after, or before, the "
          "things that it uses exist.\n",
          &errs()))
    return ExitUsage;
  if (Args.Scan)
    return scanCommand(Args);
  if (Args.Timeline)
    return timelineCommand(Args);
  if (Args.Fix)
    return fixCommand(Args);
  if (Args.Learn)
    return learnCommand(Args);
  if (Args.Compdb)
    return compdbCommand(Args);
  if (Args.Checks)
    return listChecks();
  if (Args.Explain)
    return explainCheck(Args.PageName);
  if (Args.Rules)
    return showRules(Args.RulesDirectory, Args.CheckRules);
  return reportError(
      usageError("no command; 'devlife --help' lists the commands"));
}

} // namespace

} // namespace devlife

int main(int Argc, char **Argv) {
  InitLLVM Init(Argc, Argv);
  int Code = devlife::run(Argc, Argv);
  // A crash that was survived leaves LLVM's globals as no destructor expects
  // them.
  if (Code == devlife::ExitBroken)
    sys::Process::Exit(Code, /*NoCleanup=*/true);
  return Code;
}
