//===- Interpreter.cpp - Runs functions over abstract states --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"
#include "llvm/ADT/BitVector.h"

namespace devlife {

namespace {
constexpr unsigned MaxFailureDepth = 1; // of calls, for the next
constexpr unsigned MaxResultDepth = 4;  // of functions that return a result
constexpr unsigned MaxExits = 6;        // kept apart at the end of a function
} // namespace

/// Variables, and results of calls after them, that may still be read, per
/// block. `x = wide ? f(p) : g(p)` reads results of other blocks.
struct Interpreter::Liveness {
  std::vector<llvm::BitVector> AtEntry;
};

Interpreter::Interpreter(const Uses &Touch, StringRef Device, Observer &Watch,
                         llvm::UniqueStringSaver &Strings)
    : Touch(Touch), M(Touch.M), All(M.Wanted.all()),
      IsModule(Device == "module"), Device(Device), Watch(Watch),
      Strings(Strings) {}

Interpreter::~Interpreter() = default;

//===----------------------------------------------------------------------===//
// Liveness
//===----------------------------------------------------------------------===//

static void readVars(const FunctionFacts &F, ExprId Id, llvm::BitVector &Live) {
  const Expr &E = F.expr(Id);
  if (E.Kind == ExprKind::Var && E.Index >= 0)
    Live.set(E.Index);
  if (E.Kind == ExprKind::Call)
    Live.set(F.Vars.size() + E.Index);
  for (ExprId Op : E.Ops)
    if (Op)
      readVars(F, Op, Live);
}

const Interpreter::Liveness &Interpreter::liveness(const FunctionFacts &F) {
  auto &Slot = LivenessOf[&F];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<Liveness>();
  llvm::BitVector None(F.Vars.size() + F.Calls.size());
  Slot->AtEntry.assign(F.Blocks.size(), None);
  // A variable whose address is taken lives throughout.
  llvm::BitVector Always = None;
  for (const Expr &E : F.Exprs)
    if (E.Kind == ExprKind::AddrOf && F.expr(E.Ops[0]).Kind == ExprKind::Var &&
        F.expr(E.Ops[0]).Index >= 0)
      Always.set(F.expr(E.Ops[0]).Index);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (size_t I = F.Blocks.size(); I-- != 0;) {
      const Block &B = F.Blocks[I];
      llvm::BitVector Live = Always;
      for (uint32_t Succ : B.Succs)
        Live |= Slot->AtEntry[Succ];
      if (B.Condition)
        readVars(F, B.Condition, Live);
      for (uint32_t N = B.EndEvent; N-- != B.FirstEvent;) {
        const Event &E = F.Events[N];
        if (E.Kind == EventKind::Store) {
          const Expr &To = F.expr(E.Target);
          if (To.Kind == ExprKind::Var && To.Index >= 0 && !Always[To.Index])
            Live.reset(To.Index);
          else
            readVars(F, E.Target, Live);
        } else if (E.Target) {
          readVars(F, E.Target, Live);
        }
        if (E.Value)
          readVars(F, E.Value, Live);
        if (E.Kind == EventKind::Call) {
          const CallFacts &C = F.Calls[E.Index];
          Live.reset(F.Vars.size() + E.Index);
          for (ExprId Arg : C.Args)
            readVars(F, Arg, Live);
          if (C.Target)
            readVars(F, C.Target, Live);
        }
        if (E.Kind == EventKind::ScopeEnd)
          Live.set(E.Index);
      }
      if (Live != Slot->AtEntry[I]) {
        Slot->AtEntry[I] = std::move(Live);
        Changed = true;
      }
    }
  }
  return *Slot;
}

