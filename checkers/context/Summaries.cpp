//===- Summaries.cpp - What a function does to the context of its caller --===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Summaries.h"
#include <set>

namespace devlife {

namespace {
constexpr size_t MaxPath = 8;   // calls from a function to what it does
constexpr size_t MaxSleeps = 6; // ways to sleep that are kept of a function
constexpr size_t MaxTakes = 32; // likewise for locks and waits
constexpr size_t MaxFields = 8; // conditions on fields at a point
} // namespace

//===----------------------------------------------------------------------===//
// Ways
//===----------------------------------------------------------------------===//

/// \p Inner of a callee as seen by its caller at \p P, if it can happen there.
template <typename WayT>
static std::optional<WayT> lift(const WayT &Inner, const CallPoint &P,
                                const Evaluator &Values) {
  if (Inner.Path.size() >= MaxPath ||
      llvm::any_of(Inner.Fields, [&](const FieldCondition &C) {
        return llvm::is_contained(P.Before.Fields,
                                  FieldCondition(C.first, !C.second));
      }))
    return std::nullopt;
  WayT Out = Inner;
  Out.Path.insert(Out.Path.begin(), P.Site);
  Out.Needs.clear();
  for (Condition C : Inner.Needs) {
    if (C.Param >= P.Site.Call->Args.size())
      return std::nullopt;
    switch (Values.holds(C, P.Site.Call->Args[C.Param], P.Before.Known)) {
    case Answer::Yes:
      break;
    case Answer::Maybe:
      Out.IsDoubtful = true;
      break;
    case Answer::Passed:
      if (!llvm::is_contained(Out.Needs, C))
        Out.Needs.push_back(C);
      break;
    case Answer::No:
    case Answer::Unknown:
      return std::nullopt;
    }
  }
  return Out;
}

template <typename WayT>
static void liftAll(const std::vector<WayT> &From, const CallPoint &P,
                    const Evaluator &Values, std::vector<WayT> &Out) {
  for (const WayT &Inner : From)
    if (std::optional<WayT> Outer = lift(Inner, P, Values))
      Out.push_back(std::move(*Outer));
}

/// What the function's own callers have to know about \p At.
template <typename WayT>
static WayT summarise(const WayT &At, const LockState &Before) {
  WayT Out = At;
  Out.Released = Before.Released;
  // What it holds itself it may release as it likes.
  for (const LockId &R : At.Released)
    if (llvm::none_of(Before.Held,
                      [&](const HeldLock &H) { return H.Id.mayBe(R); }) &&
        !llvm::is_contained(Out.Released, R))
      Out.Released.push_back(R);
  for (const Condition &C : Before.Known)
    if (!llvm::is_contained(Out.Needs, C))
      Out.Needs.push_back(C);
  for (const FieldCondition &C : Before.Fields)
    if (!llvm::is_contained(Out.Fields, C))
      Out.Fields.push_back(C);
  return Out;
}

/// Whether \p A happens whenever \p B does.
static bool covers(const Way &A, const Way &B) {
  auto In = [](const auto &List) {
    return [&](const auto &X) { return llvm::is_contained(List, X); };
  };
  return A.IsDoubtful <= B.IsDoubtful && llvm::all_of(A.Needs, In(B.Needs)) &&
         llvm::all_of(A.Fields, In(B.Fields)) &&
         llvm::all_of(A.Released, In(B.Released));
}

template <typename WayT, typename SameT>
static void add(std::vector<WayT> &List, WayT New, size_t Max, SameT Same) {
  for (const WayT &Old : List)
    if (Same(Old, New) && covers(Old, New))
      return;
  llvm::erase_if(List, [&](const WayT &Old) {
    return Same(Old, New) && covers(New, Old);
  });
  if (List.size() < Max)
    List.push_back(std::move(New));
}

//===----------------------------------------------------------------------===//
// One call
//===----------------------------------------------------------------------===//

/// The functions that a quiesce, flush or drain waits for.
std::vector<FunctionRef> Summaries::waitedFor(const CallRef &Site,
                                              const Effect &E,
                                              StringRef &What) const {
  const Uses &U = Names.U;
  if (E.Kind == EffectKind::Drain || E.What == "irq") {
    StringRef Queue = E.Kind == EffectKind::Drain ? U.key(Site, E.Object) : "";
    StringRef Data = U.key(Site, E.Data), Line = U.key(Site, E.Line);
    std::vector<FunctionRef> Found;
    if (E.Kind == EffectKind::Drain && Queue.empty())
      return Found;
    for (const EntryArm &Arm : arms()) {
      bool Is = E.Kind == EffectKind::Drain
                    ? Arm.Queue == Queue
                    : Arm.IsIrq && (E.Data ? !Data.empty() && Arm.Data == Data
                                           : !Line.empty() && Arm.Line == Line);
      if (Is)
        llvm::append_range(Found, Arm.Handlers);
    }
    What = Strings.save(E.Kind == EffectKind::Drain ? "work" : "IRQ handler");
    return Found;
  }
  StringRef Key = U.key(Site, E.Object);
  if (Key.empty() || Keys::isObject(Key))
    return {};
  What = Strings.save(E.What + " '" + Key.ltrim(':') + "'");
  return U.handlersOf(Key);
}

/// The functions of tables that the call waits for.
std::vector<FunctionRef> Summaries::waitedFor(const CallRef &Site,
                                              const ContextEffect &E) const {
  std::vector<FunctionRef> Found;
  if (E.Table) {
    StringRef Key = Names.U.key(Site, E.Table);
    if (Key.consume_front("::"))
      Names.U.M.tableFunctions(Site.In.TU, Key, Found);
    return Found;
  }
  for (StringRef Field : E.Ops) {
    auto [Record, Path] = Field.split('.');
    llvm::append_range(Found, inField(Record, Path));
  }
  if (!E.Object)
    return Found;
  // Those that are about this kind of device.
  StringRef Device = Names.device(Site, E.Object);
  llvm::erase_if(Found, [&](FunctionRef F) {
    return Device.empty() || llvm::none_of(F.F->Exprs, [&](const Expr &Of) {
             return Of.Kind == ExprKind::ContainerOf && Of.Record == Device;
           });
  });
  return Found;
}

llvm::ArrayRef<Summaries::EntryArm> Summaries::arms() const {
  if (Arms)
    return *Arms;
  Arms.emplace();
  const Uses &U = Names.U;
  for (const auto &TU : U.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls) {
        CallRef Site{{TU.get(), &F}, &C};
        const CallRule *Rule = U.M.kernelRule(Site);
        if (!Rule)
          continue;
        for (const Effect &E : Rule->Effects) {
          if (E.Kind != EffectKind::Arm)
            continue;
          EntryArm New;
          New.IsIrq = E.What == "irq" && !E.Handlers.empty();
          New.Data = U.key(Site, E.Data);
          New.Line = U.key(Site, E.Line);
          New.Queue = U.key(Site, E.Queue);
          if (New.IsIrq)
            New.Handlers = U.M.handlers(Site, E);
          else if (!New.Queue.empty())
            New.Handlers = U.handlersOf(U.key(Site, E.Object));
          if (!New.Handlers.empty())
            Arms->push_back(std::move(New));
        }
      }
  return *Arms;
}

/// Whether the module calls the kernel's \p Function.
bool Summaries::calls(StringRef Function) const {
  if (Called.empty())
    for (const auto &TU : Names.U.M.TUs)
      for (const FunctionFacts &F : TU->Functions)
        for (const CallFacts &C : F.Calls)
          Called.insert(C.Callee);
  return Called.contains(Function);
}

/// The functions that the module puts into a field, also where a helper does.
std::vector<FunctionRef> Summaries::inField(StringRef Record,
                                            StringRef Field) const {
  const Uses &U = Names.U;
  std::vector<FunctionRef> Found = U.M.fieldTargets(Record, Field);
  for (const auto &TU : U.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const Event &E : F.Events) {
        const Expr &To = F.expr(E.Target);
        if (E.Kind == EventKind::Store && E.Value &&
            To.Kind == ExprKind::Member && To.Base == Record &&
            To.Name == Field)
          for (FunctionRef Set : U.functions({TU.get(), &F}, E.Value))
            if (!llvm::is_contained(Found, Set))
              Found.push_back(Set);
      }
  return Found;
}

void Summaries::does(CallPoint &P) const {
  const CallRef &Site = P.Site;
  const Evaluator &Values = Names.values(Site.In);
  if (FunctionRef Callee = Names.callee(Site)) {
    const Summary &S = of(Callee);
    liftAll(S.Sleeps, P, Values, P.Sleeps);
    liftAll(S.SleepsOnRT, P, Values, P.SleepsOnRT);
    liftAll(S.Takes, P, Values, P.Takes);
    liftAll(S.Waits, P, Values, P.Waits);
    return;
  }
  Way Here;
  Here.Path = {Site};
  if (const ContextCall *Rule = Names.rule(Site))
    for (const ContextEffect &E : Rule->Effects) {
      if (E.Kind == ContextEffect::Sleeps) {
        if (!E.UnlessCalls.empty() && calls(E.UnlessCalls))
          continue;
        Way Sleeps = Here;
        Sleeps.IsDoubtful = Rule->IsDoubtful;
        if (E.Flags) {
          Condition C{Condition::HasBit, 0, int64_t(E.Mask)};
          ExprId Flags = Uses::argument(Site, E.Flags);
          Answer A = Values.holds(C, Flags, P.Before.Known);
          if (A == Answer::Passed)
            Sleeps.Needs.push_back(C);
          else if (A != Answer::Yes)
            continue;
        }
        P.Sleeps.push_back(std::move(Sleeps));
      } else if (E.Kind == ContextEffect::Lock ||
                 E.Kind == ContextEffect::Takes) {
        Taking T;
        T.Path = Here.Path;
        T.Lock = Names.lock(Site, E);
        T.Tries = E.Try;
        T.IsShared = E.IsShared;
        if (!E.Try && T.Lock.Kind == LockKind::Mutex)
          P.Sleeps.push_back(Here);
        if (!E.Try && T.Lock.Kind == LockKind::Spin)
          P.SleepsOnRT.push_back(Here);
        if (isExclusive(T.Lock.Kind))
          P.Takes.push_back(std::move(T));
      } else if (E.Kind == ContextEffect::WaitsFor) {
        Waiting W;
        W.Path = Here.Path;
        W.For = waitedFor(Site, E);
        // They may be another object's.
        W.IsDoubtful = !E.Table && !E.Object;
        if (!W.For.empty())
          P.Waits.push_back(std::move(W));
      }
    }
  const CallRule *Rule =
      Site.Call->Callee.empty() ? nullptr : Names.U.M.rule(Site);
  for (const Effect &E : effectsOf(Rule))
    if (E.Kind == EffectKind::Quiesce || E.Kind == EffectKind::Flush ||
        E.Kind == EffectKind::Drain) {
      Waiting W;
      W.Path = Here.Path;
      W.For = waitedFor(Site, E, W.What);
      if (!W.For.empty())
        P.Waits.push_back(std::move(W));
    }
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

/// The forward data flow.
class Summaries::Flow {
public:
  Flow(const Summaries &S, FunctionRef F)
      : S(S), F(F), Values(S.Names.values(F)), In(F.F->Blocks.size()) {
    for (const Event &E : F.F->Events)
      if (E.Kind == EventKind::Store && E.Value) {
        const Expr &To = F.F->expr(E.Target), &Value = F.F->expr(E.Value);
        if (To.Kind == ExprKind::Var && To.Index >= 0 &&
            Value.Kind == ExprKind::Call)
          Guards.try_emplace(To.Index, Value.Index);
      }
  }

  void run(llvm::function_ref<void(const CallPoint &)> Visit);
  /// What holds at the end; only after run().
  const std::optional<LockState> &atExit() const { return In.back(); }

private:
  void event(const Event &E, LockState &State) const;
  void call(const CallRef &Site, LockState &State) const;
  void branch(ExprId Id, bool IsTrue, LockState &State) const;
  void succeeds(int32_t Call, bool IsNonzero, LockState &State) const;
  StringRef fieldOf(ExprId Id) const;

  const Summaries &S;
  FunctionRef F;
  const Evaluator &Values;
  std::vector<std::optional<LockState>> In; ///< Per block.
  llvm::DenseMap<int32_t, int32_t> Guards;  ///< Variable -> call that set it.
};

void Summaries::Flow::call(const CallRef &Site, LockState &State) const {
  if (FunctionRef Callee = S.Names.callee(Site)) {
    const Summary &Inner = S.of(Callee);
    for (const LockId &Lock : Inner.LeavesReleased)
      State.drop(Lock);
    for (const LockId &Lock : Inner.LeavesHeld)
      State.take({Lock, Site});
    return;
  }
  const ContextCall *Rule = S.Names.rule(Site);
  for (const ContextEffect &E : effectsOf(Rule)) {
    if (E.Kind == ContextEffect::Unlock)
      State.drop(S.Names.lock(Site, E));
    else if (E.Kind == ContextEffect::Lock && Rule->Fails == FailKind::Never)
      State.take({S.Names.lock(Site, E), Site, E.IsShared});
  }
}

void Summaries::Flow::event(const Event &E, LockState &State) const {
  switch (E.Kind) {
  case EventKind::Call:
    return call({F, &F.F->Calls[E.Index]}, State);
  case EventKind::Store: {
    const Expr &To = F.F->expr(E.Target);
    if (StringRef Field = fieldOf(E.Target); !Field.empty())
      llvm::erase_if(State.Fields, [&](const FieldCondition &C) {
        return C.first.split('&').first == Field;
      });
    if (To.Kind != ExprKind::Var || To.Index < 0)
      return;
    llvm::erase_if(State.Results, [&](auto &R) { return R.first == To.Index; });
    if (const Expr &Value = F.F->expr(E.Value); Value.Kind == ExprKind::Call)
      State.Results.push_back({To.Index, Value.Index});
    return;
  }
  case EventKind::ScopeEnd: {
    const ContextCall *Rule = S.Names.Rules.call(F.F->Vars[E.Index].Cleanup);
    auto It = Guards.find(E.Index);
    if (It != Guards.end() && Rule && Rule->has(ContextEffect::Unlock))
      llvm::erase_if(State.Held, [&](const HeldLock &H) {
        return H.At.Call == &F.F->Calls[It->second];
      });
    return;
  }
  default:
    return;
  }
}

/// A call that can fail to lock returned zero or nonzero.
void Summaries::Flow::succeeds(int32_t Call, bool IsNonzero,
                               LockState &State) const {
  CallRef Site{F, &F.F->Calls[Call]};
  const ContextCall *Rule = S.Names.rule(Site);
  if (!Rule || Rule->Fails == FailKind::Never ||
      (Rule->Fails == FailKind::Zero) != IsNonzero)
    return;
  for (const ContextEffect &E : Rule->Effects)
    if (E.Kind == ContextEffect::Lock)
      State.take({S.Names.lock(Site, E), Site, E.IsShared});
}

/// As in FieldCondition, or "".
StringRef Summaries::Flow::fieldOf(ExprId Id) const {
  const Expr &E = F.F->expr(Id);
  if (E.Kind == ExprKind::Member && !E.Base.empty())
    return S.Strings.save(E.Base + "." + E.Name + (E.IsPointer ? "*" : ""));
  if (E.Kind != ExprKind::Binary || E.Op != BinaryOp::BitAnd)
    return "";
  StringRef Field = fieldOf(E.Ops[0]);
  auto Mask = Values.constant(E.Ops[1]);
  if (Field.empty() || !Mask)
    return "";
  return S.Strings.save(Field + "&" + llvm::Twine(*Mask));
}

void Summaries::Flow::branch(ExprId Id, bool IsTrue, LockState &State) const {
  const Expr &E = F.F->expr(Id);
  if (StringRef Field = fieldOf(Id);
      !Field.empty() && State.Fields.size() < MaxFields &&
      !llvm::is_contained(State.Fields, FieldCondition(Field, IsTrue)))
    State.Fields.push_back({Field, IsTrue});
  switch (E.Kind) {
  case ExprKind::Not:
    return branch(E.Ops[0], !IsTrue, State);
  case ExprKind::Call:
    return succeeds(E.Index, IsTrue, State);
  case ExprKind::Var:
    for (auto [Var, Call] : State.Results)
      if (Var == E.Index)
        return succeeds(Call, IsTrue, State);
    if (ExprId Set = E.Index < 0 ? 0 : Values.definition(E.Index);
        Set && !fieldOf(Set).empty())
      branch(Set, IsTrue, State);
    return;
  case ExprKind::Conditional: { // trylock(l) ? 1 : 0
    auto Yes = Values.constant(E.Ops[1]), No = Values.constant(E.Ops[2]);
    if (Yes && No && bool(*Yes) != bool(*No))
      branch(E.Ops[0], IsTrue == bool(*Yes), State);
    return;
  }
  case ExprKind::Binary: {
    if (E.Op == BinaryOp::And || E.Op == BinaryOp::Or) {
      // See Evaluator::learn().
      if ((E.Op == BinaryOp::And) == IsTrue)
        branch(E.Ops[0], IsTrue, State);
      return branch(E.Ops[1], IsTrue, State);
    }
    std::optional<int64_t> Value = Values.constant(E.Ops[1]);
    if (!Value || *Value)
      return;
    if (E.Op == BinaryOp::EQ || E.Op == BinaryOp::GE)
      branch(E.Ops[0], !IsTrue, State);
    else if (E.Op == BinaryOp::NE || E.Op == BinaryOp::LT)
      branch(E.Ops[0], IsTrue, State);
    return;
  }
  default:
    return;
  }
}

void Summaries::Flow::run(llvm::function_ref<void(const CallPoint &)> Visit) {
  const FunctionFacts &Fn = *F.F;
  if (In.empty())
    return;
  std::set<uint32_t> Work = {0};
  In[0].emplace();
  while (!Work.empty()) {
    uint32_t Index = *Work.begin();
    Work.erase(Work.begin());
    const Block &B = Fn.Blocks[Index];
    LockState State = *In[Index];
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I)
      event(Fn.Events[I], State);
    auto Value = B.Condition ? Values.constant(B.Condition) : std::nullopt;
    for (auto [Side, Succ] : llvm::enumerate(B.Succs)) {
      LockState Next = State;
      if (B.Condition) {
        bool IsTrue = Side == 0;
        if (Value && bool(*Value) != IsTrue)
          continue;
        branch(B.Condition, IsTrue, Next);
        ConditionList Learned;
        Values.learn(B.Condition, IsTrue, Learned);
        for (const Condition &C : Learned)
          if (!llvm::is_contained(Next.Known, C))
            Next.Known.push_back(C);
      }
      std::optional<LockState> &Slot = In[Succ];
      if (!Slot)
        Slot = std::move(Next);
      else if (!Slot->join(Next))
        continue;
      Work.insert(Succ);
    }
  }
  for (const Block &B : Fn.Blocks) {
    std::optional<LockState> &State = In[&B - Fn.Blocks.data()];
    if (!State)
      continue;
    LockState Now = *State;
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I) {
      const Event &E = Fn.Events[I];
      if (E.Kind == EventKind::Call) {
        CallPoint P{{F, &Fn.Calls[E.Index]}, Now, {}, {}, {}, {}};
        S.does(P);
        Visit(P);
      }
      event(E, Now);
    }
  }
}

