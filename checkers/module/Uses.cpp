//===- Uses.cpp - What functions touch, and the entries of a module -------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Uses.h"

namespace devlife {

namespace {
constexpr unsigned MaxAccessor = 24;  // events of a register accessor
constexpr unsigned AccessorDepth = 3; // of accessors that call each other
constexpr unsigned MaxPath = 8;       // of calls that lead to a call
} // namespace

Uses::Uses(const Module &M) : M(M), Names(M) { index(); }

ExprId Uses::argument(const CallRef &Site, ArgRef Arg) {
  int Count = Site.Call->Args.size();
  int Index = Arg.Index < 0 ? Count + Arg.Index : Arg.Index;
  if (Arg.Kind != ArgRef::Arg || Index < 0 || Index >= Count)
    return 0;
  return Site.Call->Args[Index];
}

StringRef Uses::key(const CallRef &Site, ArgRef Arg) const {
  if (Arg.Kind == ArgRef::Return)
    return Names.ofResult(Site.In, Site.Call - Site.In.F->Calls.data());
  return Names.of(Site.In, argument(Site, Arg));
}

//===----------------------------------------------------------------------===//
// The module's entries
//===----------------------------------------------------------------------===//

std::vector<FunctionRef> Uses::functions(FunctionRef F, ExprId Id) const {
  std::vector<FunctionRef> Found;
  const Expr *E = &F.F->expr(Id);
  while (E->Kind == ExprKind::Cast || E->Kind == ExprKind::AddrOf)
    E = &F.F->expr(E->Ops[0]);
  if (E->Kind == ExprKind::Function) {
    if (FunctionRef Target = M.function(F.TU, E->Name))
      Found.push_back(Target);
  } else if (E->Kind == ExprKind::Conditional) {
    for (ExprId Side : {E->Ops[1], E->Ops[2]})
      llvm::append_range(Found, functions(F, Side));
  } else if (E->Kind == ExprKind::Var && E->Index >= 0 &&
             F.F->Vars[E->Index].ParamIndex >= 0) {
    // One level of helper: what the callers pass.
    unsigned Param = F.F->Vars[E->Index].ParamIndex;
    for (const CallRef &Call : callers(F))
      if (Param < Call.Call->Args.size()) {
        const Expr &Passed = Call.In.F->expr(Call.Call->Args[Param]);
        if (Passed.Kind == ExprKind::Function)
          if (FunctionRef Target = M.function(Call.In.TU, Passed.Name))
            Found.push_back(Target);
      }
  }
  return Found;
}

void Uses::bind(StringRef Kind, StringRef Key,
                std::vector<FunctionRef> Handlers, UseSite At) {
  if (Key.empty())
    return;
  auto It = llvm::find_if(
      Entries, [&](const BoundEntry &Entry) { return Entry.Key == Key; });
  if (It == Entries.end())
    It = Entries.insert(Entries.end(), BoundEntry{Kind, Key, {}, {}});
  for (FunctionRef Handler : Handlers)
    if (!llvm::is_contained(It->Handlers, Handler))
      It->Handlers.push_back(Handler);
  It->Binds.push_back(At);
}

void Uses::index() {
  auto Name = [&](const TUFacts *TU, StringRef Name) {
    if (FunctionRef F = M.function(TU, Name))
      Named.insert(F.F);
  };
  for (const auto &TU : M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (E.Kind == ExprKind::Function)
          Name(TU.get(), E.Value);
    for (const FunctionFacts &F : TU->Functions) {
      for (const auto &Reference : F.References)
        Name(TU.get(), Reference.first);
      for (const CallFacts &C : F.Calls)
        if (FunctionRef Callee = M.function(TU.get(), C.Callee))
          Callers[Callee.F].push_back({{TU.get(), &F}, &C});
    }
  }

  for (const auto &TU : M.TUs) {
    // Initialised where they are defined: DECLARE_WORK().
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries) {
        StringRef Field = E.Field;
        if (size_t Dot = Field.rfind('.'); Dot != StringRef::npos)
          Field = Field.drop_front(Dot + 1);
        bool Binds = llvm::any_of(M.Rules.stores(), [&](const FieldRule &R) {
          return R.Field == Field &&
                 (R.Record == T.Record || E.Field.contains('.'));
        });
        if (!Binds || E.Kind != ExprKind::Function)
          continue;
        if (FunctionRef Handler = M.function(TU.get(), E.Value))
          bind("", Names.global(T.Name), {Handler}, {Handler, E.At, {}});
      }
    for (const FunctionFacts &Fn : TU->Functions) {
      FunctionRef F{TU.get(), &Fn};
      for (const Event &E : Fn.Events) {
        if (E.Kind == EventKind::Store) {
          const Expr &To = Fn.expr(E.Target);
          const FieldRule *Rule = To.Kind == ExprKind::Member
                                      ? M.Rules.store(To.Base, To.Name)
                                      : nullptr;
          if (!Rule)
            continue;
          bind(Rule->Effects.front().What, Names.of(F, To.Ops[0]),
               functions(F, E.Value), {F, E.At, {}});
        } else if (E.Kind == EventKind::Call) {
          CallRef Site{F, &Fn.Calls[E.Index]};
          if (M.function(F.TU, Site.Call->Callee))
            continue;
          const CallRule *Rule = M.rule(Site);
          if (!Rule)
            continue;
          for (const Effect &What : Rule->Effects) {
            bool Has = What.Kind == EffectKind::Bind ||
                       (What.Kind == EffectKind::Arm && What.Object);
            if (!Has || What.Handlers.empty())
              continue;
            std::vector<FunctionRef> Handlers;
            for (ArgRef Handler : What.Handlers)
              llvm::append_range(Handlers,
                                 functions(F, argument(Site, Handler)));
            bind(What.What, key(Site, What.Object), std::move(Handlers),
                 {F, Site.Call->At, {}});
          }
        }
      }
    }
  }
}