/// Forgets what cannot matter any more, so that states become equal.
void Interpreter::enterBlock(State &S, const FunctionFacts &F, uint32_t Block) {
  const llvm::BitVector &Live = liveness(F).AtEntry[Block];
  auto &Frame = S.Frames[S.Frame];
  auto Forget = [&](size_t I) {
    if (Frame[I].isKnown())
      Frame.edit()[I] = Value();
  };
  // The last slot is what the function returns.
  for (size_t I = 0; I + 1 < Frame.size(); ++I)
    if (!Live[I])
      Forget(I);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

std::vector<Value> Interpreter::entryArguments(FunctionRef F) const {
  std::vector<Value> Args;
  for (unsigned I = 0, N = F.F->numParams(); I != N; ++I) {
    const VarFacts &V = F.F->Vars[I];
    Value Arg;
    if (V.IsPointer && !V.Record.empty()) {
      Arg.Kind = Value::Object;
      Arg.Text = V.Record;
    }
    Args.push_back(Arg);
  }
  return Args;
}

State Interpreter::staticState(FunctionRef F) const {
  State S;
  std::vector<Value> Frame = entryArguments(F);
  Frame.resize(F.F->Vars.size() + F.F->Calls.size() + 1);
  S.Frames.push_back(std::move(Frame));
  return S;
}

Value Interpreter::staticValue(FunctionRef F, ExprId Id) {
  State S = staticState(F);
  return eval(S, F, Id);
}

Value Interpreter::staticArgument(const CallRef &Site, ArgRef Arg) {
  State S = staticState(Site.In);
  return argument(S, Site, Arg);
}

/// Returns \p Id. What it says about a failure it says on a way of its own:
/// `return priv->ring ? 0 : -ENOMEM`, `return !ring`.
void Interpreter::returned(State S, FunctionRef F, ExprId Id,
                           std::vector<State> &Out) {
  const Expr &E = F.F->expr(Id);
  bool IsTest = E.Kind == ExprKind::Not ||
                (E.Kind == ExprKind::Binary &&
                 (E.Op == BinaryOp::EQ || E.Op == BinaryOp::NE));
  if (!All || (!IsTest && E.Kind != ExprKind::Conditional)) {
    S.Frames[S.Frame].edit().back() = Id ? eval(S, F, Id) : Value();
    Out.push_back(std::move(S));
    return;
  }
  for (bool Truth : {true, false}) {
    std::vector<State> Branches;
    assume(S, F, IsTest ? Id : E.Ops[0], Truth, Branches);
    for (State &Branch : Branches) {
      Branch.Frames[Branch.Frame].edit().back() =
          IsTest ? Value::integer(Truth)
                 : eval(Branch, F, E.Ops[Truth ? 1 : 2]);
      Out.push_back(std::move(Branch));
    }
  }
}

/// Whether what \p L points to is acquired. Who clears such a field speaks of
/// another object of the record, or of another element, that shares its key.
bool Interpreter::holdsLive(const State &S, const Location &L) const {
  auto Held = S.Heap->find(L.Text);
  if (!All || L.Kind != Location::Key || Held == S.Heap.end())
    return false;
  return llvm::any_of(S.Resources, [&](const Resource &R) {
    return R.State == Life::Live && R.Object.isKnown() &&
           R.Object == Held->second;
  });
}

/// What is handed over by its address may be another number afterwards.
void Interpreter::forgetNumbers(State &S, const CallRef &Site) {
  for (ExprId Arg : Site.Call->Args) {
    const Expr &E = Keys::bare(*Site.In.F, Arg);
    if (E.Kind != ExprKind::AddrOf)
      continue;
    Location L = locate(S, Site.In, E.Ops[0]);
    Value Old = read(S, L, Site.In.F->expr(E.Ops[0]));
    if (Old.Kind == Value::Int || Old.Kind == Value::NotZero ||
        Old.Kind == Value::Load)
      write(S, L, Value());
  }
}

std::vector<State> Interpreter::runBlock(State First, FunctionRef F,
                                         const Block &B) {
  std::vector<State> States;
  States.push_back(std::move(First));
  for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I) {
    const Event &E = F.F->Events[I];
    switch (E.Kind) {
    case EventKind::Call: {
      CallRef Site{F, &F.F->Calls[E.Index]};
      if (Site.Call->Callee == "__builtin_unreachable")
        return {}; // BUG()
      size_t Slot = F.F->Vars.size() + E.Index;
      std::vector<State> Next;
      FunctionRef Callee = M.function(F.TU, Site.Call->Callee);
      for (State &S : States)
        if (All && !(Callee && M.hasEffects(Callee)))
          forgetNumbers(S, Site);
      for (State &S : States)
        for (Exit &X : call(std::move(S), Site)) {
          X.S.Frames[X.S.Frame].edit()[Slot] = X.Return;
          Next.push_back(std::move(X.S));
        }
      States = std::move(Next);
      break;
    }
    case EventKind::Store:
      for (State &S : States) {
        const Expr &To = F.F->expr(E.Target);
        if (!To.Record.empty() && !To.IsPointer && !To.IsArray) {
          copyRecord(S, prefix(locate(S, F, E.Target)),
                     prefix(locate(S, F, E.Value)));
          continue;
        }
        stored(S, F, E);
        Value V = E.Value ? eval(S, F, E.Value) : Value();
        Location L = locate(S, F, E.Target);
        write(S, L, holdsLive(S, L) && V == Value::integer(0) ? Value() : V);
      }
      break;
    case EventKind::Return: {
      std::vector<State> Next;
      for (State &S : States)
        returned(std::move(S), F, E.Value, Next);
      States = std::move(Next);
      break;
    }
    case EventKind::ScopeEnd:
      // The cleanup of a variable releases what it still holds.
      for (State &S : States)
        if (Value V = S.Frames[S.Frame][E.Index]; All && V.isKnown())
          S.Resources.change([&](const Resource &R) { return R.Object == V; },
                             [](Resource &R) { R.Escaped = true; });
      break;
    case EventKind::Use:
      break;
    }
  }
  return States;
}

