//===- Scan.cpp - Reads modules and runs the checks on them -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TUs are handed out in the order of their modules, so that no more modules
// are open at a time than there are threads. The thread that reads the last
// TU of a module analyses it and frees its facts.
//
//===----------------------------------------------------------------------===//

#include "tool/Scan.h"
#include "module/Module.h"
#include "rules/Rules.h"
#include "support/Paths.h"
#include "tool/Database.h"
#include "tool/FactsStore.h"
#include "tool/Failure.h"
#include "tool/Modules.h"
#include "tool/Progress.h"
#include "tool/Protected.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ThreadPool.h"
#include <atomic>
#include <set>

using namespace llvm;

namespace devlife {

namespace {

/// A module on its way from its TUs to its findings.
struct Job {
  explicit Job(const ModuleUnit &M)
      : Unit(&M), Facts(M.TUs.size()), Stamps(M.TUs.size()),
        Errors(M.TUs.size()), Left(M.TUs.size()) {}

  const ModuleUnit *Unit;
  /// By TU; null when it failed, and after the analysis.
  std::vector<std::unique_ptr<TUFacts>> Facts;
  std::vector<std::optional<FileStamp>> Stamps;
  std::vector<std::string> Errors; ///< By TU; "" when it was read.
  std::atomic<size_t> Left;        ///< TUs that are not yet read.

  ModuleResult Result;
  std::string Timelines;
  FileStamps EditedFiles;
  std::vector<std::string> LeftOut; ///< Beside those of Result.
  std::string Crash;                ///< Of the analysis, or "".
};

/// A message of the parser as one line, with paths relative to the tree.
std::string oneLine(StringRef Text, StringRef TreeRoot) {
  constexpr size_t MaxLength = 400;
  std::string Line = Text.trim().substr(0, MaxLength).str();
  std::replace(Line.begin(), Line.end(), '\n', ' ');
  std::string Prefix = (TreeRoot + "/").str();
  for (size_t At;
       !TreeRoot.empty() && (At = Line.find(Prefix)) != std::string::npos;)
    Line.erase(At, Prefix.size());
  return Line;
}

class Scanner {
public:
  Scanner(const ScanOptions &Options, const RuleSet &Rules,
          std::vector<const CheckInfo *> Checks, ArrayRef<ModuleUnit> Modules,
          StringSet<> Shared, std::string TreeRoot,
          std::unique_ptr<FactsStore> Store)
      : Options(Options), Rules(Rules), Checks(std::move(Checks)),
        Shared(std::move(Shared)), TreeRoot(std::move(TreeRoot)),
        Store(std::move(Store)), Analysis(Options.Analysis),
        Line(Options.ShowProgress, countTUs(Modules)) {
    Analysis.TreeRoot = this->TreeRoot;
    Extraction = extractOptions(Rules, this->TreeRoot);
    for (const ModuleUnit &M : Modules)
      Jobs.push_back(std::make_unique<Job>(M));
  }

  ScanResult run() {
    // Large modules first, or the last one keeps a single thread busy.
    std::vector<std::pair<Job *, size_t>> Queue;
    std::vector<Job *> BySize;
    for (auto &J : Jobs)
      BySize.push_back(J.get());
    llvm::sort(BySize, [](const Job *A, const Job *B) {
      return A->Facts.size() > B->Facts.size();
    });
    for (Job *J : BySize)
      for (size_t TU = 0; TU < J->Facts.size(); ++TU)
        Queue.emplace_back(J, TU);

    std::atomic<size_t> Next = 0;
    DefaultThreadPool Pool(hardware_concurrency(Options.Jobs));
    for (unsigned I = 0; I < Pool.getMaxConcurrency(); ++I)
      Pool.async([&] {
        for (size_t At; (At = Next++) < Queue.size();) {
          auto [J, TU] = Queue[At];
          read(*J, TU);
          if (--J->Left == 0)
            analyseModule(*J);
        }
      });
    Pool.wait();
    Line.clear();
    return collect();
  }

private:
  static size_t countTUs(ArrayRef<ModuleUnit> Modules) {
    size_t N = 0;
    for (const ModuleUnit &M : Modules)
      N += M.TUs.size();
    return N;
  }

  /// The command without the compiler and the source.
  static std::vector<std::string> arguments(const ModuleTU &TU) {
    std::vector<std::string> Result = TU.Entry->commandLine();
    Result.erase(Result.begin());
    llvm::erase_if(Result, [&](const std::string &Argument) {
      return !StringRef(Argument).starts_with("-") &&
             cleanPath(Argument, TU.Entry->Directory) == TU.Path;
    });
    Result.push_back("-fno-caret-diagnostics"); // No "1 error generated.".
    return Result;
  }

