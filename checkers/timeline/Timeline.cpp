//===- Timeline.cpp - What happens in the life of a driver instance -------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Timeline.h"
#include "facts/Scan.h"
#include "timeline/Interpreter.h"
#include "llvm/Support/Path.h"

namespace devlife {

//===----------------------------------------------------------------------===//
// What runs when
//===----------------------------------------------------------------------===//

namespace {

// Bounds on the work, in blocks run. The largest drivers of 6.12 need some
// 10,000 for a phase.
constexpr unsigned PhaseBudget = 25000;
constexpr unsigned EntryBudget = 10000;
constexpr unsigned FunctionBudget = 2000; // on its own

/// Everything that is called, directly, from \p Work; but not through
/// \p Except.
FunctionSet calledFrom(const Module &M, std::vector<FunctionRef> Work,
                       const FunctionSet &Except = {}) {
  FunctionSet Set;
  while (!Work.empty()) {
    FunctionRef F = Work.back();
    Work.pop_back();
    if (!F || Except.contains(F.F) || !Set.insert(F.F).second)
      continue;
    for (const CallFacts &C : F.F->Calls)
      if (FunctionRef Callee = M.function(F.TU, C.Callee))
        Work.push_back(Callee);
  }
  return Set;
}

/// The functions of a driver by the phases in which they can run.
struct PhaseSets {
  FunctionSet Begin, End, Live;
  std::vector<FunctionRef> All;     ///< Everything the driver reaches.
  std::vector<FunctionRef> Entries; ///< What the kernel calls in between.
  /// Functions that devres calls, and the calls that hand them over.
  llvm::DenseMap<const FunctionFacts *, CallRef> Actions;

  PhaseSets(const Module &M, const DriverInstance &Driver);
};

PhaseSets::PhaseSets(const Module &M, const DriverInstance &Driver) {
  All = M.reachable(Driver);
  Begin = calledFrom(M, Driver.Begin);
  End = calledFrom(M, Driver.End);
  FunctionSet Called, Phases;
  for (FunctionRef F : Driver.Begin)
    Phases.insert(F.F);
  for (FunctionRef F : Driver.End)
    Phases.insert(F.F);
  for (FunctionRef F : All)
    for (const CallFacts &C : F.F->Calls) {
      if (FunctionRef Callee = M.function(F.TU, C.Callee))
        Called.insert(Callee.F);
      const CallRule *Rule = M.rule({F, &C});
      const Effect *Action = Rule ? Rule->find(EffectKind::Action) : nullptr;
      if (!Action)
        continue;
      for (FunctionRef Target : M.handlers({F, &C}, *Action))
        Actions.try_emplace(Target.F, CallRef{F, &C});
    }
  // What is reached, but called by nobody in the module, is for the kernel to
  // call; so is what is both called and named.
  FunctionSet Named;
  for (FunctionRef F : All)
    for (const auto &[Name, At] : F.F->References)
      if (FunctionRef Target = M.function(F.TU, Name))
        Named.insert(Target.F);
  // An exported function stands in a variable of its own.
  for (const auto &TU : M.TUs)
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (FunctionRef Target = M.function(TU.get(), E.Value))
          Named.insert(Target.F);
  for (FunctionRef F : All)
    if (!Phases.contains(F.F) && !Actions.count(F.F) &&
        (Named.contains(F.F) || !Called.contains(F.F)))
      Entries.push_back(F);
  // A shutdown that calls remove() does what remove() does.
  Live = calledFrom(M, Entries, Phases);
}

//===----------------------------------------------------------------------===//
// Recording
//===----------------------------------------------------------------------===//

class Recorder : public Observer {
public:
  Recorder(const Uses &Touch, const DriverInstance &Driver,
           const PhaseSets &Sets)
      : Clashes(Touch, Driver), Driver(Driver), M(Touch.M), Sets(Sets) {}

  Phase Now = Phase::Begin;
  bool Failed = false; ///< Begin has failed: what follows is its unwinding.
  ClashFinder Clashes;

