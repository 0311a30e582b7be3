//===- Learn.cpp - What the kernel's own code says about its functions ----===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "learn/Learn.h"
#include "context/Summaries.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace devlife {

static auto key(const Lesson &L) {
  return std::tie(L.Function, L.Kind, L.Arg, L.Mask, L.Of, L.Lock, L.Plain,
                  L.Undo, L.Evidence);
}

bool Lesson::operator<(const Lesson &O) const { return key(*this) < key(O); }
bool Lesson::operator==(const Lesson &O) const { return key(*this) == key(O); }

namespace {

/// What is certain about the calls of one function.
struct CallFlow {
  struct Point {
    uint32_t Block;
    ConditionList Known;
  };
  llvm::DenseMap<const CallFacts *, Point> Points;
};

class Learner {
public:
  explicit Learner(const Module &M) : M(M), U(M), S(U) {}

  ModuleLessons run(bool IsHeader);

private:
  void exported(FunctionRef F);
  void sleeps(FunctionRef F);
  void locks(FunctionRef F);
  bool unlocks(FunctionRef F, const LockId &Id, CallRef &Where);
  void arguments(FunctionRef F);
  void wraps(FunctionRef F);
  void calls();
  std::string undoOf(FunctionRef F, const CallRef &Site, const Effect &Action);
  bool frees(FunctionRef F, int32_t Param, CallRef &Where, StringRef &What);
  int shiftOf(FunctionRef F, const CallRef &Plain) const;
  bool isCertain(const Way &W);
  enum Excuse {
    Arguments, ///< Those with which it cannot come by.
    None,
    Null, ///< That there is no object.
  };
  bool isOnEveryWay(const CallRef &Site, Excuse Allowed = Arguments);
  bool fails(FunctionRef F, const Event &Return) const;
  const CallFlow &flow(FunctionRef F);
  Lesson &add(LessonKind Kind, FunctionRef F, const CallRef &Leaf);
  std::string evidence(FunctionRef In, Loc At, StringRef What) const;

  const Module &M;
  const Uses U;
  const Summaries S;
  ModuleLessons Out;
  llvm::DenseMap<const FunctionFacts *, CallFlow> Flows;
  llvm::DenseMap<const CallFacts *, bool> EveryWay[Null + 1];
  std::set<std::pair<const FunctionFacts *, int32_t>> Active;
  llvm::DenseSet<const FunctionFacts *> Unlocking;
};

} // namespace

std::string Learner::evidence(FunctionRef In, Loc At, StringRef What) const {
  std::string Text = In.TU->file(At).Path + ":" + std::to_string(At.Line);
  return What.empty() ? Text : (Text + " (" + What + ")").str();
}

Lesson &Learner::add(LessonKind Kind, FunctionRef F, const CallRef &Leaf) {
  Lesson &L = Out.Lessons.emplace_back();
  L.Function = F.F->Name.str();
  L.Kind = Kind;
  L.Evidence = evidence(Leaf.In, Leaf.Call->At, Leaf.Call->Callee);
  return L;
}

//===----------------------------------------------------------------------===//
// Certainty
//===----------------------------------------------------------------------===//

const CallFlow &Learner::flow(FunctionRef F) {
  auto [It, New] = Flows.try_emplace(F.F);
  if (!New)
    return It->second;
  CallFlow Flow;
  S.visit(F, [&](const CallPoint &P) {
    Flow.Points[P.Site.Call].Known = P.Before.Known;
  });
  for (const Block &B : F.F->Blocks)
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I)
      if (const Event &E = F.F->Events[I]; E.Kind == EventKind::Call)
        if (auto At = Flow.Points.find(&F.F->Calls[E.Index]);
            At != Flow.Points.end())
          At->second.Block = &B - F.F->Blocks.data();
  return Flows[F.F] = std::move(Flow);
}

/// Whether the function reports a failure here, by what is known of the value.
bool Learner::fails(FunctionRef F, const Event &Return) const {
  if (!Return.Value)
    return false;
  const Expr &Value = F.F->expr(Return.Value);
  if (Value.Kind == ExprKind::Call) {
    const CallRule *Rule = M.rule({F, &F.F->Calls[Value.Index]});
    return Rule && Rule->find(EffectKind::ErrorPointer);
  }
  auto Number = S.Names.values(F).constant(Return.Value);
  return Number && (*Number < 0 || (*Number == 0 && F.F->ReturnsPointer));
}