  void read(Job &J, size_t Index) {
    const ModuleTU &TU = J.Unit->TUs[Index];
    J.Stamps[Index] = FileStamp::of(TU.Path);
    std::vector<std::string> Arguments = arguments(TU);
    std::string Key;
    if (Store) {
      Key =
          FactsStore::key(TU.Entry->Directory, TU.Path, Arguments, Extraction);
      J.Facts[Index] = Store->load(Key, TU.Path);
    }
    if (!J.Facts[Index])
      parse(J, Index, Arguments, Key);
    Line.advance(J.Unit->Name);
  }

  /// \p Key is that of the store.
  void parse(Job &J, size_t Index, ArrayRef<std::string> Arguments,
             StringRef Key) {
    const ModuleTU &TU = J.Unit->TUs[Index];
    std::unique_ptr<TUFacts> Facts;
    std::vector<Input> Inputs;
    std::string Crash = runProtected([&] {
      Facts = parseFacts(TU.Entry->Directory, TU.Path, Arguments, Extraction,
                         Store ? &Inputs : nullptr);
    });
    if (!Crash.empty())
      J.Errors[Index] = "the parser " + Crash;
    else if (Facts->NumErrors)
      J.Errors[Index] = Facts->FirstError.empty()
                            ? "does not parse"
                            : oneLine(Facts->FirstError, TreeRoot);
    else
      J.Facts[Index] = std::move(Facts);
    if (Store && J.Facts[Index])
      Store->save(Key, Inputs, *J.Facts[Index]);
  }

  void analyseModule(Job &J) {
    ModuleInput Input;
    Input.Name = J.Unit->Name;
    for (auto &Facts : J.Facts)
      if (Facts)
        Input.TUs.push_back(std::move(Facts));
    if (Input.TUs.empty())
      return;
    J.Crash = runProtected([&] {
      if (Options.Describe) {
        J.Timelines = describeTimelines(Input, Rules, Analysis);
        return;
      }
      ModuleResult Result = analyse(Input, Rules, Checks, Analysis);
      J.Result = std::move(Result);
    });
    if (Input.TUs.size() < J.Errors.size())
      withholdRepairs(J, J.Errors.size() - Input.TUs.size());
    withholdShared(J);
    stampEdits(J);
  }

  /// What one module no longer needs, another may.
  void withholdShared(Job &J) {
    for (Finding &F : J.Result.Findings)
      for (const Edit &E : F.Edits)
        if (Shared.contains(E.FullPath)) {
          J.LeftOut.push_back(
              J.Unit->Name + ": " + E.File +
              " belongs to another module too, no repair offered");
          F.Edits.clear();
          break;
        }
  }

  /// A repair must see the whole module: what it frees elsewhere counts.
  void withholdRepairs(Job &J, size_t NumFailed) {
    for (Finding &F : J.Result.Findings)
      F.Edits.clear();
    J.LeftOut.push_back(J.Unit->Name + ": " + std::to_string(NumFailed) +
                        " of its files were not read, no repairs offered");
  }

  void stampEdits(Job &J) {
    for (const Finding &F : J.Result.Findings)
      for (const Edit &E : F.Edits)
        if (std::string Path = realPath(E.FullPath); !J.EditedFiles.count(Path))
          if (auto Stamp = FileStamp::of(Path))
            J.EditedFiles[Path] = *Stamp;
    if (J.EditedFiles.empty())
      return;
    for (size_t I = 0; I < J.Stamps.size(); ++I)
      if (auto At = J.EditedFiles.find(realPath(J.Unit->TUs[I].Path));
          At != J.EditedFiles.end() && J.Stamps[I])
        At->second = *J.Stamps[I];
  }

  ScanResult collect() {
    ScanResult All;
    All.TreeRoot = TreeRoot;
    All.Found.Contract = toString(Analysis.IrqVectorContract).str();
    Summary &Totals = All.Found.Totals;
    std::vector<Finding> Findings;
    std::map<std::pair<std::string, std::string>, bool> Failed;
    for (auto &J : Jobs) {
      size_t Read = 0;
      for (size_t I = 0; I < J->Errors.size(); ++I)
        if (J->Errors[I].empty())
          ++Read;
        else
          Failed[{relativeTo(TreeRoot, J->Unit->TUs[I].Path), J->Errors[I]}];
      if (!J->Crash.empty())
        Failed[{"module " + J->Unit->Name, "the analysis " + J->Crash}];
      else if (Read)
        ++Totals.Modules;
      Totals.TUs += Read;
      All.Timelines += J->Timelines;
      Totals.Drivers += J->Result.NumDrivers;
      for (Finding &F : J->Result.Findings)
        if (F.Certainty > Options.Lowest)
          ++Totals.Hidden;
        else
          Findings.push_back(std::move(F));
      append_range(Totals.LeftOut, J->Result.LeftOut);
      append_range(Totals.LeftOut, J->LeftOut);
      All.Stamps.insert(J->EditedFiles.begin(), J->EditedFiles.end());
    }
    for (auto &[Where, Ignored] : Failed)
      Totals.Failed.push_back({Where.first, Where.second});
    if (Store)
      All.Warning = Store->problem();
    All.Found.Findings = arrangeFindings(std::move(Findings));
    return All;
  }