  void ends(const Ending &What, const State &S,
            llvm::ArrayRef<CallRef> Stack) override {
    Clashes.ends(Now, Failed, What, S, Stack);
  }
  void endsAgain(const CallRef &Site, const Resource &R,
                 llvm::ArrayRef<CallRef> Stack) override {
    Clashes.endsAgain(Now, Site, R, Stack);
  }
  void endsUnbegun(const CallRef &Site, const ResourceRule &What, StringRef Key,
                   const CallFacts *Failure) override {
    if (Now == Phase::Begin)
      Clashes.endsUnbegun(Site, What, Key, Failure);
  }
  void begins(const UseSite &What, StringRef Resource, const State &S,
              llvm::ArrayRef<CallRef> Stack) override {
    Clashes.begins(Now, What, Resource, S, Stack);
  }
  void initialises(const UseSite &What, bool IsPointer, const State &S,
                   llvm::ArrayRef<CallRef> Stack) override {
    Clashes.initialises(Now, What, IsPointer, S, Stack);
  }

  void effect(const CallRef &Site, const CallRule &Rule, const Effect &E,
              const Value &Object, const State &Before,
              llvm::ArrayRef<CallRef> Stack) override {
    Occurrence &O = at(Site, Rule, E, Object);
    // Devres runs an action as if it were called where it was handed over.
    if (!Stack.empty() && M.rule(Stack.front()) &&
        !M.function(Stack.front().In.TU, Stack.front().Call->Callee)) {
      O.InAction = true;
      O.Action = Stack.front();
    }
    if (Now == Phase::Begin)
      O.InBegin = true;
    if (Now == Phase::End)
      O.InEnd = true;
    if (E.Kind != EffectKind::Release)
      return;
    O.IsHeld |= Now != Phase::Live && isHeld(E, Object, Before);
    bool Ends =
        Now != Phase::Begin || llvm::any_of(Before.Resources, [&](auto &R) {
          return R.What == E.What && R.Object == Object &&
                 R.State != Life::Released;
        });
    if (Ends)
      Ending.insert(Site.Call);
    if (Now == Phase::Live)
      return;
    for (const Window &W : Before.Windows)
      if (W.Open && Interpreter::isNumberOf(W, E.What, Object) &&
          llvm::none_of(O.Open,
                        [&](auto &Known) { return Known.W.Site == W.Site; }))
        O.Open.push_back({W, Stack.vec()});
  }

  void endsManaged(const CallRef &Site, const Effect &E,
                   const CallRef &Managed) override {
    if (Now != Phase::Begin && Now != Phase::End)
      return;
    std::vector<CallRef> &Sites = Found[{Site.Call, &E}].EndsManaged;
    if (!llvm::is_contained(Sites, Managed))
      Sites.push_back(Managed);
  }

  void reacquired(const CallRef &Released, const CallRef &) override {
    if (Now == Phase::Release)
      return;
    Reacquired.insert(Released.Call);
  }

  /// A phase, or an entry in between, ends like this: what is released now
  /// stays so.
  void ends(const State &S, bool Begun = false) {
    for (const Resource &R : S.Resources) {
      if (R.State == Life::Released && R.Released)
        Final.insert(R.Released.Call);
      if (Begun && R.Released)
        Survived.insert(R.Released.Call);
    }
  }

  /// Adds what stands in functions that the timeline did not run through.
  void addUnvisited(Interpreter &Run);
  std::vector<Occurrence> take();

private:
  Occurrence &at(const CallRef &Site, const CallRule &Rule, const Effect &E,
                 const Value &Object) {
    auto [It, New] = Found.try_emplace({Site.Call, &E});
    Occurrence &O = It->second;
    if (New && Visiting)
      O.Order = Found.size();
    O.Site = Site;
    O.Rule = &Rule;
    O.What = &E;
    if (!O.Object.isKnown())
      O.Object = Object;
    return O;
  }

  /// Whether it is the core that has acquired the object of \p E.
  bool isHeld(const Effect &E, const Value &Object, const State &Before) const {
    return llvm::any_of(Driver.Rule->Held, [&](const HeldRule &Held) {
      const std::string &Device = Driver.Rule->Device;
      bool IsObject =
          Held.Field.empty()
              ? Object.Kind == Value::Object && Object.Text == Device
              : Object.Kind == Value::Load &&
                    Object.Text == Device + "." + Held.Field;
      return Held.Resource == E.What && IsObject &&
             llvm::none_of(Before.Resources, [&](const Resource &R) {
               return R.What == E.What && R.Object == Object &&
                      !(R.Site == R.Released);
             });
    });
  }