std::vector<Interpreter::Exit>
Interpreter::run(FunctionRef F, std::vector<Value> Args, State S) {
  std::vector<Exit> Exits;
  const FunctionFacts &Fn = *F.F;
  if (Fn.Blocks.empty()) {
    Exits.push_back({std::move(S), Value()});
    return Exits;
  }
  uint32_t Depth = S.Frames.size();
  std::vector<Value> Frame(Fn.Vars.size() + Fn.Calls.size() + 1);
  for (size_t I = 0; I != Args.size() && I < Fn.numParams(); ++I)
    Frame[I] = Args[I];
  S.Frames.push_back(std::move(Frame));
  uint32_t Caller = S.Frame;
  S.Frame = Depth;

  std::map<uint32_t, std::vector<State>> Pending;
  std::vector<std::vector<State>> Seen(Fn.Blocks.size());
  Pending[0].push_back(std::move(S));
  uint32_t Last = Fn.Blocks.size() - 1;
  while (!Pending.empty()) {
    auto [Index, States] = *Pending.begin();
    Pending.erase(Pending.begin());
    if (Index == Last)
      continue; // collected in Seen
    for (State &From : States) {
      if (Budget == 0 || --Budget == 0) {
        Incomplete = true;
        break;
      }
      const Block &B = Fn.Blocks[Index];
      for (State &After : runBlock(std::move(From), F, B)) {
        for (size_t N = 0; N != B.Succs.size(); ++N) {
          std::vector<State> Branches;
          if (B.Condition)
            assume(After, F, B.Condition, N == 0, Branches);
          else
            Branches.push_back(After);
          for (State &Branch : Branches) {
            uint32_t To = B.Succs[N];
            enterBlock(Branch, Fn, To);
            State Changed;
            // The ways out of a phase stay apart by what has failed.
            bool ByFailure = All && Depth <= MaxFailureDepth;
            if (!addState(Seen[To], std::move(Branch), ByFailure, Changed))
              continue;
            // A state that waits already is replaced by what it became.
            auto &Waiting = Pending[To];
            auto Old = llvm::find_if(Waiting, [&](const State &O) {
              return O.sameValues(Changed) &&
                     (!ByFailure || O.Failure == Changed.Failure);
            });
            if (Old != Waiting.end())
              *Old = std::move(Changed);
            else
              Waiting.push_back(std::move(Changed));
          }
        }
      }
    }
    if (Incomplete)
      break;
  }

  for (State &Done : Seen[Last]) {
    Value Return = Done.Frames[Depth].back();
    // What the function returned is all that is left of its variables.
    if (Return.Kind == Value::Int && Return.Number < 0)
      Return = Value::integer(-1);
    if (Return.Kind == Value::Local && Return.Frame == Depth) {
      // A record by value outlives its variable under the function's name.
      Location Gone;
      Gone.Kind = Location::Local;
      Gone.Frame = Depth;
      Gone.Var = Return.Number;
      Return = Value();
      Return.Kind = Value::Address;
      Return.Text = save("$" + Fn.Name);
      copyRecord(Done, Return.Text, prefix(Gone));
    }
    Done.Frames.resize(Depth);
    Done.Frame = Caller;
    std::string Prefix = ("#" + llvm::Twine(Depth) + ".").str();
    if (auto First = Done.Heap->lower_bound(Prefix);
        First != Done.Heap->end() && First->first.starts_with(Prefix)) {
      auto &Heap = Done.Heap.edit();
      for (auto It = Heap.lower_bound(Prefix);
           It != Heap.end() && It->first.starts_with(Prefix);)
        It = Heap.erase(It);
    }
    bool ByFailure = All && Depth <= MaxFailureDepth;
    auto Twin = llvm::find_if(Exits, [&](const Exit &X) {
      return X.Return == Return && X.S.sameValues(Done) &&
             (!ByFailure || X.S.Failure == Done.Failure);
    });
    if (Twin == Exits.end() &&
        Exits.size() >= (ByFailure ? MaxFailures : MaxExits)) {
      // Too many: success and failure at least stay apart.
      Exit This{State(), Return};
      auto Class = [](const Exit &X) {
        return std::pair(mayFail(X), maySucceed(X));
      };
      auto IsLike = [&](const Exit &X) { return Class(X) == Class(This); };
      Twin = llvm::find_if(Exits, [&](const Exit &X) {
        return IsLike(X) && X.S.sameValues(Done);
      });
      if (Twin == Exits.end())
        Twin = llvm::find_if(Exits, IsLike);
      if (Twin != Exits.end())
        Twin->Return = !maySucceed(This) ? Value::integer(-1)
                       : !mayFail(This)  ? Value::integer(0)
                                         : Value();
    }
    if (Twin != Exits.end())
      joinAll(Twin->S, Done);
    else
      Exits.push_back({std::move(Done), Return});
  }
  return Exits;
}