void Summaries::visit(FunctionRef F,
                      llvm::function_ref<void(const CallPoint &)> Visit) const {
  Flow(*this, F).run(Visit);
}

/// Whether the function asks in which context it runs.
bool Summaries::testsContext(FunctionRef F) const {
  for (const auto &[Name, At] : F.F->References)
    if (Names.Rules.testsContext(Name))
      return true;
  return llvm::any_of(F.F->Calls, [&](const CallFacts &C) {
    CallRef Site{F, &C};
    if (const ContextCall *Rule = Names.rule(Site))
      return Rule->has(ContextEffect::Tests);
    // A helper that does nothing else.
    FunctionRef Callee = Names.U.M.function(F.TU, C.Callee);
    return Callee && Callee.F->Calls.size() <= 4 && Callee.F != F.F &&
           !Callee.F->ReturnsVoid && of(Callee).TestsContext;
  });
}

const Summary &Summaries::of(FunctionRef F) const {
  static const Summary Nothing;
  if (auto It = Done.find(F.F); It != Done.end())
    return *It->second;
  if (!Active.insert(F.F).second)
    return Nothing;
  auto New = std::make_unique<Summary>();
  New->TestsContext = testsContext(F);
  bool TestsSelf = llvm::any_of(F.F->Calls, [&](const CallFacts &C) {
    const ContextCall *Rule = Names.rule({F, &C});
    return Rule && Rule->has(ContextEffect::TestsSelf);
  });
  Flow Run(*this, F);
  auto SameLeaf = [](const Way &A, const Way &B) {
    return A.leaf() == B.leaf();
  };
  Run.run([&](const CallPoint &P) {
    if (!New->TestsContext) {
      for (const Way &W : P.Sleeps)
        add(New->Sleeps, summarise(W, P.Before), MaxSleeps, SameLeaf);
      for (const Way &W : P.SleepsOnRT)
        add(New->SleepsOnRT, summarise(W, P.Before), MaxSleeps, SameLeaf);
    }
    for (const Taking &T : P.Takes)
      if (!T.Lock.Class.empty())
        add(New->Takes, summarise(T, P.Before), MaxTakes,
            [](const Taking &A, const Taking &B) {
              return A.Lock == B.Lock && A.Tries >= B.Tries &&
                     A.IsShared >= B.IsShared;
            });
    if (!TestsSelf)
      for (const Waiting &W : P.Waits)
        add(New->Waits, summarise(W, P.Before), MaxTakes, SameLeaf);
  });
  if (F.F->Blocks.size() && Run.atExit()) {
    for (const HeldLock &H : Run.atExit()->Held)
      New->LeavesHeld.push_back(H.Id);
    New->LeavesReleased = Run.atExit()->Released;
  }
  Active.erase(F.F);
  return *(Done[F.F] = std::move(New));
}

} // namespace devlife
