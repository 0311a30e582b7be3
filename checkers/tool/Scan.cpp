//===- Scan.cpp - Reads modules and runs the checks on them -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Scan.h"
#include "module/Module.h"
#include "rules/Rules.h"
#include "support/Paths.h"
#include "tool/Database.h"
#include "tool/Failure.h"
#include "tool/ModuleReader.h"
#include "tool/Protected.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace llvm;

namespace devlife {

namespace {

/// What is known of a module after its analysis.
struct ModuleOutcome {
  ModuleResult Result;
  std::vector<std::string> Errors; ///< By TU; "" when it was read.
  std::string Timelines;
  FileStamps EditedFiles;
  std::vector<std::string> LeftOut; ///< Beside those of Result.
  std::string Crash;                ///< Of the analysis, or "".
};

class Scanner {
public:
  Scanner(const ScanOptions &Options, const RuleSet &Rules,
          std::vector<const CheckInfo *> Checks, ArrayRef<ModuleUnit> Modules,
          StringSet<> Shared, std::string TreeRoot,
          std::unique_ptr<FactsStore> Store)
      : Options(Options), Rules(Rules), Checks(std::move(Checks)),
        Shared(std::move(Shared)), TreeRoot(std::move(TreeRoot)),
        Store(std::move(Store)), Analysis(Options.Analysis),
        Outcomes(Modules.size()) {
    Analysis.TreeRoot = this->TreeRoot;
    for (const ModuleUnit &M : Modules)
      Units.push_back(&M);
  }

  ScanResult run() {
    ReadOptions Read;
    Read.Extraction = extractOptions(Rules, TreeRoot);
    Read.Store = Store.get();
    Read.Jobs = Options.Jobs;
    Read.ShowProgress = Options.ShowProgress;
    readModules(Units, Read, [&](size_t Index, ModuleFacts &Facts) {
      analyseModule(Facts, Outcomes[Index]);
    });
    return collect();
  }

private:
  void analyseModule(ModuleFacts &Facts, ModuleOutcome &J) {
    const ModuleUnit &Unit = *Facts.Unit;
    J.Errors = Facts.Errors;
    ModuleInput Input;
    Input.Name = Unit.Name;
    Input.TUs = Facts.take();
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
    if (size_t NumFailed = Facts.numFailed())
      withholdRepairs(Unit, J, NumFailed);
    withholdShared(Unit, J);
    stampEdits(Facts, J);
  }

  /// What one module no longer needs, another may.
  void withholdShared(const ModuleUnit &Unit, ModuleOutcome &J) {
    for (Finding &F : J.Result.Findings)
      for (const Edit &E : F.Edits)
        if (Shared.contains(E.FullPath)) {
          J.LeftOut.push_back(
              Unit.Name + ": " + E.File +
              " belongs to another module too, no repair offered");
          F.Edits.clear();
          break;
        }
  }

  /// A repair must see the whole module: what it frees elsewhere counts.
  void withholdRepairs(const ModuleUnit &Unit, ModuleOutcome &J,
                       size_t NumFailed) {
    for (Finding &F : J.Result.Findings)
      F.Edits.clear();
    J.LeftOut.push_back(Unit.Name + ": " + std::to_string(NumFailed) +
                        " of its files were not read, no repairs offered");
  }

  void stampEdits(const ModuleFacts &Facts, ModuleOutcome &J) {
    for (const Finding &F : J.Result.Findings)
      for (const Edit &E : F.Edits)
        if (std::string Path = realPath(E.FullPath); !J.EditedFiles.count(Path))
          if (auto Stamp = FileStamp::of(Path))
            J.EditedFiles[Path] = *Stamp;
    if (J.EditedFiles.empty())
      return;
    for (size_t I = 0; I < Facts.Stamps.size(); ++I)
      if (auto At = J.EditedFiles.find(realPath(Facts.Unit->TUs[I].Path));
          At != J.EditedFiles.end() && Facts.Stamps[I])
        At->second = *Facts.Stamps[I];
  }

  ScanResult collect() {
    ScanResult All;
    All.TreeRoot = TreeRoot;
    All.Found.Contract = toString(Analysis.IrqVectorContract).str();
    Summary &Totals = All.Found.Totals;
    std::vector<Finding> Findings;
    std::map<std::pair<std::string, std::string>, bool> Failed;
    for (auto [Unit, J] : zip(Units, Outcomes)) {
      size_t Read = 0;
      for (size_t I = 0; I < J.Errors.size(); ++I)
        if (J.Errors[I].empty())
          ++Read;
        else
          Failed[{relativeTo(TreeRoot, Unit->TUs[I].Path), J.Errors[I]}];
      if (!J.Crash.empty())
        Failed[{"module " + Unit->Name, "the analysis " + J.Crash}];
      else if (Read)
        ++Totals.Modules;
      Totals.TUs += Read;
      All.Timelines += J.Timelines;
      Totals.Drivers += J.Result.NumDrivers;
      for (Finding &F : J.Result.Findings)
        if (F.Certainty > Options.Lowest)
          ++Totals.Hidden;
        else
          Findings.push_back(std::move(F));
      append_range(Totals.LeftOut, J.Result.LeftOut);
      append_range(Totals.LeftOut, J.LeftOut);
      All.Stamps.insert(J.EditedFiles.begin(), J.EditedFiles.end());
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
  std::vector<const ModuleUnit *> Units;
  std::vector<ModuleOutcome> Outcomes; ///< In the order of Units.
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
