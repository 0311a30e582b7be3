//===- LearnCommand.cpp - devlife learn -----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounds: the lessons of one are rules of the next, which reads those modules
// again that call what was new, and the headers that define what they call. It
// ends when nothing is new. Facts come from a store after the first round.
//
//===----------------------------------------------------------------------===//

#include "tool/LearnCommand.h"
#include "learn/Learn.h"
#include "report/Output.h"
#include "tool/Failure.h"
#include "tool/HeaderUnits.h"
#include "tool/ModuleReader.h"
#include "tool/Protected.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <mutex>
#include <set>

using namespace llvm;

namespace devlife {

namespace {

class Rounds {
public:
  Rounds(const LearnOptions &Options, const RuleSet &ByHand,
         std::vector<ModuleUnit> Units, FactsStore &Store, StringRef TreeRoot)
      : Options(Options), ByHand(ByHand), Modules(std::move(Units)),
        NumModules(Modules.size()), Learned(NumModules),
        Pending(NumModules, true) {
    Read.Extraction = extractOptions(ByHand, TreeRoot);
    Read.Store = &Store;
    Read.Jobs = Options.Jobs;
    Read.ShowProgress = Options.ShowProgress;
    if (NumModules)
      Headers.emplace(TreeRoot, Modules.front());
  }

  Error run();
  /// All lessons so far, sorted; without functions that two modules define.
  std::vector<Lesson> lessons() const;
  std::string rules(ArrayRef<Lesson> Lessons) const;
  unsigned numRounds() const { return Round; }
  size_t numHeaders() const { return Modules.size() - NumModules; }

  std::map<std::string, std::string> Failed; ///< What, and why.
  size_t UnreadHeaders = 0; ///< That do not parse by themselves.

private:
  void read(const RuleSet &Rules);
  void addHeaders();