/// Whether \p Id tests a pointer, and is true where that is not null.
static bool isPresent(FunctionRef F, ExprId Id, bool IsTrue) {
  const Expr &E = F.F->expr(Id);
  if (E.Kind == ExprKind::Not)
    return isPresent(F, E.Ops[0], !IsTrue);
  return IsTrue && E.IsPointer;
}

/// Whether its function comes by the call whenever it does not fail, and has no
/// excuse that is allowed.
bool Learner::isOnEveryWay(const CallRef &Site, Excuse Allowed) {
  auto &Known = EveryWay[Allowed];
  auto [It, New] = Known.try_emplace(Site.Call, false);
  if (!New)
    return It->second;
  FunctionRef F = Site.In;
  const CallFlow &Flow = flow(F);
  auto At = Flow.Points.find(Site.Call);
  if (At == Flow.Points.end())
    return false;
  const CallFlow::Point &Point = At->second;
  const Evaluator &Values = S.Names.values(F);
  std::vector<uint32_t> Work = {0};
  llvm::BitVector Seen(F.F->Blocks.size());
  while (!Work.empty()) {
    uint32_t Index = Work.back();
    Work.pop_back();
    if (Seen.test(Index) || Index == Point.Block)
      continue;
    Seen.set(Index);
    const Block &B = F.F->Blocks[Index];
    bool Failed = false;
    for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I)
      if (const Event &E = F.F->Events[I]; E.Kind == EventKind::Return) {
        if (!fails(F, E))
          return false;
        Failed = true;
      }
    if (Failed)
      continue;
    if (F.F->ReturnsVoid && Index + 1 == F.F->Blocks.size())
      return false;
    for (auto [Side, Succ] : llvm::enumerate(B.Succs)) {
      ConditionList Learned;
      if (B.Condition)
        Values.learn(B.Condition, Side == 0, Learned);
      if (Allowed == Arguments &&
          llvm::any_of(Learned, [&](const Condition &C) {
            return llvm::is_contained(Point.Known, C.opposite());
          }))
        continue;
      if (Allowed == Null && B.Condition &&
          isPresent(F, B.Condition, Side != 0))
        continue;
      Work.push_back(Succ);
    }
  }
  return Known[Site.Call] = true;
}

/// Whether what \p Site passes for \p C is certain, or the caller's own: what
/// the analysis takes for likely is not enough here.
static bool isTold(const Evaluator &Values, const CallRef &Site,
                   const Condition &C) {
  if (C.Param >= Site.Call->Args.size())
    return false;
  ExprId Arg = Site.Call->Args[C.Param];
  const Expr &E = Site.In.F->expr(Arg);
  return Values.constant(Arg) || Values.param(Arg) >= 0 || E.IsPointer ||
         E.IsArray || E.Kind == ExprKind::AddrOf ||
         (E.Kind == ExprKind::Binary && E.Op == BinaryOp::BitOr);
}