  const DriverInstance &Driver;
  const Module &M;
  const PhaseSets &Sets;
  std::map<std::pair<const CallFacts *, const Effect *>, Occurrence> Found;
  llvm::DenseSet<const CallFacts *> Reacquired, Final, Survived, Ending;
  bool Visiting = true;
};

/// Watches a function that is no phase of a driver.
class Unwinding : public Observer {
public:
  Unwinding(const Uses &Touch, const DriverInstance &Alone)
      : Clashes(Touch, Alone) {}

  ClashFinder Clashes;

  void effect(const CallRef &, const CallRule &, const Effect &, const Value &,
              const State &, llvm::ArrayRef<CallRef>) override {}
  void endsManaged(const CallRef &, const Effect &, const CallRef &) override {}
  void reacquired(const CallRef &, const CallRef &) override {}
  void begins(const UseSite &, StringRef, const State &,
              llvm::ArrayRef<CallRef>) override {}
  void initialises(const UseSite &, bool, const State &,
                   llvm::ArrayRef<CallRef>) override {}
  void ends(const Ending &What, const State &S,
            llvm::ArrayRef<CallRef> Stack) override {
    // Its windows close elsewhere.
    Clashes.ends(Phase::Live, false, What, S, Stack);
  }
  void endsAgain(const CallRef &Site, const Resource &R,
                 llvm::ArrayRef<CallRef> Stack) override {
    Clashes.endsAgain(Phase::Begin, Site, R, Stack);
  }
};

void Recorder::addUnvisited(Interpreter &Run) {
  Visiting = false;
  for (FunctionRef F : Sets.All)
    for (const CallFacts &C : F.F->Calls) {
      CallRef Site{F, &C};
      if (M.function(F.TU, C.Callee))
        continue;
      const CallRule *Rule = M.rule(Site);
      if (!Rule)
        continue;
      for (const Effect &E : Rule->Effects) {
        if (!M.Wanted.covers(E))
          continue;
        Occurrence &O = at(Site, *Rule, E, Run.staticArgument(Site, E.Object));
        O.InBegin |= Sets.Begin.contains(F.F);
        O.InEnd |= Sets.End.contains(F.F);
        O.InLive |= Sets.Live.contains(F.F);
        if (auto It = Sets.Actions.find(F.F);
            It != Sets.Actions.end() && !O.Action) {
          O.InAction = true;
          O.Action = It->second;
        }
      }
    }
}

std::vector<Occurrence> Recorder::take() {
  std::vector<Occurrence> List;
  for (auto &[Key, O] : Found) {
    O.Reacquired = Reacquired.contains(Key.first) && !Final.contains(Key.first);
    O.GoesOn = Survived.contains(Key.first);
    O.Idle = O.Order != ~0u && O.InBegin && !O.InEnd && !O.InLive &&
             !Ending.contains(Key.first);
    List.push_back(std::move(O));
  }
  // By execution, then by file and place; never by address.
  llvm::sort(List, [](const Occurrence &A, const Occurrence &B) {
    const SourceFile &FileA = A.Site.In.TU->file(A.Site.Call->At);
    const SourceFile &FileB = B.Site.In.TU->file(B.Site.Call->At);
    return std::tie(A.Order, FileA.Path, A.Site.Call->At.Offset, A.What->Kind,
                    A.What->What) < std::tie(B.Order, FileB.Path,
                                             B.Site.Call->At.Offset,
                                             B.What->Kind, B.What->What);
  });
  return List;
}

} // namespace

//===----------------------------------------------------------------------===//
// Timelines
//===----------------------------------------------------------------------===//

std::vector<const Occurrence *> DriverTimeline::find(EffectKind Kind,
                                                     StringRef What) const {
  std::vector<const Occurrence *> List;
  for (const Occurrence &O : Occurrences)
    if (O.What->Kind == Kind && O.What->What == What &&
        O.Object.Kind == Value::Object && O.Object.Text == Driver->Rule->Device)
      List.push_back(&O);
  return List;
}

Timelines::Timelines(const Module &M, const AnalysisOptions &Options)
    : M(M), Touch(M), Options(Options) {
  for (const DriverInstance &Driver : M.drivers())
    build(Driver);
  if (!M.Wanted.all())
    return;
  buildFunctions();
  findHandovers();
}

void Timelines::buildFunctions() {
  FunctionSet Phases;
  for (const DriverInstance &Driver : M.drivers())
    for (const auto *List : {&Driver.Begin, &Driver.End})
      for (FunctionRef F : Touch.calledFrom(*List))
        Phases.insert(F.F);
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      if (FunctionRef This{TU.get(), &F}; M.hasEffects(This)) {
        bool IsAlone = !Phases.contains(&F) && !Touch.isCalled(This);
        bool Replaces = Touch.replaces(This);
        if (IsAlone || Replaces)
          unwind(This, IsAlone, Replaces);
      }
}

/// Whether the memory \p Left lives on after \p E, though nothing that is known
/// leads to it.
static bool isOutOfSight(const Interpreter::Exit &E, const Resource &Left) {
  return llvm::any_of(E.S.Resources, [&](const Resource &R) {
    return R.Site == Left.Site && R.What == Left.What &&
           R.State == Life::Live && !R.Escaped && R.Object != E.Return &&
           Keys::isObject(R.Key) && R.IsThing &&
           llvm::none_of(E.S.Heap, [&](const auto &Field) {
             return Field.second == R.Object;
           });
  });
}

void Timelines::unwind(FunctionRef F, bool IsAlone, bool Replaces) {
  auto Alone = std::make_unique<DriverInstance>();
  Alone->Begin.push_back(F);
  Unwinding Record(Touch, *Alone);
  Record.Clashes.Current = F;
  Interpreter Run(Touch, "", Record, Strings);
  Run.setBudget(FunctionBudget);
  std::vector<State> Failed;
  std::vector<Interpreter::Exit> Good;
  for (Interpreter::Exit &E : Run.run(F, Run.entryArguments(F), State())) {
    if (Interpreter::mayFail(E) && !Interpreter::maySucceed(E))
      Failed.push_back(E.S);
    else if (!Interpreter::mayFail(E))
      Good.push_back(E);
    if (IsAlone &&
        (!Interpreter::maySucceed(E) || E.Return.Kind == Value::Result))
      // What it has handed to devres is somebody's.
      Record.Clashes.fails(Run.releaseManaged(Run.asFailed(E)));
  }
  if (Replaces)
    Record.Clashes.leavesStale(
        Failed, llvm::to_vector(llvm::map_range(
                    Good, [](const Interpreter::Exit &E) { return E.S; })));
  DriverTimeline T;
  T.Driver = Alone.get();
  T.Clashes = Record.Clashes.take();
  // What it neither returns nor keeps when it succeeds, others have got.
  for (Clash &C : T.Clashes)
    if (C.Kind == Clash::Leaks && !C.W.Site)
      C.IsKept |= llvm::any_of(Good, [&](const Interpreter::Exit &E) {
        return isOutOfSight(E, C.R);
      });
  // What else it does is judged where it is called.
  if (!IsAlone)
    llvm::erase_if(T.Clashes,
                   [](const Clash &C) { return C.Kind != Clash::Stale; });
  T.Incomplete = Run.isIncomplete();
  if (T.Clashes.empty())
    return;
  Functions.push_back(std::move(T));
  this->Alone.push_back(std::move(Alone));
}

/// The functions that release what the checks ask about by name; a check of
/// everything asks about begin and end only.
static FunctionSet releasing(const Module &M) {
  FunctionSet Set;
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls)
        if (const CallRule *Rule = M.rule({{TU.get(), &F}, &C}))
          for (const Effect &E : Rule->Effects)
            if (E.Kind == EffectKind::Release &&
                M.Wanted.Names.contains(E.What))
              Set.insert(&F);
  return Set;
}