/// The number that \p F returns, whatever it does.
std::optional<int64_t> Interpreter::resultOf(FunctionRef F,
                                             unsigned Depth) const {
  std::optional<int64_t> Number;
  for (const Event &E : F.F->Events) {
    if (E.Kind != EventKind::Return)
      continue;
    const Expr &Value = Keys::bare(*F.F, E.Value);
    std::optional<int64_t> This;
    if (Value.Kind == ExprKind::Int)
      This = Value.Value;
    else if (Value.Kind == ExprKind::Call && Depth < MaxResultDepth)
      if (FunctionRef Callee = M.function(F.TU, F.F->Calls[Value.Index].Callee))
        This = resultOf(Callee, Depth + 1);
    if (!This || (Number && *Number != *This))
      return std::nullopt;
    Number = This;
  }
  return Number;
}

std::vector<Interpreter::Exit> Interpreter::call(State S, const CallRef &Site) {
  llvm::SmallVector<FunctionRef, 2> Targets;
  const CallFacts &Call = *Site.Call;
  if (All && !Device.empty() && !S.IsQuiet)
    S.IsQuiet = Touch.masks(Site);
  if (FunctionRef Direct = M.function(Site.In.TU, Call.Callee)) {
    Targets.push_back(Direct);
  } else if (Call.Target) {
    const Expr &Target = Site.In.F->expr(Call.Target);
    Value V = eval(S, Site.In, Call.Target);
    if (V.Kind == Value::Function && V.Fn)
      Targets.push_back(V.Fn);
    else if (Target.Kind == ExprKind::Member) {
      StringRef Table;
      if (All && Target.Arrow)
        Table = globalAt(eval(S, Site.In, Target.Ops[0]));
      std::string Path = (Target.Base + "." + Target.Name).str();
      if (FunctionRef Known = M.tableFunction(Site.In.TU, Table, Path))
        Targets.push_back(Known);
      else
        for (FunctionRef T : M.fieldTargets(Target.Base, Target.Name))
          if (M.hasEffects(T))
            Targets.push_back(T);
    }
    if (Targets.size() > MaxTargets) {
      if (All)
        mayStop(S, Targets);
      Targets.clear();
    }
  } else if (const CallRule *Rule = M.rule(Site)) {
    return apply(std::move(S), Site, *Rule);
  }
  std::vector<Exit> Exits;
  for (FunctionRef T : Targets) {
    if (!M.hasEffects(T) || !canEnter(T)) {
      if (All && !Device.empty() && !S.IsQuiet)
        S.IsQuiet = Touch.masks(T);
      continue;
    }
    std::vector<Value> Args;
    for (size_t I = 0; I != Call.Args.size(); ++I)
      Args.push_back(eval(S, Site.In, Call.Args[I]));
    Stack.push_back(Site);
    for (Exit &X : run(T, std::move(Args), S)) {
      bool Fails = !maySucceed(X) && !T.F->ReturnsVoid;
      X.S.Failure = Fails ? &Call : S.Failure;
      Exits.push_back(std::move(X));
    }
    Stack.pop_back();
  }
  if (!Exits.empty())
    return Exits;
  if (Targets.empty())
    escape(S, Site);
  Value Return;
  Return.Kind = Value::Result;
  Return.Call = Site;
  // What always fails does so in this configuration of the kernel, perhaps.
  if (Targets.size() == 1) {
    auto [It, New] = Numbers.try_emplace(Targets.front().F);
    if (New)
      It->second = resultOf(Targets.front(), 0);
    if (It->second && *It->second >= 0)
      Return = Value::integer(*It->second);
  }
  Exits.push_back({std::move(S), Return});
  return Exits;
}