  const LearnOptions &Options;
  const RuleSet &ByHand;
  std::vector<ModuleUnit> Modules; ///< Headers come last.
  const size_t NumModules;         ///< Without the headers.
  std::optional<HeaderUnits> Headers;
  ReadOptions Read;
  std::vector<ModuleLessons> Learned; ///< In the order of Modules.
  std::vector<bool> Pending;          ///< To be read in the next round.
  std::mutex Lock;                    ///< Of Failed and UnreadHeaders.
  unsigned Round = 0;
};

} // namespace

std::vector<Lesson> Rounds::lessons() const {
  StringMap<unsigned> Definitions;
  for (const ModuleLessons &M : Learned)
    for (const std::string &Name : M.Exported)
      ++Definitions[Name];
  // A lock that nobody else takes is the module's own business; one that a
  // function takes has to be released by another one that is known.
  StringMap<unsigned> Takers;
  StringSet<> Locked, Unlocked, Free, Unlockers, Unguarded;
  for (const auto &[Name, Call] : ByHand.contexts().calls())
    for (const ContextEffect &E : Call->Effects)
      if (E.Kind == ContextEffect::Unlock && !E.Name.empty())
        Unlocked.insert(E.Name);
  for (const ModuleLessons &M : Learned) {
    for (const std::string &Lock : M.Locks)
      ++Takers[Lock];
    for (const std::string &Field : M.CalledFree)
      Free.insert(Field);
    for (const Lesson &L : M.Lessons)
      if (L.Kind == LessonKind::Locks || L.Kind == LessonKind::Unlocks)
        (L.Kind == LessonKind::Locks ? Locked : Unlocked).insert(L.Lock);
    for (const Lesson &L : M.Lessons)
      if (L.Kind == LessonKind::Unlocks)
        Unlockers.insert(L.Function);
  }
  for (const ModuleLessons &M : Learned)
    for (const auto &[Function, Cleanup] : M.Guards) {
      const ContextCall *Known = ByHand.contexts().call(Cleanup);
      if (!Unlockers.contains(Cleanup) &&
          !(Known && Known->has(ContextEffect::Unlock)))
        Unguarded.insert(Function);
    }
  auto IsWanted = [&](const Lesson &L) {
    bool IsShared = Locked.contains(L.Lock) && Unlocked.contains(L.Lock);
    if (L.Kind == LessonKind::Atomic)
      return !Free.contains(L.Function);
    if (Definitions.lookup(L.Function) != 1)
      return false;
    if (L.Kind == LessonKind::Locks)
      return IsShared && !Unguarded.contains(L.Function);
    // Static variables of two modules can have one name.
    bool IsField = StringRef(L.Lock).find_first_of(".(") != StringRef::npos;
    if (L.Kind == LessonKind::Unlocks || L.Kind == LessonKind::Takes)
      return IsShared || (IsField && Takers.lookup(L.Lock) > 1);
    return true;
  };
  std::vector<Lesson> All;
  for (const ModuleLessons &M : Learned)
    for (const Lesson &L : M.Lessons)
      if (IsWanted(L))
        All.push_back(L);
  llvm::sort(All);
  return All;
}

std::string Rounds::rules(ArrayRef<Lesson> Lessons) const {
  std::string Text;
  raw_string_ostream OS(Text);
  writeLessons(OS, Lessons, ByHand, "the bodies of the functions");
  return Text;
}

void Rounds::read(const RuleSet &Rules) {
  std::vector<const ModuleUnit *> Units;
  std::vector<size_t> Indices;
  for (auto [Index, M] : enumerate(Modules))
    if (Pending[Index]) {
      Units.push_back(&M);
      Indices.push_back(Index);
    }
  readModules(Units, Read, [&](size_t At, ModuleFacts &Facts) {
    bool IsHeader = Indices[At] >= NumModules;
    if (IsHeader && Facts.numFailed()) {
      std::lock_guard<std::mutex> Guard(Lock);
      ++UnreadHeaders;
      return;
    }
    for (auto [TU, What] : zip(Facts.Unit->TUs, Facts.Errors))
      if (!What.empty()) {
        std::lock_guard<std::mutex> Guard(Lock);
        Failed[TU.Path] = What;
      }
    std::vector<std::unique_ptr<TUFacts>> TUs = Facts.take();
    ModuleLessons Of;
    std::string Crash = runProtected([&] {
      ModuleLessons New = learn(Module(TUs, Rules, Interest()), IsHeader);
      Of = std::move(New);
    });
    if (!Crash.empty()) {
      std::lock_guard<std::mutex> Guard(Lock);
      Failed["module " + Facts.Unit->Name] = "the analysis " + Crash;
    }
    Learned[Indices[At]] = std::move(Of);
  });
}

/// The headers that define what was called, and what no rule knows.
void Rounds::addHeaders() {
  StringSet<> Names;
  for (const ModuleLessons &M : Learned)
    for (const std::string &Name : M.CalledOut)
      if (!ByHand.contexts().call(Name))
        Names.insert(Name);
  for (const ModuleLessons &M : Learned)
    for (const std::string &Name : M.Exported)
      Names.erase(Name);
  if (Headers)
    append_range(Modules, Headers->defining(Names));
  Learned.resize(Modules.size());
  Pending.resize(Modules.size(), true);
}

Error Rounds::run() {
  // As deep as chains of calls between modules are followed.
  constexpr unsigned MaxRounds = 10;
  std::vector<Lesson> Before;
  for (Round = 1;; ++Round) {
    auto Rules = RuleSet::loadWith(Options.RulesDirectory, rules(Before));
    if (!Rules)
      return Rules.takeError();
    read(*Rules);
    std::vector<Lesson> Now = lessons();
    StringSet<> New;
    for (const Lesson &L : Now)
      if (!binary_search(Before, L))
        New.insert(L.Function);
    for (auto [Index, M] : enumerate(Learned))
      Pending[Index] = any_of(M.CalledOut, [&](const std::string &Name) {
        return New.contains(Name);
      });
    addHeaders();
    if (!is_contained(Pending, true) || Round == MaxRounds)
      return Error::success();
    Before = std::move(Now);
  }
}

/// Whether a source of the module may export a function.
static bool mayExport(const ModuleUnit &M, const ExportRule &Exports) {
  return any_of(M.TUs, [&](const ModuleTU &TU) {
    auto Buffer = MemoryBuffer::getFile(TU.Path);
    return !Buffer || (*Buffer)->getBuffer().contains(Exports.Word);
  });
}

static Expected<int> learnRules(const LearnOptions &Options) {
  if (Options.Output.empty())
    return usageError("devlife learn needs -o FILE");
  if (Error E = checkOutput(Options.Output))
    return std::move(E);
  auto ByHand = RuleSet::loadWith(Options.RulesDirectory, "");
  if (!ByHand)
    return usageError(toString(ByHand.takeError()));
  if (ByHand->exports().Word.empty())
    return usageError("the rules do not say what exports a function");
  std::vector<Database> Databases;
  std::vector<ModuleUnit> Modules;
  std::set<std::pair<std::string, std::string>> Seen;
  for (const std::string &Path : Options.Databases) {
    auto DB = loadDatabase(Path);
    if (!DB)
      return DB.takeError();
    // What two databases have is read once, as the first one says.
    for (ModuleUnit &M : groupModules(*DB))
      if (Seen.insert({M.Name, M.File}).second)
        Modules.push_back(std::move(M));
    Databases.push_back(std::move(*DB));
  }
  std::string TreeRoot = findTreeRoot(Modules);
  if (Error E = selectModules(Modules, Options.Paths, TreeRoot))
    return std::move(E);
  erase_if(Modules, [&](const ModuleUnit &M) {
    return !mayExport(M, ByHand->exports());
  });

  std::string Folder = Options.Store;
  SmallString<128> Temporary;
  auto Remove = make_scope_exit([&] {
    if (!Temporary.empty())
      sys::fs::remove_directories(Temporary);
  });
  if (Folder.empty()) {
    if (std::error_code Code =
            sys::fs::createUniqueDirectory("devlife-learn", Temporary))
      return createStringError(Code, "no temporary folder: " + Code.message());
    Folder = Temporary.str().str();
  }
  auto Store = FactsStore::open(Folder);
  if (!Store)
    return Store.takeError();

  enableProtection();
  size_t NumModules = Modules.size(), NumTUs = 0;
  for (const ModuleUnit &M : Modules)
    NumTUs += M.TUs.size();
  Rounds All(Options, *ByHand, std::move(Modules), **Store, TreeRoot);
  if (Error E = All.run())
    return std::move(E);
  std::vector<Lesson> Lessons = All.lessons();
  if (Error E = writeOutput(Options.Output, All.rules(Lessons)))
    return std::move(E);
  summariseLessons(outs(), Lessons, *ByHand);

  for (auto &[What, Why] : All.Failed)
    errorLine() << What << " was not read: " << Why << '\n';
  if (std::string Problem = (*Store)->problem(); !Problem.empty())
    warningLine() << Problem << '\n';
  errs() << formatv("devlife: {0} lessons from {1} modules, {2} TUs, and {3} "
                    "header{4}, in {5} rounds; failed: {6}\n",
                    Lessons.size(), NumModules, NumTUs, All.numHeaders(),
                    All.numHeaders() == 1 ? "" : "s", All.numRounds(),
                    All.Failed.size());
  if (All.UnreadHeaders)
    warningLine() << All.UnreadHeaders
                  << " headers do not parse without another one before them\n";
  return All.Failed.empty() ? ExitClean : ExitBroken;
}

int learnMain(const LearnOptions &Options) {
  Expected<int> Code = learnRules(Options);
  return Code ? *Code : reportError(Code.takeError());
}

} // namespace devlife