/// What runs for the drivers that a module registers is armed, and stopped, in
/// their timelines.
FunctionSet Timelines::othersReach(const DriverInstance &Driver) const {
  FunctionSet Set;
  if (!Driver.isModule())
    return Set;
  for (const DriverInstance &Other : M.drivers())
    if (&Other != &Driver && Other.Rule != Driver.Rule)
      for (FunctionRef F : M.reachable(Other))
        Set.insert(F.F);
  return Set;
}

void Timelines::build(const DriverInstance &Driver) {
  PhaseSets Sets(M, Driver);
  Recorder Record(Touch, Driver, Sets);
  Interpreter Run(Touch, Driver.Rule->Device, Record, Strings);

  State Now;
  bool Incomplete = false;
  for (FunctionRef F : Driver.Begin) {
    Record.Now = Phase::Begin;
    Record.Clashes.Current = F;
    Run.setBudget(PhaseBudget);
    unsigned Since = Now.Clock;
    std::vector<Interpreter::Exit> Good;
    for (Interpreter::Exit &E : Run.run(F, Run.entryArguments(F), Now)) {
      Record.ends(E.S, E.Return.isKnown() && Interpreter::maySucceed(E));
      if (Interpreter::mayFail(E)) {
        Record.Now = Phase::Release;
        Record.Failed = true;
        bool IsSure =
            !Interpreter::maySucceed(E) || E.Return.Kind == Value::Result;
        State Over = Run.releaseManaged(Run.asFailed(E));
        if (IsSure)
          Record.Clashes.fails(Over, Since);
        Record.Failed = false;
      }
      if (Interpreter::maySucceed(E))
        Good.push_back(std::move(E));
    }
    if (!Good.empty())
      Now = Interpreter::joined(std::move(Good));
    Incomplete |= Run.isIncomplete();
  }
  Run.begun(Driver.Begin, Now);
  // What the kernel calls in between may release, and acquire anew.
  Record.Now = Phase::Live;
  FunctionSet Releasing = releasing(M);
  auto Releases = [&](FunctionRef Entry) {
    return llvm::any_of(Touch.calledFrom(Entry),
                        [&](FunctionRef F) { return Releasing.contains(F.F); });
  };
  for (FunctionRef Entry : Sets.Entries)
    if (M.hasEffects(Entry) && Releases(Entry)) {
      Run.setBudget(EntryBudget);
      for (const Interpreter::Exit &E :
           Run.run(Entry, Run.entryArguments(Entry), Now))
        Record.ends(E.S);
    }
  if (M.Wanted.all()) {
    FunctionSet Others = othersReach(Driver);
    for (FunctionRef F : Sets.All)
      if (Sets.Live.contains(F.F) && !Others.contains(F.F))
        Run.openArmed(Now, F, {});
  }
  DriverTimeline T;
  if (M.Wanted.all())
    T.Bound = Now;
  Now.Windows.change(
      [&](const Window &W) {
        return llvm::is_contained(Driver.Rule->Quiesces, W.Entry);
      },
      [](Window &W) { W.Open = false; });
  Record.Now = Phase::End;
  Record.Clashes.EndSince = Now.Clock;
  Run.setBudget(PhaseBudget);
  for (FunctionRef F : Driver.End) {
    std::vector<Interpreter::Exit> Exits =
        Run.run(F, Run.entryArguments(F), Now);
    for (const Interpreter::Exit &E : Exits)
      Record.ends(E.S);
    if (!Exits.empty())
      Now = Interpreter::joined(std::move(Exits));
  }
  Record.Now = Phase::Release;
  if (!Driver.IsPermanent) {
    Now = Run.releaseManaged(std::move(Now));
    Record.Clashes.over(Now);
  }
  T.EndIsCut = Run.isIncomplete();
  Incomplete |= T.EndIsCut;

  if (M.Wanted.all())
    T.Over = std::move(Now);

  Record.addUnvisited(Run);
  T.Driver = &Driver;
  T.Occurrences = Record.take();
  T.Clashes = Record.Clashes.take();
  T.Incomplete = Incomplete;
  T.Reach = Sets.All.size();
  for (FunctionRef F : Sets.All)
    for (const FieldRead &Read : F.F->FieldReads) {
      const Expr &E = F.F->expr(Read.Member);
      const FieldRule *Rule = M.Rules.field(E.Base, E.Name);
      Value Base = Run.staticValue(F, E.Ops[0]);
      if (Rule && Base.Kind == Value::Object &&
          Base.Text == Driver.Rule->Device)
        T.Reads.push_back({F, &Read, Rule});
    }
  Drivers.push_back(std::move(T));
}

bool Timelines::declares(StringRef Function) const {
  return llvm::any_of(
      M.TUs, [&](const auto &TU) { return TU->Declared.contains(Function); });
}

VectorContract Timelines::contract(StringRef Name) const {
  if (Options.IrqVectorContract != VectorContract::Auto)
    return Options.IrqVectorContract;
  const ContractRule *Rule = M.Rules.contract(Name);
  if (!Rule || !declares(Rule->Declares))
    return VectorContract::Hybrid;
  llvm::SmallString<256> Path(Options.TreeRoot);
  llvm::sys::path::append(Path, Rule->ImplicitFile);
  std::optional<bool> Implicit =
      functionMentions(Path, Rule->ImplicitFunction, Rule->ImplicitMentions);
  return Implicit.value_or(true) ? VectorContract::Transition
                                 : VectorContract::Explicit;
}

} // namespace devlife