  const ScanOptions &Options;
  const RuleSet &Rules;
  std::vector<const CheckInfo *> Checks;
  StringSet<> Shared; ///< Sources of several modules of the database.
  std::string TreeRoot;
  std::unique_ptr<FactsStore> Store; ///< Null without one.
  AnalysisOptions Analysis;
  ExtractOptions Extraction;
  Progress Line;
  std::vector<std::unique_ptr<Job>> Jobs; ///< In the order of the modules.
};

/// A name that no check has is a mistake, even beside names that exist.
Expected<std::vector<const CheckInfo *>> checksOf(StringRef Globs) {
  SmallVector<StringRef, 8> Items;
  Globs.split(Items, ',', -1, /*KeepEmpty=*/false);
  for (StringRef Item : Items) {
    Item = Item.trim();
    if (!Item.starts_with("-") && selectChecks(Item).empty())
      return usageError("no check is called '" + Item +
                        "'; 'devlife checks' lists them");
  }
  // As in clang-tidy, a list that starts with what to drop drops it from all.
  if (Items.empty())
    return usageError("--checks= selects no check");
  std::vector<const CheckInfo *> Checks = selectChecks(
      Globs.ltrim().starts_with("-") ? ("*," + Globs).str() : Globs.str());
  if (Checks.empty())
    return usageError("--checks=" + Globs + " selects no check");
  return Checks;
}

} // namespace

Expected<ScanResult> scan(const ScanOptions &Options) {
  auto Checks = checksOf(Options.Checks);
  if (!Checks)
    return Checks.takeError();
  auto Rules = RuleSet::load(Options.RulesDirectory);
  if (!Rules)
    return usageError(llvm::toString(Rules.takeError()));
  auto DB = loadDatabase(Options.Database);
  if (!DB)
    return DB.takeError();
  std::vector<ModuleUnit> Modules = groupModules(*DB);
  StringSet<> Shared = sharedSources(Modules);
  std::string TreeRoot = Options.Analysis.TreeRoot.empty()
                             ? findTreeRoot(Modules)
                             : cleanPath(Options.Analysis.TreeRoot);
  if (Error E = selectModules(Modules, Options.Paths, TreeRoot))
    return std::move(E);
  std::unique_ptr<FactsStore> Store;
  if (!Options.Store.empty()) {
    auto Opened = FactsStore::open(Options.Store);
    if (!Opened)
      return Opened.takeError();
    Store = std::move(*Opened);
  }
  enableProtection();
  return Scanner(Options, *Rules, std::move(*Checks), Modules,
                 std::move(Shared), TreeRoot, std::move(Store))
      .run();
}

std::string count(size_t N, StringRef Thing) {
  return (Twine(N) + " " + Thing + (N == 1 ? "" : "s")).str();
}

std::string describe(const Summary &S) {
  std::string Text = "analysed " + count(S.Modules, "module") + ", " +
                     count(S.TUs, "TU") + ", " + count(S.Drivers, "driver") +
                     "; not analysed: ";
  if (S.Failed.empty() && S.LeftOut.empty())
    return Text + "nothing";
  if (!S.Failed.empty())
    Text += std::to_string(S.Failed.size()) + " failed";
  if (!S.LeftOut.empty())
    Text += std::string(S.Failed.empty() ? "" : ", ") +
            std::to_string(S.LeftOut.size()) + " left out (-v lists them)";
  return Text;
}

std::string describe(const Report &R) {
  std::string Text = count(R.Findings.size(), "finding");
  if (R.Totals.Hidden)
    Text += " (" + std::to_string(R.Totals.Hidden) +
            " more of medium confidence not shown)";
  return Text + "; " + describe(R.Totals);
}

int exitCode(const Report &R) {
  if (!R.Totals.Failed.empty())
    return ExitBroken;
  return R.Findings.empty() ? ExitClean : ExitFindings;
}

StringRef toString(VectorContract Value) {
  switch (Value) {
  case VectorContract::Auto:
    return "auto";
  case VectorContract::Hybrid:
    return "hybrid";
  case VectorContract::Transition:
    return "transition";
  case VectorContract::Explicit:
    return "explicit";
  }
  llvm_unreachable("not a contract");
}

} // namespace devlife
