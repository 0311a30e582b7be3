//===- RepairInit.cpp - Initialise before the window opens ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is initialised too late moves up, before the statement that opens the
// window: an initialisation cannot fail, so that no error path changes, as it
// would if the request moved down. Only where
//
//   - both stand in one function, the initialisation as a statement of its own
//     in a block that holds the other, and no label stands between them;
//   - what it names has its value already up there.
//
// All that the window's code needs moves, or nothing does.
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Statements.h"

namespace devlife {

/// Whether \p Site does nothing but make something ready that lies in an object
/// of the driver's own, or in a global.
static bool onlyInitialises(const Timelines &T, const CallRef &Site) {
  const CallRule *Rule = T.M.kernelRule(Site);
  return Rule && Rule->Fails == FailKind::Never && !Rule->ManagedBy &&
         llvm::all_of(Rule->Effects, [&](const Effect &E) {
           const ResourceRule *What = T.M.Rules.resource(E.What);
           StringRef Key = T.Touch.key(Site, E.Object);
           return E.Kind == EffectKind::Bind || E.Kind == EffectKind::Returns ||
                  (E.Kind == EffectKind::Acquire && What && What->IsOptional &&
                   !What->HasCallbacks && !What->IsPublished &&
                   (Key.starts_with("::") ||
                    T.Touch.Names.isOwn(Key.split('.').first)));
         });
}

/// Whether the calls and the store of \p Where do nothing else.
static bool onlyInitialises(const Timelines &T, const Statements &Code,
                            Extent Where) {
  auto In = [&](Loc At) {
    return At.File == Where.File && Where.Begin <= At.Offset &&
           At.Offset < Where.End;
  };
  for (const CallFacts &C : Code.F.Calls) {
    if (!In(C.At) || onlyInitialises(T, {Code.In, &C}))
      continue;
    // INIT_WORK() calls what debugging needs.
    FunctionRef Callee = T.M.function(Code.In.TU, C.Callee);
    if (C.Macro.empty() || T.M.rule({Code.In, &C}) ||
        (Callee && T.M.hasEffects(Callee)))
      return false;
  }
  return true;
}

/// Whether [Begin, End) stores to a member \p Name, or runs code of the module
/// that may.
static bool maySet(const Module &M, const Statements &Code, StringRef Name,
                   uint32_t Begin, uint32_t End) {
  auto In = [&](Loc At) {
    return At.File == Code.F.Body.File && Begin <= At.Offset && At.Offset < End;
  };
  for (const Event &E : Code.F.Events)
    if (E.Kind == EventKind::Store && In(E.At) &&
        Code.F.expr(E.Target).Name == Name)
      return true;
  return llvm::any_of(Code.F.Calls, [&](const CallFacts &C) {
    return In(C.At) && (C.Callee.empty() || M.function(Code.In.TU, C.Callee));
  });
}

/// Whether code in [Begin, End) is given \p Key or a part of it: it may be
/// hrtimer_init(), which clears what was stored before.
static bool isHandedOver(const Timelines &T, const Statements &Code,
                         StringRef Key, uint32_t Begin, uint32_t End) {
  return llvm::any_of(Code.F.Calls, [&](const CallFacts &C) {
    if (C.At.File != Code.F.Body.File || C.At.Offset < Begin ||
        C.At.Offset >= End)
      return false;
    return llvm::any_of(C.Args, [&](ExprId Arg) {
      StringRef Given = T.Touch.Names.of(Code.In, Arg);
      return !Given.empty() && !Keys::isObject(Given) &&
             Keys::overlap(Given, Key);
    });
  });
}

/// Whether all that \p What names means at \p Up what it means where it is.
static bool isReady(const Module &M, const Statements &Code, Extent What,
                    uint32_t Up) {
  for (const VarFacts *V : Code.variables(What))
    if (!V->IsStatic && Code.mayChange(*V, Up, What.Begin))
      return false;
  // p->q->r: q must not be set in between.
  StringRef Text = Code.text(What);
  for (size_t At = Text.find("->"); At != StringRef::npos;
       At = Text.find("->", At + 2)) {
    StringRef Before = Text.take_front(At);
    size_t Begin = Before.find_last_not_of(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    StringRef Name = Before.drop_front(Begin + 1);
    bool IsMember =
        Begin != StringRef::npos && StringRef(".>]").contains(Before[Begin]);
    if (IsMember && maySet(M, Code, Name, Up, What.Begin))
      return false;
  }
  return true;
}

/// The statement of the block of \p What that opens the window of \p C.
static std::optional<Statement> opener(const Statements &Code,
                                       const Statement &What, const Clash &C) {
  std::optional<Statement> Up =
      Code.enclosing(What.Block, C.W.Site.Call->At.Offset);
  return Up && Up->Text.Begin < What.Text.Begin ? Up : std::nullopt;
}

/// The first statement that opens a window for which the place \p Init comes
/// too late: findings that share a place share the edit.
static std::optional<Statement> target(const DriverTimeline &D,
                                       const Statements &Code,
                                       const Statement &What,
                                       const UseSite &Init) {
  std::optional<Statement> First;
  for (const Clash &C : D.Clashes) {
    if (C.Kind != Clash::BeforeInit || !(C.W.Site.In == Code.In))
      continue;
    auto IsPlace = [&](const UseSite &Place) {
      return Place.In == Init.In && Place.At.Offset == Init.At.Offset;
    };
    if (!IsPlace(C.Init) && llvm::none_of(C.Later, IsPlace))
      continue;
    std::optional<Statement> Up = opener(Code, What, C);
    if (!Up)
      return std::nullopt;
    if (!First || Up->Text.Begin < First->Text.Begin)
      First = Up;
  }
  return First;
}

/// What is initialised behind \p Up that the handlers of the entry \p Key use:
/// once that is bound, it can run.
static std::vector<UseSite> neededBy(const Timelines &T, const Statements &Code,
                                     StringRef Key, Extent Up) {
  std::vector<UseSite> Found;
  std::vector<FunctionRef> Handlers = T.Touch.handlersOf(Key);
  auto IsBehind = [&](Loc At) {
    return At.File == Code.F.Body.File && At.Offset >= Up.End;
  };
  auto Add = [&](StringRef What, Loc At, bool IsPointer) {
    if (!What.empty() && !Keys::overlap(What, Key) &&
        (IsPointer ? T.Touch.follows(Handlers, What)
                   : T.Touch.touches(Handlers, What)))
      Found.push_back({Code.In, At, What});
  };
  for (const CallFacts &C : Code.F.Calls) {
    CallRef Site{Code.In, &C};
    if (IsBehind(C.At) && onlyInitialises(T, Site))
      for (const Effect &E : T.M.rule(Site)->Effects)
        Add(T.Touch.key(Site, E.Object), C.At, false);
  }
  for (const Event &E : Code.F.Events) {
    if (E.Kind != EventKind::Store || !IsBehind(E.At))
      continue;
    const Expr &To = Code.F.expr(E.Target);
    if (To.Kind != ExprKind::Member ||
        Keys::bare(Code.F, E.Value).Kind == ExprKind::Int)
      continue;
    if (T.M.Rules.store(To.Base, To.Name))
      Add(T.Touch.Names.of(Code.In, To.Ops[0]), E.At, false);
    else if (To.IsPointer)
      Add(T.Touch.Names.of(Code.In, E.Target), E.At, true);
  }
  return Found;
}

void repairInit(const Timelines &T, const DriverTimeline &D, const Clash &C,
                Finding &F) {
  if (C.W.Source)
    return;
  SourceTexts Texts;
  Statements Code(C.W.Site.In, Texts);
  std::vector<UseSite> Inits = {C.Init};
  llvm::append_range(Inits, C.Later);
  std::map<uint32_t, Statement> Ups; ///< By place; of neededBy().
  std::map<uint32_t, std::pair<Extent, Extent>> Moves; ///< What, before what.
  for (size_t I = 0; I != Inits.size(); ++I) {
    UseSite Init = Inits[I];
    if (!(Init.In == Code.In))
      return;
    std::optional<Statement> What = Code.find(Init.At);
    if (!What)
      return;
    if (Moves.count(What->Text.Begin))
      continue;
    std::optional<Statement> Up = target(D, Code, *What, Init);
    if (!Up && Ups.count(Init.At.Offset))
      Up = Ups[Init.At.Offset];
    if (!Up || Up->Block != What->Block ||
        !onlyInitialises(T, Code, What->Text) ||
        !Code.isCompiled(Up->Text.Begin, What->Text.End) ||
        !isReady(T.M, Code, What->Text, Up->Text.Begin) ||
        isHandedOver(T, Code, Init.Key, Up->Text.End, What->Text.Begin))
      return;
    std::optional<std::vector<int>> Between =
        Code.between(What->Block, Up->Text.Begin, What->Text.Begin);
    if (!Between || llvm::any_of(*Between, [&](int N) {
          StmtKind Kind = Code.F.Skeleton[N].Kind;
          return Kind == StmtKind::Label || Kind == StmtKind::Case;
        }))
      return;
    Moves[What->Text.Begin] = {What->Text, Up->Text};
    for (const UseSite &More : neededBy(T, Code, Init.Key, Up->Text)) {
      Inits.push_back(More);
      Ups.try_emplace(More.At.Offset, *Up);
    }
  }
  std::vector<Edit> Edits;
  for (auto It = Moves.begin(); It != Moves.end();) {
    auto [What, Up] = It->second;
    // Neighbours go together, with the blank line that is left.
    for (++It; It != Moves.end() && It->second.second.Begin == Up.Begin &&
               Code.File.slice(What.End, It->first).trim().empty();
         ++It)
      What.End = It->second.first.End;
    Code.moveBefore(What, Up, Edits);
  }
  F.Edits = Code.asOne(std::move(Edits));
}

} // namespace devlife
