//===- Check.cpp - The registry of checks and what runs them --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Check.h"
#include "checks/Checks.h"
#include "module/Module.h"
#include "timeline/Describe.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/raw_ostream.h"
#include <set>
#include <tuple>

namespace devlife {

llvm::ArrayRef<CheckInfo> allChecks() {
  static constexpr StringRef Vectors[] = {"irq-vectors", "irq"};
  static constexpr StringRef Anything[] = {"*"};
  // Contexts need no timelines.
  static const llvm::ArrayRef<StringRef> Nothing;
  static const CheckInfo Checks[] = {
      {"devlife-hybrid-irq-vectors",
       "IRQ vectors of a managed device are released by hand and again by "
       "devres",
       Confidence::High, Vectors, checkHybridIrqVectors},
      {"devlife-implicit-irq-vectors",
       "IRQ vectors are released only because the device is managed",
       Confidence::High, Vectors, checkImplicitIrqVectors},
      {"devlife-legacy-msi",
       "superseded MSI and MSI-X calls on a managed device", Confidence::High,
       Vectors, checkLegacyMsi},
      {"devlife-lock-order",
       "locks are taken in both orders, or one is held while waiting for code "
       "that takes it",
       Confidence::High, Nothing, checkLockOrder},
      {"devlife-ntb-doorbell",
       "doorbells of an NTB driver: vectors that do not start at 0, masks with "
       "other bits, counts that are not checked",
       Confidence::High, Nothing, checkNtbDoorbell},
      {"devlife-sleep-in-atomic", "what can sleep is called in atomic context",
       Confidence::High, Nothing, checkSleepInAtomic},
      {"devlife-use-after-release", "an object is used after its release",
       Confidence::High, Nothing, checkUseAfterRelease},
      {"devlife-double-release", "a resource is released twice",
       Confidence::High, Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkEnds(T, Clash::EndsTwice, Out);
       }},
      {"devlife-entry-before-init",
       "code can run before what it uses is initialised", Confidence::High,
       Anything, checkEntryBeforeInit},
      {"devlife-irq-outlives-data",
       "an IRQ handler can run after what it uses has ended", Confidence::High,
       Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkOutlivesData(T, "devlife-irq-outlives-data", Out);
       }},
      {"devlife-managed-freed",
       "a plain call ends what a managed call has handed to devres",
       Confidence::High, Anything, checkManagedFreed},
      {"devlife-missing-unregister",
       "what begin registers is never unregistered", Confidence::High, Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkEnds(T, Clash::NeverEnds, Out);
       }},
      {"devlife-ops-outlive-data",
       "a registered callback can run after what it uses has ended",
       Confidence::High, Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkOutlivesData(T, "devlife-ops-outlive-data", Out);
       }},
      {"devlife-publish-before-register",
       "a failed begin leaves a pointer to what is gone", Confidence::High,
       Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkEnds(T, Clash::Stale, Out);
       }},
      {"devlife-refcounted-in-managed",
       "an object with a reference count lies in managed memory",
       Confidence::High, Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkEnds(T, Clash::Refcounted, Out);
       }},
      {"devlife-timer-outlives-data",
       "a timer, tasklet, thread or URB can run after what it uses has ended",
       Confidence::High, Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkOutlivesData(T, "devlife-timer-outlives-data", Out);
       }},
      {"devlife-unwind-leak", "a failing begin leaves something acquired",
       Confidence::High, Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkEnds(T, Clash::Leaks, Out);
       }},
      {"devlife-work-outlives-data",
       "a work can run after what it uses has ended", Confidence::High,
       Anything,
       [](const Timelines &T, std::vector<Finding> &Out) {
         checkOutlivesData(T, "devlife-work-outlives-data", Out);
       }},
  };
  return Checks;
}

std::vector<const CheckInfo *> selectChecks(StringRef Globs) {
  std::vector<const CheckInfo *> Selected;
  llvm::SmallVector<StringRef, 8> Parts;
  Globs.split(Parts, ',', -1, /*KeepEmpty=*/false);
  for (const CheckInfo &Check : allChecks()) {
    bool On = Globs.trim().empty();
    for (StringRef Part : Parts) {
      Part = Part.trim();
      bool Off = Part.consume_front("-");
      auto Pattern = llvm::GlobPattern::create(Part);
      if (!Pattern)
        llvm::consumeError(Pattern.takeError());
      else if (Pattern->match(Check.Name))
        On = !Off;
    }
    if (On)
      Selected.push_back(&Check);
  }
  return Selected;
}

std::string describeTimelines(const ModuleInput &Input, const RuleSet &Rules,
                              const AnalysisOptions &Options) {
  Interest Everything;
  Everything.Names.insert("*");
  Module M(Input.TUs, Rules, std::move(Everything));
  std::string Text = "module " + Input.Name + "\n";
  llvm::raw_string_ostream OS(Text);
  describe(OS, Timelines(M, Options));
  return Text;
}

ModuleResult analyse(const ModuleInput &Input, const RuleSet &Rules,
                     llvm::ArrayRef<const CheckInfo *> Checks,
                     const AnalysisOptions &Options) {
  ModuleResult Result;
  std::set<std::string> LeftOut;
  // Checks that ask about the same things share timelines; those that ask
  // about less have smaller ones.
  for (size_t Begin = 0; Begin != Checks.size();) {
    Interest Wanted;
    for (StringRef Name : Checks[Begin]->Interests)
      Wanted.Names.insert(Name);
    Module M(Input.TUs, Rules, std::move(Wanted));
    Timelines T(M, Options);
    // A module's own init and exit are no driver to a reader.
    Result.NumDrivers =
        llvm::count_if(T.drivers(), [](const DriverTimeline &D) {
          return !D.Driver->isModule();
        });
    size_t End = Begin;
    for (; End != Checks.size() &&
           Checks[End]->Interests == Checks[Begin]->Interests;
         ++End)
      Checks[End]->Run(T, Result.Findings);
    Begin = End;
    for (const DriverTimeline &D : T.drivers())
      if (D.Incomplete)
        LeftOut.insert((Input.Name + ": the timeline of driver '" +
                        D.Driver->name() +
                        "' is too large; what lies beyond the bound was not "
                        "analysed")
                           .str());
  }
  for (Finding &F : Result.Findings)
    F.Module = Input.Name;
  // Drivers of one module can share the code that a finding is about; the
  // check has put the best one first.
  std::set<std::tuple<StringRef, StringRef, StringRef, unsigned>> Seen;
  std::vector<Finding> Once;
  for (Finding &F : Result.Findings)
    if (Seen.insert({F.Check, F.Message, F.At.FullPath, F.At.Offset}).second)
      Once.push_back(F);
  Result.Findings = std::move(Once);
  llvm::sort(Result.Findings);
  Result.LeftOut.assign(LeftOut.begin(), LeftOut.end());
  for (const auto &TU : Input.TUs)
    if (TU->FunctionsLeftOut)
      Result.LeftOut.push_back(TU->Files.front().Path + ": " +
                               std::to_string(TU->FunctionsLeftOut) +
                               " functions have no control-flow graph");
  return Result;
}

} // namespace devlife