bool Learner::isCertain(const Way &W) {
  if (W.IsDoubtful || !W.Released.empty())
    return false;
  for (auto [Index, Site] : llvm::enumerate(W.Path)) {
    if (!isOnEveryWay(Site))
      return false;
    if (!Index)
      continue;
    const CallRef &Before = W.Path[Index - 1];
    const Evaluator &Values = S.Names.values(Before.In);
    for (const Condition &C : flow(Site.In).Points.lookup(Site.Call).Known)
      if (!isTold(Values, Before, C))
        return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Lessons
//===----------------------------------------------------------------------===//

/// That a pointer is there goes without saying.
static ConditionList withoutPresence(FunctionRef F,
                                     const ConditionList &Needs) {
  ConditionList Rest;
  for (const Condition &C : Needs)
    if (C.Kind != Condition::NotEqual || C.Value != 0 ||
        !F.F->Vars[C.Param].IsPointer)
      Rest.push_back(C);
  return Rest;
}

void Learner::sleeps(FunctionRef F) {
  const Way *Best = nullptr;
  ConditionList Needs;
  for (const Way &W : S.of(F).Sleeps) {
    ConditionList Rest = withoutPresence(F, W.Needs);
    // With other arguments it fails.
    if (!Rest.empty() && llvm::all_of(W.Path, [&](const CallRef &C) {
          return isOnEveryWay(C, None);
        }))
      llvm::erase_if(Rest, [](const Condition &C) {
        return C.Kind == Condition::Equal || C.Kind == Condition::NotEqual;
      });
    bool IsFlag = Rest.size() == 1 &&
                  (Rest[0].Kind == Condition::HasBit ||
                   (Rest[0].Kind == Condition::NotEqual && !Rest[0].Value));
    if ((!Rest.empty() && !IsFlag) || (Best && Rest.size() >= Needs.size()) ||
        !isCertain(W))
      continue;
    Best = &W;
    Needs = Rest;
  }
  if (!Best)
    return;
  Lesson &L = add(LessonKind::Sleeps, F, Best->leaf());
  if (Needs.empty())
    return;
  L.Arg = Needs[0].Param;
  if (Needs[0].Kind == Condition::HasBit)
    L.Mask = Needs[0].Value;
}

/// Whether \p F releases \p Id of its caller whenever it does not fail.
bool Learner::unlocks(FunctionRef F, const LockId &Id, CallRef &Where) {
  if (!Unlocking.insert(F.F).second)
    return false;
  bool Found = false;
  S.visit(F, [&](const CallPoint &P) {
    if (Found || llvm::any_of(P.Before.Held, [&](const HeldLock &H) {
          return H.Id.mayBe(Id);
        }))
      return;
    if (FunctionRef Callee = S.Names.callee(P.Site)) {
      Found = llvm::is_contained(S.of(Callee).LeavesReleased, Id) &&
              isOnEveryWay(P.Site, Null) && unlocks(Callee, Id, Where);
      return;
    }
    const ContextCall *Rule = S.Names.rule(P.Site);
    Found = llvm::any_of(effectsOf(Rule),
                         [&](const ContextEffect &E) {
                           return E.Kind == ContextEffect::Unlock &&
                                  S.Names.lock(P.Site, E) == Id;
                         }) &&
            isOnEveryWay(P.Site, Null);
    if (Found)
      Where = P.Site;
  });
  Unlocking.erase(F.F);
  return Found;
}

void Learner::locks(FunctionRef F) {
  const Summary &Of = S.of(F);
  auto Add = [&](LessonKind Kind, const LockId &Id, std::string Evidence) {
    // What is a lock by itself has no name that says which.
    if (Id.Class.empty() || !isExclusive(Id.Kind) ||
        S.Names.Rules.lockType(Id.Class.split('.').first))
      return;
    Lesson &L = Out.Lessons.emplace_back();
    L.Function = F.F->Name.str();
    L.Kind = Kind;
    L.Of = Id.Kind;
    L.Lock = Id.Class.ltrim(':').str();
    L.Evidence = std::move(Evidence);
  };
  // What is released and taken again is held all the time to the caller.
  for (const LockId &Id : Of.LeavesHeld)
    if (!isReleased(Of.LeavesReleased, Id))
      Add(LessonKind::Locks, Id, evidence(F, F.F->At, ""));
  // What was taken on some path may be what was released.
  auto Takes = [&](const LockId &Id) {
    return llvm::any_of(Of.Takes,
                        [&](const Taking &T) { return T.Lock.mayBe(Id); });
  };
  CallRef Where;
  for (const LockId &Id : Of.LeavesReleased)
    if (!llvm::is_contained(Of.LeavesHeld, Id) && !Takes(Id) &&
        unlocks(F, Id, Where))
      Add(LessonKind::Unlocks, Id,
          evidence(Where.In, Where.Call->At, Where.Call->Callee));
  // After a lock that can fail, nobody has followed who holds it.
  auto CanFail = [&](const CallRef &Site) {
    const ContextCall *Rule = S.Names.rule(Site);
    return !Rule || Rule->Fails != FailKind::Never;
  };
  for (const Taking &T : Of.Takes)
    if (!T.Tries && !T.IsShared && isCertain(T) && !CanFail(T.leaf()) &&
        withoutPresence(F, T.Needs).empty() &&
        !llvm::is_contained(Of.LeavesHeld, T.Lock))
      Add(LessonKind::Takes, T.Lock,
          evidence(T.leaf().In, T.leaf().Call->At, T.leaf().Call->Callee));
}

/// Whether \p F frees the memory that its \p Param points to: \p What it is.
bool Learner::frees(FunctionRef F, int32_t Param, CallRef &Where,
                    StringRef &What) {
  if (!Active.insert({F.F, Param}).second)
    return false;
  const Evaluator &Values = S.Names.values(F);
  bool Found = false;
  for (const CallFacts &C : F.F->Calls) {
    CallRef Site{F, &C};
    if (FunctionRef Callee = M.function(F.TU, C.Callee)) {
      for (auto [Index, Arg] : llvm::enumerate(C.Args))
        if (Values.param(Arg) == Param && Index < Callee.F->numParams() &&
            frees(Callee, Index, Where, What))
          Found = isOnEveryWay(Site);
    } else if (const CallRule *Rule = M.rule(Site)) {
      for (const Effect &E : Rule->Effects) {
        const ResourceRule *Of =
            E.Kind == EffectKind::Release ? M.Rules.resource(E.What) : nullptr;
        if (!Of || !Of->IsMemory || E.Object.Pointee || Rule->ManagedBy ||
            Values.param(Uses::argument(Site, E.Object)) != Param)
          continue;
        Where = Site;
        What = E.What;
        Found = isOnEveryWay(Site);
      }
    }
    if (Found)
      break;
  }
  Active.erase({F.F, Param});
  return Found;
}

void Learner::arguments(FunctionRef F) {
  const Evaluator &Values = S.Names.values(F);
  for (unsigned Param = 0; Param != F.F->numParams(); ++Param) {
    if (!F.F->Vars[Param].IsPointer)
      continue;
    CallRef Where;
    StringRef What;
    if (frees(F, Param, Where, What)) {
      Lesson &L = add(LessonKind::Frees, F, Where);
      L.Arg = Param;
      L.Plain = What.str();
      continue;
    }
    for (const Event &E : F.F->Events) {
      if (E.Kind != EventKind::Store || !E.Value ||
          Values.param(E.Value) != int32_t(Param))
        continue;
      const Expr &To = F.F->expr(E.Target);
      if (To.Kind == ExprKind::Var && To.Index >= 0 &&
          !F.F->Vars[To.Index].IsStatic)
        continue;
      Lesson &L = Out.Lessons.emplace_back();
      L.Function = F.F->Name.str();
      L.Kind = LessonKind::Stores;
      L.Arg = Param;
      L.Evidence = evidence(F, E.At, To.Name);
      break;
    }
  }
}

/// The one call by which devres will undo what \p F has done.
std::string Learner::undoOf(FunctionRef F, const CallRef &Site,
                            const Effect &Action) {
  if (Action.Handlers.empty())
    return "";
  const Expr &Handler =
      F.F->expr(Uses::argument(Site, Action.Handlers.front()));
  if (Handler.Kind != ExprKind::Function)
    return "";
  FunctionRef Undo = M.function(F.TU, Handler.Name);
  if (!Undo)
    return Handler.Name.str(); // The kernel's own, handed over as it is.
  StringRef Only;
  for (const CallFacts &C : Undo.F->Calls) {
    if (C.Callee.empty())
      return "";
    const CallRule *Rule = M.kernelRule({Undo, &C});
    bool IsRelease = Rule && Rule->find(EffectKind::Release);
    if (!IsRelease && Undo.F->Calls.size() > 1)
      continue;
    if (!Only.empty() && Only != C.Callee)
      return "";
    Only = C.Callee;
  }
  return Only.str();
}

/// How much later \p F has the arguments of \p Plain: 1 where the device comes
/// first, 0 where it is one of them; -1 when they are others.
int Learner::shiftOf(FunctionRef F, const CallRef &Plain) const {
  const Evaluator &Values = S.Names.values(F);
  for (int Shift : {1, 0})
    if (F.F->numParams() == Plain.Call->Args.size() + Shift &&
        llvm::all_of(llvm::enumerate(Plain.Call->Args), [&](const auto &Arg) {
          return Values.param(Arg.value()) == int(Arg.index()) + Shift;
        }))
      return Shift;
  return -1;
}

void Learner::wraps(FunctionRef F) {
  std::string Undo;
  CallRef Registers;
  for (const CallFacts &C : F.F->Calls) {
    CallRef Site{F, &C};
    const CallRule *Rule = M.rule(Site);
    const Effect *Action = Rule ? Rule->find(EffectKind::Action) : nullptr;
    if (!Action)
      continue;
    if (Registers)
      return; // Several things.
    Registers = Site;
    Undo = undoOf(F, Site, *Action);
  }
  if (Undo.empty())
    return;
  // What the undo releases, one of its calls acquires.
  const CallRule *Ends = M.Rules.call(Undo, F.TU->KernelVersion);
  const Effect *End = Ends ? Ends->find(EffectKind::Release) : nullptr;
  std::map<StringRef, CallRef> Plain, Acquires;
  for (const CallFacts &C : F.F->Calls) {
    CallRef Site{F, &C};
    if (C.Callee.empty() || C.Callee == Undo || Site == Registers)
      continue;
    const CallRule *Rule = M.rule(Site);
    if (Rule && End && llvm::any_of(Rule->Effects, [&](const Effect &E) {
          return E.Kind == EffectKind::Acquire && E.What == End->What &&
                 !M.Rules.resource(E.What)->IsPublished;
        }))
      Acquires.try_emplace(C.Callee, Site);
    else if (!Rule)
      Plain.try_emplace(C.Callee, Site);
  }
  const auto &Of = Acquires.empty() ? Plain : Acquires;
  if (Of.size() != 1)
    return;
  Lesson &L = add(LessonKind::Wraps, F, Registers);
  L.Plain = Of.begin()->first.str();
  L.Undo = Undo;
  L.Arg = shiftOf(F, Of.begin()->second);
}

void Learner::exported(FunctionRef F) {
  if (!S.of(F).TestsContext)
    sleeps(F);
  locks(F);
  arguments(F);
  wraps(F);
}

/// The lock at \p P for which nothing may sleep, or null.
static const HeldLock *atomicLock(const CallPoint &P) {
  auto It = llvm::find_if(
      P.Before.Held, [](const HeldLock &H) { return isAtomic(H.Id.Kind); });
  return It == P.Before.Held.end() ? nullptr : &*It;
}

/// Whether \p F reads a pointer in \p Field, "record.field".
static bool isPointer(const FunctionFacts &F, StringRef Field) {
  auto [Record, Name] = Field.split('.');
  return llvm::any_of(F.Exprs, [Record = Record, Name = Name](const Expr &E) {
    return E.Kind == ExprKind::Member && E.IsPointer && E.Base == Record &&
           E.Name == Name;
  });
}

/// The locks that the module takes itself; the functions of others that it
/// calls with an atomic one, taken by the same function, or by all callers of a
/// static one.
void Learner::calls() {
  struct OpsCall {
    CallRef Site;
    std::optional<LockKind> Lock;
    bool HasReleased;
    FactList Facts;
  };
  std::vector<OpsCall> Calls;
  llvm::DenseMap<const FunctionFacts *, bool> AllHold;
  std::set<std::string> Locks, Free;
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      S.visit({TU.get(), &F}, [&](const CallPoint &P) {
        for (const ContextEffect &E : effectsOf(S.Names.rule(P.Site)))
          if (E.Kind == ContextEffect::Lock && E.Object)
            Locks.insert(S.Names.lock(P.Site, E).Class.ltrim(':').str());
        const HeldLock *Lock = atomicLock(P);
        if (FunctionRef Callee = S.Names.callee(P.Site)) {
          AllHold.try_emplace(Callee.F, true).first->second &= Lock != nullptr;
          return;
        }
        const Expr &Target = F.expr(P.Site.Call->Target);
        if (P.Site.Call->Callee.empty() && Target.Kind == ExprKind::Member &&
            !Target.Base.empty() && !S.Names.U.Names.isOwn(Target.Base))
          Calls.push_back({P.Site,
                           Lock ? std::optional(Lock->Id.Kind) : std::nullopt,
                           !P.Before.Released.empty(), P.Before.Facts});
      });
  auto IsNamed = [&](const TUFacts *TU, StringRef Name) {
    if (FunctionRef F = M.function(TU, Name))
      AllHold[F.F] = false;
  };
  for (const auto &TU : M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        IsNamed(TU.get(), E.Value);
    for (const FunctionFacts &F : TU->Functions)
      for (const auto &[Name, At] : F.References)
        IsNamed(TU.get(), Name);
  }
  for (OpsCall &C : Calls) {
    const FunctionFacts &In = *C.Site.In.F;
    const Expr &Target = In.expr(C.Site.Call->Target);
    std::string Field = (Target.Base + "." + Target.Name).str();
    if (!C.Lock && (!In.IsStatic || C.HasReleased || !AllHold.lookup(&In))) {
      Free.insert(std::move(Field));
      continue;
    }
    // That there is such a function, and what leads to it, goes without saying.
    llvm::erase_if(C.Facts, [&](const Fact &Of) {
      return Of.Kind == Fact::NotEqual && Of.Value == 0 &&
             (Of.Key == Field || (Of.Key.split('.').first != Target.Base &&
                                  isPointer(In, Of.Key)));
    });
    // A row can say one thing that a driver tells about its own functions.
    if (C.Facts.size() > 1 || S.of(C.Site.In).TestsContext ||
        (C.Facts.size() == 1 &&
         (C.Facts[0].Kind != Fact::Equal || C.Facts[0].Value != 0 ||
          C.Facts[0].Key.split('.').first != Target.Base)))
      continue;
    Lesson &L = Out.Lessons.emplace_back();
    L.Kind = LessonKind::Atomic;
    L.Function = std::move(Field);
    L.Of = C.Lock == LockKind::RawSpin ? LockKind::RawSpin : LockKind::Spin;
    if (!C.Facts.empty())
      L.Lock = C.Facts[0].Key.str();
    L.Evidence = evidence(C.Site.In, C.Site.Call->At, In.Name);
  }
  Out.CalledFree = {Free.begin(), Free.end()};
  Out.Locks = {Locks.begin(), Locks.end()};
}

ModuleLessons Learner::run(bool IsHeader) {
  std::set<StringRef> CalledOut;
  for (const auto &TU : M.TUs) {
    llvm::StringSet<> Exported;
    for (const TableFacts &T : TU->Tables)
      if (T.IsStatic && T.Record.empty() &&
          T.Name.contains(M.Rules.exports().Variable))
        for (const TableEntry &E : T.Entries)
          if (E.Kind == ExprKind::Function)
            Exported.insert(E.Value);
    for (const FunctionFacts &F : TU->Functions) {
      for (const Event &E : F.Events) {
        const Expr &To = F.expr(E.Target), &Value = F.expr(E.Value);
        if (E.Kind == EventKind::Store && To.Kind == ExprKind::Var &&
            To.Index >= 0 && Value.Kind == ExprKind::Call &&
            !F.Vars[To.Index].Cleanup.empty())
          Out.Guards.emplace_back(F.Calls[Value.Index].Callee.str(),
                                  F.Vars[To.Index].Cleanup.str());
      }
      for (const CallFacts &C : F.Calls)
        if (!C.Callee.empty() && !M.function(TU.get(), C.Callee))
          CalledOut.insert(C.Callee);
      if (!IsHeader && (F.IsStatic || !Exported.contains(F.Name)))
        continue;
      Out.Exported.push_back(F.Name.str());
      exported({TU.get(), &F});
    }
  }
  calls();
  llvm::sort(Out.Lessons);
  Out.Lessons.erase(std::unique(Out.Lessons.begin(), Out.Lessons.end()),
                    Out.Lessons.end());
  llvm::sort(Out.Exported);
  for (StringRef Name : CalledOut)
    Out.CalledOut.push_back(Name.str());
  return std::move(Out);
}

ModuleLessons learn(const Module &M, bool IsHeader) {
  return Learner(M).run(IsHeader);
}

} // namespace devlife