llvm::ArrayRef<CallRef> Uses::callers(FunctionRef F) const {
  auto It = Callers.find(F.F);
  if (It == Callers.end())
    return {};
  return It->second;
}

std::vector<FunctionRef> Uses::handlersOf(StringRef Key) const {
  std::vector<FunctionRef> Found;
  for (const BoundEntry &Entry : Entries)
    if (Keys::overlap(Entry.Key, Key))
      for (FunctionRef Handler : Entry.Handlers)
        if (!llvm::is_contained(Found, Handler))
          Found.push_back(Handler);
  return Found;
}

StringRef Uses::kindOf(StringRef Key, StringRef Armed) const {
  for (const BoundEntry &Entry : Entries)
    if (Entry.Kind.size() > Armed.size() && Entry.Kind.ends_with(Armed) &&
        Keys::overlap(Entry.Key, Key))
      return Entry.Kind;
  return Armed;
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

const FunctionUses &Uses::of(FunctionRef F) const {
  auto &Slot = Of[F.F];
  if (!Slot) {
    auto New = std::make_unique<FunctionUses>();
    collect(*New, F);
    Slot = std::move(New);
  }
  return *Slot;
}

void Uses::touch(FunctionUses &U, FunctionRef F, ExprId Id, Loc At) const {
  if (StringRef Key = Names.of(F, Id); !Key.empty())
    U.Touched.try_emplace(Key, At);
  // The pointers on the way are followed.
  for (const Expr *E = &F.F->expr(Id); E->Ops[0]; E = &F.F->expr(E->Ops[0])) {
    bool Follows =
        (E->Kind == ExprKind::Member && E->Arrow) ||
        E->Kind == ExprKind::Deref ||
        (E->Kind == ExprKind::Index && !F.F->expr(E->Ops[0]).IsArray);
    if (!Follows)
      continue;
    StringRef Key = Names.of(F, E->Ops[0]);
    if (Keys::isObject(Key))
      continue;
    U.Touched.try_emplace(Key, At);
    U.Derefs.try_emplace(Key, At);
  }
}

void Uses::tested(FunctionUses &U, FunctionRef F, ExprId Id) const {
  const Expr &E = F.F->expr(Id);
  switch (E.Kind) {
  case ExprKind::Not:
  case ExprKind::Cast:
  case ExprKind::AddrOf: // test_bit(FLAG, &x)
    return tested(U, F, E.Ops[0]);
  case ExprKind::Binary:
    tested(U, F, E.Ops[0]);
    return tested(U, F, E.Ops[1]);
  case ExprKind::Call: // IS_ERR_OR_NULL(x), smp_load_acquire(x)
    for (ExprId Arg : F.F->Calls[E.Index].Args)
      tested(U, F, Arg);
    return;
  case ExprKind::Member:
  case ExprKind::Var:
  case ExprKind::Index:
    if (StringRef Key = Names.of(F, Id); !Key.empty())
      U.Tested.insert(Key);
    return;
  default:
    return;
  }
}

static bool isZero(const FunctionFacts &F, ExprId Id) {
  const Expr &E = Keys::bare(F, Id);
  return E.Kind == ExprKind::Int && E.Value == 0;
}

static bool isParam(const FunctionFacts &F, ExprId Id, int32_t Param) {
  const Expr &E = Keys::bare(F, Id);
  return E.Kind == ExprKind::Var && E.Index >= 0 &&
         F.Vars[E.Index].ParamIndex == Param;
}

/// Whether \p F, an accessor of the driver's own, writes a parameter to a
/// register.
bool Uses::writes(FunctionRef F, int32_t Param, unsigned Depth) const {
  if (!F || Depth == 0 || F.F->Events.size() > MaxAccessor)
    return false;
  auto IsParam = [&](ExprId Id) { return isParam(*F.F, Id, Param); };
  for (const CallFacts &C : F.F->Calls) {
    FunctionRef Callee = M.function(F.TU, C.Callee);
    if (!Callee)
      if (const CallRule *Rule = M.rule({F, &C}))
        for (const Effect &What : Rule->Effects)
          if (ExprId Value = argument({F, &C}, What.Data);
              What.Kind == EffectKind::Access && Value && IsParam(Value))
            return true;
    for (size_t I = 0; Callee && I != C.Args.size(); ++I)
      if (IsParam(C.Args[I]) && writes(Callee, I, Depth - 1))
        return true;
  }
  return false;
}

/// Whether the call itself resets the device, or writes to a register what
/// masks interrupts.
bool Uses::silences(const CallRef &Site) const {
  auto IsMask = [&](ExprId Id) {
    const Expr &E = Keys::bare(*Site.In.F, Id);
    return E.Kind == ExprKind::Int &&
           (E.Value == 0 || uint32_t(E.Value) == UINT32_MAX);
  };
  if (FunctionRef Callee = M.function(Site.In.TU, Site.Call->Callee)) {
    for (size_t I = 0; I != Site.Call->Args.size(); ++I)
      if (IsMask(Site.Call->Args[I]) && writes(Callee, I, AccessorDepth))
        return true;
    return false;
  }
  const CallRule *Rule = M.rule(Site);
  return Rule && llvm::any_of(Rule->Effects, [&](const Effect &What) {
           ExprId Value = argument(Site, What.Data);
           return What.Kind == EffectKind::Resets ||
                  (What.Kind == EffectKind::Access && Value && IsMask(Value));
         });
}

/// The calls with which \p F, a helper, arms the entry that it gets as \p
/// Param.
static void armsOfParam(const Module &M, FunctionRef F, int32_t Param,
                        unsigned Depth,
                        std::vector<std::pair<CallRef, const Effect *>> &Out) {
  if (Depth == 0 || F.F->Events.size() > MaxAccessor)
    return;
  for (const CallFacts &C : F.F->Calls) {
    CallRef Site{F, &C};
    if (FunctionRef Callee = M.function(F.TU, C.Callee)) {
      for (size_t I = 0; I != C.Args.size(); ++I)
        if (isParam(*F.F, C.Args[I], Param))
          armsOfParam(M, Callee, I, Depth - 1, Out);
      continue;
    }
    const CallRule *Rule = M.rule(Site);
    if (!Rule)
      continue;
    for (const Effect &What : Rule->Effects)
      if (ExprId Object = Uses::argument(Site, What.Object);
          What.Kind == EffectKind::Arm && Object &&
          isParam(*F.F, Object, Param))
        Out.push_back({Site, &What});
  }
}

/// What the call at \p E of a helper arms, which only knows it as a parameter.
void Uses::armsByHelper(FunctionUses &U, FunctionRef F, const Event &E) const {
  const CallFacts &Call = F.F->Calls[E.Index];
  FunctionRef Callee = M.function(F.TU, Call.Callee);
  for (size_t I = 0; I != Call.Args.size(); ++I) {
    StringRef Key = Keys::entry(Names.of(F, Call.Args[I]));
    if (Keys::isObject(Key)) // the helper finds the entry in it by itself
      continue;
    std::vector<std::pair<CallRef, const Effect *>> Arms;
    armsOfParam(M, Callee, I, AccessorDepth, Arms);
    for (const auto &[Site, What] : Arms) {
      ExprId Delay = argument(Site, What->Delay);
      bool AtOnce = Delay && isZero(*Site.In.F, Delay);
      for (size_t N = 0; Delay && N != Call.Args.size(); ++N)
        AtOnce |= Site.In == Callee && isParam(*Site.In.F, Delay, N) &&
                  isZero(*F.F, Call.Args[N]);
      U.Arms.push_back({What, Key, Site, {F, E.At, Key}, AtOnce});
    }
  }
}

void Uses::collect(FunctionUses &U, FunctionRef F) const {
  for (const Event &E : F.F->Events) {
    collect(U, F, E);
    if (E.Kind == EventKind::Call)
      collectCall(U, F, E);
  }
  for (const Block &B : F.F->Blocks)
    if (B.Condition)
      tested(U, F, B.Condition);
}

void Uses::collect(FunctionUses &U, FunctionRef F, const Event &E) const {
  switch (E.Kind) {
  case EventKind::Store:
    if (StringRef Key = Names.of(F, E.Target); !Key.empty())
      U.Stored.insert(Key);
    [[fallthrough]];
  case EventKind::Use:
    touch(U, F, E.Target, E.At);
    break;
  case EventKind::Call: {
    CallRef Site{F, &F.F->Calls[E.Index]};
    for (ExprId Arg : Site.Call->Args) {
      const Expr &Passed = F.F->expr(Arg);
      if (Passed.Kind != ExprKind::AddrOf && !Passed.IsPointer &&
          !Passed.IsArray)
        continue;
      touch(U, F, Arg, E.At);
      StringRef Key = Names.of(F, Arg);
      if (Passed.Kind == ExprKind::AddrOf && !Key.empty()) {
        U.Stored.insert(Key);
        U.Handed.insert(Key);
      }
      // `base + OFFSET` passes the pointer on.
      ExprId Pointer = Arg;
      while (Keys::bare(*F.F, Pointer).Kind == ExprKind::Binary)
        Pointer = Keys::bare(*F.F, Pointer).Ops[0];
      if (Pointer != Arg)
        Key = Names.of(F, Pointer);
      // Code that no rule knows may well take a null pointer.
      bool IsFollowed = M.function(F.TU, Site.Call->Callee) || M.rule(Site);
      if (Passed.IsPointer && Passed.Kind != ExprKind::AddrOf && IsFollowed &&
          !Keys::isObject(Key))
        U.Derefs.try_emplace(Key, E.At);
    }
    break;
  }
  case EventKind::Return:
  case EventKind::ScopeEnd:
    break;
  }
}

/// What the call at \p E does, beside what it touches.
void Uses::collectCall(FunctionUses &U, FunctionRef F, const Event &E) const {
  CallRef Site{F, &F.F->Calls[E.Index]};
  if (silences(Site))
    U.Masks.insert(Site.Call);
  if (M.function(F.TU, Site.Call->Callee))
    return armsByHelper(U, F, E);
  for (const Effect &What : effectsOf(M.rule(Site))) {
    if (What.Kind == EffectKind::Access) {
      if (!U.Access.isValid())
        U.Access = E.At;
      U.Accesses.push_back({E.At, key(Site, What.Object),
                            Names.recordOf(F, argument(Site, What.Object))});
    }
    if (What.Kind == EffectKind::Get)
      U.TakesReference = true;
    if (What.Kind == EffectKind::Needs)
      U.Needs.try_emplace(What.What, E.At);
    if (What.Kind != EffectKind::Arm || !What.Object)
      continue;
    StringRef Key = Keys::entry(key(Site, What.Object));
    ExprId Delay = argument(Site, What.Delay);
    U.Arms.push_back(
        {&What, Key, Site, {F, E.At, Key}, Delay && isZero(*F.F, Delay)});
  }
}

//===----------------------------------------------------------------------===//
// Handlers and what they call
//===----------------------------------------------------------------------===//

const std::vector<FunctionRef> &
Uses::calledFrom(llvm::ArrayRef<FunctionRef> Roots) const {
  std::vector<const FunctionFacts *> Id;
  for (FunctionRef Root : Roots)
    Id.push_back(Root.F);
  auto [It, New] = Reach.try_emplace(std::move(Id));
  if (!New)
    return It->second;
  std::vector<FunctionRef> &Found = It->second;
  std::vector<FunctionRef> Work(Roots.rbegin(), Roots.rend());
  llvm::DenseSet<const FunctionFacts *> Seen;
  while (!Work.empty()) {
    FunctionRef F = Work.back();
    Work.pop_back();
    if (!F || !Seen.insert(F.F).second)
      continue;
    Found.push_back(F);
    for (const CallFacts &C : F.F->Calls)
      if (FunctionRef Callee = M.function(F.TU, C.Callee))
        Work.push_back(Callee);
  }
  return Found;
}

bool Uses::isCalledTwice(FunctionRef F, FunctionRef Root) const {
  return llvm::count_if(callers(F), [&](const CallRef &Site) {
           return llvm::is_contained(calledFrom(Root), Site.In);
         }) > 1;
}

UseSite Uses::firstTouch(FunctionRef F, const FunctionUses &U, StringRef Key) {
  UseSite Found;
  for (const auto &Entry : U.Touched)
    if (Entry.first().size() >= Key.size() &&
        Keys::overlap(Key, Entry.first()) &&
        (!Found || Entry.second.Offset < Found.At.Offset))
      Found = {F, Entry.second, Entry.first()};
  return Found;
}

UseSite Uses::touches(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const {
  if (Key.empty())
    return {};
  for (FunctionRef F : calledFrom(Roots))
    if (UseSite Found = firstTouch(F, of(F), Key))
      return Found;
  return {};
}

UseSite Uses::touchesWhole(llvm::ArrayRef<FunctionRef> Roots,
                           StringRef Key) const {
  for (FunctionRef F : calledFrom(Roots)) {
    const FunctionUses &U = of(F);
    if (auto It = U.Touched.find(Key); It != U.Touched.end())
      return {F, It->second, It->first()};
  }
  return {};
}

UseSite Uses::follows(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const {
  UseSite Found;
  for (FunctionRef F : calledFrom(Roots)) {
    const FunctionUses &U = of(F);
    if (U.Tested.contains(Key))
      return {};
    if (auto It = U.Derefs.find(Key); It != U.Derefs.end() && !Found)
      Found = {F, It->second, It->first()};
  }
  return Found;
}

UseSite Uses::touchesRecord(llvm::ArrayRef<FunctionRef> Roots,
                            StringRef Record) const {
  UseSite Found;
  for (FunctionRef F : calledFrom(Roots)) {
    for (const auto &Entry : of(F).Touched)
      if (Entry.first().contains('.') && Names.holds(Record, Entry.first()) &&
          (!Found || Entry.second.Offset < Found.At.Offset))
        Found = {F, Entry.second, Entry.first()};
    if (Found)
      return Found;
  }
  return Found;
}

UseSite Uses::accesses(llvm::ArrayRef<FunctionRef> Roots) const {
  for (FunctionRef F : calledFrom(Roots))
    if (const FunctionUses &U = of(F); U.Access.isValid())
      return {F, U.Access, ""};
  return {};
}

bool Uses::accessesBefore(llvm::ArrayRef<FunctionRef> Roots,
                          const CallRef &Site) const {
  auto Leads = [&](FunctionRef F) {
    return llvm::is_contained(calledFrom(F), Site.In);
  };
  for (FunctionRef F : Roots) {
    // Down the calls that lead there, each of which may be made but once.
    for (unsigned Left = MaxPath; Left && Leads(F); --Left) {
      const CallFacts *Step = nullptr;
      FunctionRef Next;
      for (const CallFacts &C : F.F->Calls) {
        FunctionRef Callee = M.function(F.TU, C.Callee);
        bool IsStep = F == Site.In ? &C == Site.Call : Callee && Leads(Callee);
        if (IsStep && (!Step || C.At.Offset < Step->At.Offset)) {
          Step = &C;
          Next = Callee;
        }
      }
      for (const CallFacts &C : F.F->Calls) {
        if (C.At.Offset >= Step->At.Offset)
          continue;
        FunctionRef Callee = M.function(F.TU, C.Callee);
        const CallRule *Rule = Callee ? nullptr : M.rule({F, &C});
        if (Callee ? bool(accesses(Callee))
                   : Rule && Rule->find(EffectKind::Access))
          return true;
      }
      if (F == Site.In)
        return false;
      F = Next;
    }
    if (accesses(F))
      return true;
  }
  return true; // nothing leads there: it may have come before
}

bool Uses::replaces(FunctionRef F) const {
  llvm::StringSet<> Set, Held; // fields set; fields released, perhaps
  for (const Event &E : F.F->Events) {
    if (E.Kind != EventKind::Store || !E.Value)
      continue;
    const Expr &From = Keys::bare(*F.F, E.Value), &To = F.F->expr(E.Target);
    if (To.Kind == ExprKind::Member && From.Kind != ExprKind::Int)
      Set.insert(Names.of(F, E.Target));
    else if (To.Kind == ExprKind::Var && From.Kind == ExprKind::Member)
      Held.insert(Names.of(F, E.Value));
  }
  bool Releases = false;
  for (const CallFacts &C : F.F->Calls) {
    CallRef Site{F, &C};
    const CallRule *Rule = M.kernelRule(Site);
    const Effect *E = Rule ? Rule->find(EffectKind::Release) : nullptr;
    if (!E)
      continue;
    Releases = true;
    Held.insert(key(Site, E->Object));
  }
  return Releases && llvm::any_of(Held, [&](const auto &Key) {
           return !Keys::isObject(Key.first()) && Set.contains(Key.first());
         });
}

bool Uses::masks(llvm::ArrayRef<FunctionRef> Roots) const {
  return llvm::any_of(calledFrom(Roots),
                      [&](FunctionRef F) { return !of(F).Masks.empty(); });
}

UseSite Uses::needs(llvm::ArrayRef<FunctionRef> Roots,
                    StringRef Resource) const {
  for (FunctionRef F : calledFrom(Roots))
    if (const FunctionUses &U = of(F); U.Needs.count(Resource))
      return {F, U.Needs.lookup(Resource), ""};
  return {};
}

UseSite Uses::arms(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const {
  for (FunctionRef F : calledFrom(Roots))
    for (const EntryEvent &Arm : of(F).Arms)
      if (Keys::overlap(Arm.Key, Key))
        return Arm.At;
  return {};
}

bool Uses::tests(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const {
  return llvm::any_of(calledFrom(Roots), [&](FunctionRef F) {
    return of(F).Tested.contains(Key);
  });
}

/// The keys that \p Writers and what they call set.
static llvm::StringSet<> storedBy(const Uses &U,
                                  llvm::ArrayRef<FunctionRef> Writers) {
  llvm::StringSet<> Set;
  for (FunctionRef F : U.calledFrom(Writers))
    for (const auto &Key : U.of(F).Stored)
      Set.insert(Key.first());
  return Set;
}

static bool asksAbout(const FunctionUses &F, const llvm::StringSet<> &Set) {
  return llvm::any_of(
      F.Tested, [&](const auto &Key) { return Set.contains(Key.first()); });
}

bool Uses::isTold(llvm::ArrayRef<FunctionRef> Readers,
                  llvm::ArrayRef<FunctionRef> Writers) const {
  llvm::StringSet<> Set = storedBy(*this, Writers);
  return llvm::any_of(calledFrom(Readers),
                      [&](FunctionRef F) { return asksAbout(of(F), Set); });
}

bool Uses::isHanded(llvm::ArrayRef<FunctionRef> Writers, StringRef Key) const {
  return llvm::any_of(calledFrom(Writers), [&](FunctionRef F) {
    return of(F).Handed.contains(Key);
  });
}

bool Uses::asks(llvm::ArrayRef<FunctionRef> Roots,
                llvm::ArrayRef<FunctionRef> Writers) const {
  llvm::StringSet<> Set = storedBy(*this, Writers);
  return llvm::any_of(Roots,
                      [&](FunctionRef F) { return asksAbout(of(F), Set); });
}

} // namespace devlife