bool Interpreter::canEnter(FunctionRef F) const {
  return F && Stack.size() < MaxDepth &&
         llvm::none_of(Stack, [&](const CallRef &C) { return C.In == F; });
}

State Interpreter::enter(State S, const CallRef &Site, FunctionRef F,
                         std::vector<Value> Args) {
  Stack.push_back(Site);
  std::vector<Exit> Exits = run(F, std::move(Args), S);
  Stack.pop_back();
  return Exits.empty() ? std::move(S) : joined(std::move(Exits));
}

bool Interpreter::mayFail(const Exit &E) {
  switch (E.Return.Kind) {
  case Value::Int:
    return E.Return.Number < 0;
  case Value::Succeeded:
    return false;
  default:
    return true;
  }
}

bool Interpreter::maySucceed(const Exit &E) {
  switch (E.Return.Kind) {
  case Value::Int:
    return E.Return.Number >= 0;
  case Value::Failed:
  case Value::NotZero:
    return false;
  default:
    return true;
  }
}

State Interpreter::joined(std::vector<Exit> Exits) {
  State S = std::move(Exits.front().S);
  for (size_t I = 1; I != Exits.size(); ++I)
    S.join(Exits[I].S);
  return S;
}

State Interpreter::asFailed(Exit E) const {
  if (E.Return.Kind == Value::Result)
    E.S.undo(E.Return.Call);
  return std::move(E.S);
}

/// What ends with \p Managed, and what its plain end runs.
std::vector<std::pair<ArgRef, const Effect *>>
Interpreter::stopsOf(const CallRef &Managed) const {
  std::vector<std::pair<ArgRef, const Effect *>> Found;
  const CallRule *Rule = M.rule(Managed);
  if (!All || !Rule)
    return Found;
  for (const Effect &E : Rule->Effects)
    if (E.Kind == EffectKind::Acquire)
      if (const Effect *Stops = M.Rules.stops(E.What))
        Found.emplace_back(E.Object, Stops);
  return Found;
}

State Interpreter::releaseManaged(State S) {
  while (!S.Devres.empty()) {
    DevresItem Item = S.Devres.back();
    S.Devres.edit().pop_back();
    if (Item.Action.Kind == Value::Function) {
      if (!Item.Action.Fn)
        continue;
      // The release function of a devres node has the device before it.
      std::vector<Value> Args = {Item.Data};
      if (Item.Action.Fn.F->numParams() > 1)
        Args = entryArguments(Item.Action.Fn);
      S = enter(std::move(S), Item.Site, Item.Action.Fn, std::move(Args));
      continue;
    }
    S.Windows.change(
        [&](const Window &W) { return W.Site == Item.Site && W.Managed; },
        [&](Window &W) { close(S, W, Item.Site, false); });
    if (const CallRule *Rule = M.rule(Item.Site))
      for (const Effect &E : Rule->Effects)
        if (E.Kind == EffectKind::ManagesEntry)
          if (Window *W = S.entry(Keys::entry(keyOf(S, Item.Site, E.Object))))
            close(S, *W, Item.Site, false);
    // As the plain call does that unregisters it.
    for (const auto &[Object, Stops] : stopsOf(Item.Site))
      S = callback(std::move(S), Item.Site, Object, *Stops);
    for (size_t I = 0; I != S.Resources.size(); ++I) {
      if (!(S.Resources[I].Site == Item.Site) ||
          S.Resources[I].State == Life::Released)
        continue;
      Resource &R = S.Resources.edit()[I];
      R.State = Life::Released;
      Ending What;
      What.Site = What.Acquired = R.Site;
      What.At = {R.Site.In, R.Site.Call->At, R.Key};
      What.What = M.Rules.resource(R.What);
      if (!R.Key.empty())
        What.Keys.push_back(R.Key);
      What.Record = R.Record;
      What.ByDevres = true;
      What.Many = R.Many;
      What.IsThing = R.IsThing;
      finish(S, What);
    }
  }
  return S;
}

} // namespace devlife
