//===- Effects.cpp - What a call with a rule does to the state ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

/// Whether what \p Arg names is unusable without the resource: it was handed
/// out by a call, or lies in an object of the driver's own.
bool Interpreter::isThing(const CallRef &Site, ArgRef Arg,
                          const ResourceRule *What, StringRef Key) const {
  // Dropping a reference does not end the object.
  if (!What || What->HasCallbacks || What->IsPower ||
      (What->IsReference && !What->IsNeeded))
    return false;
  if (What->IsReturned || What->IsMemory)
    return true;
  ExprId Id = Uses::argument(Site, Arg);
  return (What->IsOptional || What->IsNeeded) && !What->IsPublished && Id &&
         Touch.Names.isAddress(*Site.In.F, Id) &&
         Touch.Names.isOwn(Key.split('.').first);
}

/// What \p Site puts where \p Out points to: `request_firmware(&fw, ...)`.
Value Interpreter::handOut(State &S, const CallRef &Site, ArgRef Out) {
  Value Where = argument(S, Site, Out);
  Location L = pointee(Where, "");
  if (L.Kind == Location::None)
    return Where;
  Value Made;
  Made.Kind = Value::Succeeded;
  Made.Call = Site;
  Made.What = "*";
  Made.Number = Out.Index;
  write(S, L, Made);
  return Made;
}

/// Whether \p Id is a pointer that a field holds. The object that it leads to
/// has been there before, whatever the call does with it.
bool Interpreter::isHeld(const CallRef &Site, ExprId Id) const {
  const FunctionFacts &F = *Site.In.F;
  unsigned Left = MaxDepth; // of variables that are set from each other
  while (Id && Left--) {
    const Expr &E = Keys::bare(F, Id);
    if (E.Kind != ExprKind::Var || E.Index < 0)
      return E.Kind == ExprKind::Member && E.IsPointer && !E.IsArray;
    Id = Touch.Names.definition(F, E.Index);
  }
  return false;
}

void Interpreter::acquire(State &S, const CallRef &Site, const CallRule &Rule,
                          const Effect &E) {
  Value Object = argument(S, Site, E.Object);
  if (E.Object.Kind == ArgRef::Return) {
    Object.Kind = Value::Result;
    Object.Call = Site;
  } else if (E.Object.Pointee && All) {
    Object = handOut(S, Site, E.Object);
  }
  // What was released here first is only taken back: a restart.
  bool IsTakenBack = llvm::any_of(S.Resources, [&](const Resource &R) {
    return R.What == E.What && R.Object == Object && R.Released &&
           R.Site == R.Released;
  });
  llvm::erase_if(S.Resources.edit(), [&](const Resource &R) {
    if (!R.Released || R.What != E.What || R.Object != Object)
      return false;
    Watch.reacquired(R.Released, Site);
    return R.State == Life::Released && !(R.Site == Site);
  });
  if (Resource *Again = S.resource(Site, E.What)) {
    Again->Many = Again->State == Life::Live;
    Again->State = Life::Live;
    Again->Released = {};
    Again->Last = ++S.Clock;
    return;
  }
  Resource R;
  R.What = E.What;
  R.Object = Object;
  R.Key = keyOf(S, Site, E.Object);
  R.Record =
      E.Object.Kind == ArgRef::Return
          ? Touch.Names.recordOfResult(Site.In,
                                       Site.Call - Site.In.F->Calls.data())
          : Touch.Names.recordOf(Site.In, Uses::argument(Site, E.Object));
  R.Index = E.Line ? argument(S, Site, E.Line) : Value();
  R.Site = Site;
  R.From = Stack;
  R.Managed = bool(Rule.ManagedBy);
  R.Since = R.Last = ++S.Clock;
  R.IsNested = Nested;
  R.Escaped = IsTakenBack;
  R.Given = S.Known;
  const ResourceRule *What = M.Rules.resource(E.What);
  R.IsThing = isThing(Site, E.Object, What, R.Key);
  ExprId Passed = Uses::argument(Site, E.Object);
  R.IsEmbedded = Passed && !Keys::isObject(R.Key) &&
                 Touch.Names.isAddress(*Site.In.F, Passed) &&
                 Touch.Names.isOwn(R.Key.split('.').first);
  bool IsFirst = llvm::none_of(S.Resources, [&](const Resource &Other) {
    return Other.What == R.What && Other.Key == R.Key;
  });
  if (What && !What->IsPublished && IsFirst &&
      ((What->IsRefcounted && R.IsEmbedded) ||
       (What->IsOptional && !What->HasCallbacks && !R.Key.empty() &&
        !isHeld(Site, Passed))))
    Watch.initialises({Site.In, Site.Call->At, R.Key}, false, S, Stack);
  if (M.Rules.isNeeded(E.What) &&
      llvm::none_of(S.Resources, [&](const Resource &Other) {
        return Other.What == R.What;
      }))
    Watch.begins({Site.In, Site.Call->At, R.Key}, What->Name, S, Stack);
  if (What && What->HasCallbacks) {
    Window W;
    W.Entry = "ops";
    W.What = What->Name;
    W.Key = R.Key;
    W.Code = callbacksIn(S, Site);
    W.Site = Site;
    W.Managed = R.Managed;
    W.Given = S.Known;
    open(S, std::move(W));
  }
  S.Resources.edit().push_back(std::move(R));
}

/// Whether \p Object is the same thing wherever it appears: what a call has
/// returned, or a part of an object of which the driver has one.
bool Interpreter::isOnlyOne(const State &S, const Value &Object) const {
  if (Object.Kind == Value::Result || Object.Kind == Value::Succeeded)
    return true;
  StringRef Owner = Object.Text.split('.').first;
  if (Owner == Device || Object.Text.starts_with("::"))
    return true;
  return llvm::any_of(S.Resources, [&](const Resource &R) {
    return R.Record == Owner && !R.Many && R.Site.Call != R.Released.Call;
  });
}

void Interpreter::release(State &S, const CallRef &Site, const CallRule &Rule,
                          const Effect &E) {
  Value Object = argument(S, Site, E.Object);
  Value Index = E.Line ? argument(S, Site, E.Line) : Value();
  bool IsKnown = false;
  const ResourceRule *What = M.Rules.resource(E.What);
  if (What && What->HasCallbacks)
    unregister(S, Site, E);
  Ending Over;
  Over.Site = Site;
  Over.What = What;
  StringRef Key = keyOf(S, Site, E.Object);
  Over.IsThing = isThing(Site, E.Object, What, Key);
  if (!Keys::isObject(Key))
    Over.Keys.push_back(Key);
  Over.Record = Touch.Names.recordOf(Site.In, Uses::argument(Site, E.Object));
  Over.At = {Site.In, Site.Call->At, Key};
  if (Object.Kind == Value::Int && Object.Number == 0)
    return; // nothing to release
  // A value says exactly what is meant. Where none was followed here, the key
  // stands in, or the type.
  bool IsContract = What && !What->Contract.empty();
  // The result of a call stands for what the call has acquired, although that
  // has a name of its own: the region that request_mem_region() returns.
  bool IsResult =
      Object.Kind == Value::Result || Object.Kind == Value::Succeeded;
  auto IsExact = [&](const Resource &R) {
    return (R.Object == Object && (Object.isKnown() || IsContract)) ||
           (IsResult && R.Site == Object.Call);
  };
  // A pointer that is null on some ways only: see State::join().
  CallRef Perhaps;
  if (auto It = S.Heap->find(Object.Text);
      Object.Kind == Value::Load && Object.Text.contains('.') &&
      It != S.Heap->end() && !It->second.isKnown() && It->second.Number)
    Perhaps = It->second.Call;
  auto HasKey = [&](const Resource &R) {
    return !Keys::isObject(Key) && R.Key == Key;
  };
  // What another call has acquired is another thing, whatever its type.
  const CallRule *Maker = Object.Call ? M.rule(Object.Call) : nullptr;
  bool IsOther = Maker && Maker->find(EffectKind::Acquire);
  auto HasRecord = [&](const Resource &R) {
    return !Over.Record.empty() && R.Record == Over.Record && !IsOther;
  };
  bool ByKey = false, ByRecord = false;
  if (All && !IsContract) {
    auto Lives = [&](auto Is) {
      return llvm::any_of(S.Resources, [&](const Resource &R) {
        return R.What == E.What && R.State != Life::Released && Is(R);
      });
    };
    bool Found = llvm::any_of(S.Resources, [&](const Resource &R) {
      return R.What == E.What && R.State != Life::Released && IsExact(R);
    });
    bool HasNoName = Keys::isObject(Key);
    ByKey = !Found && Lives(HasKey);
    ByRecord = !Found && !ByKey && HasNoName && Lives(HasRecord);
  }
  auto IsMeant = [&](const Resource &R) {
    return R.What == E.What &&
           (IsExact(R) || (ByKey && HasKey(R)) || (ByRecord && HasRecord(R)));
  };
  auto Ends = [&](const Resource &R) {
    return IsMeant(R) && R.State == Life::Live && (R.Index == Index || !E.Line);
  };
  bool IsOne = !(ByKey || ByRecord) || llvm::count_if(S.Resources, Ends) == 1;
  if (!Rule.ManagedBy && (Object.isKnown() || ByKey || ByRecord) && IsOne &&
      llvm::all_of(S.Resources,
                   [&](const Resource &R) { return !Ends(R) || R.Managed; }))
    for (const Resource &R : S.Resources)
      if (Ends(R))
        Watch.endsManaged(Site, E, R.Site);
  bool IsOneOfMany = isElement(Site, E.Object);
  Value Array = IsOneOfMany ? arrayOf(S, Site, E.Object) : Value();
  Resource Swept;
  if (IsOneOfMany)
    Swept = sweptBefore(S, E.What, Key, Array, Site);
  const Resource *Ended = nullptr;
  bool EndsNow = false;
  for (Resource &R : S.Resources.edit()) {
    bool IsPerhaps = Perhaps && R.What == E.What &&
                     R.Object.Kind == Value::Succeeded &&
                     R.Object.Call == Perhaps;
    if (R.State == Life::Released &&
        (IsPerhaps || (IsMeant(R) && IsExact(R))) && R.Released && !R.Managed &&
        !R.ByKey && !(R.Site == R.Released))
      Ended = &R;
    if (!IsMeant(R))
      continue;
    IsKnown = true;
    // What an object manages by itself stays until it goes.
    if (R.Managed && What && What->IsMemory && Rule.ManagedBy &&
        Rule.ManagedBy.Index == E.Object.Index)
      return;
    EndsNow |= R.State != Life::Released;
    if (R.State == Life::Released)
      continue;
    Over.Acquired = R.Site;
    Over.Many = R.Many;
    Over.Since = R.Since;
    Over.Last = R.Last;
    R.State = Life::Released;
    R.Released = Site;
    R.Through = Stack;
    R.Swept = IsOneOfMany && isSweep(R, Site) ? Array : Value();
    R.ByKey = !IsExact(R) && ByKey;
    // With a devres node goes what it would have called.
    if (Rule.ManagedBy || !R.Managed)
      S.Devres.eraseIf([&](const DevresItem &I) { return I.Site == R.Site; });
  }
  // Another element, perhaps, unless all of them have gone, and do again.
  Over.Many |= IsOneOfMany;
  if (IsOneOfMany)
    Ended = Swept.Site ? &Swept : nullptr;
  else if (!Ended && !IsKnown && All && !IsContract && Keys::isObject(Key) &&
           Object.Kind != Value::Local &&
           llvm::count_if(S.Resources, [&](const Resource &R) {
             return R.What == E.What && HasRecord(R);
           }) == 1)
    for (const Resource &R : S.Resources)
      if (R.What == E.What && HasRecord(R) && R.State == Life::Released &&
          !R.Managed && !R.Many && R.Released && !(R.Site == R.Released) &&
          // What two calls of one function have returned is two things.
          !(Object.Call && Object.Call.In == R.Object.Call.In))
        Ended = &R;
  // The next round of a loop.
  bool IsSame = Ended && Ended->Released == Site && Ended->Through == Stack;
  // What is stopped has been started, where the timeline does not look.
  if (Ended && (!EndsNow || IsOneOfMany) && !Called && !IsSame && !isOfMany() &&
      (!Ended->Many || IsOneOfMany) && !E.Line && What &&
      (IsOneOfMany || Object.What != "[]") &&
      // A state can be entered, and left, more than once.
      (What->IsReturned || What->IsMemory || What->HasCallbacks) &&
      !What->IsIdempotent &&
      isOnlyOne(S, IsOneOfMany ? Ended->Swept : Object) &&
      // A helper that many call hands out a new one each time.
      !Touch.isCalledTwice(Ended->Site.In,
                           Stack.empty() ? Site.In : Stack.front().In) &&
      !(What->IsReference && M.takesMore(E.What)) &&
      (Object.Kind != Value::Object || Object.Text == Device))
    Watch.endsAgain(Site, *Ended, Stack);
  else
    finish(S, Over);
  // What a pointer leads to may have begun elsewhere.
  if (!IsKnown && !IsOneOfMany && What && Object.Kind == Value::Address &&
      Stack.empty() && !Called)
    Watch.endsUnbegun(Site, *What, Key, S.Failure);
  if (IsKnown || (All && !Object.isKnown()))
    return;
  // Acquired where the timeline could not look.
  Resource R;
  R.What = E.What;
  R.Object = Object;
  R.Key = Key;
  R.Record = Over.Record;
  R.Site = R.Released = Site;
  R.From = R.Through = Stack;
  R.State = Life::Released;
  R.Given = S.Known;
  S.Resources.edit().push_back(std::move(R));
}

void Interpreter::finish(State &S, const Ending &What) {
  // Who holds a reference keeps it alive; what stops an object may well have
  // run before, when its last user went.
  if (!Counted && !Stopping)
    Watch.ends(What, S, Stack);
}

void Interpreter::stored(State &S, FunctionRef F, const Event &E) {
  const Expr &To = F.F->expr(E.Target);
  if (!All || To.Kind != ExprKind::Member)
    return;
  Location L = locate(S, F, E.Target);
  bool IsFirst = L.Kind == Location::Key && !S.Heap->count(L.Text);
  if (const FieldRule *Rule = M.Rules.store(To.Base, To.Name)) {
    StringRef Key = Touch.Names.of(F, To.Ops[0]);
    if (IsFirst && !Key.empty() &&
        Rule->Effects.front().Kind == EffectKind::Bind)
      Watch.initialises({F, E.At, Key}, false, S, Stack);
    return;
  }
  if (!To.IsPointer || !E.Value)
    return;
  StringRef Key = Touch.Names.of(F, E.Target);
  const Expr &From = Keys::bare(*F.F, E.Value);
  if (Key.empty())
    return;
  if (From.Kind == ExprKind::Int && From.Value == 0) {
    Ending What;
    What.At = {F, E.At, Key};
    What.Keys.push_back(Key);
    finish(S, What);
    return;
  }
  if (IsFirst && Touch.Names.isOwn(Key.split('.').first))
    Watch.initialises({F, E.At, Key}, true, S, Stack);
  // What is kept in an object that is not the driver's own is out of sight.
  if (!Touch.Names.isOwn(Key.split('.').first)) {
    Value V = eval(S, F, E.Value);
    S.Resources.change(
        [&](const Resource &R) { return V.isKnown() && R.Object == V; },
        [](Resource &R) { R.Escaped = true; });
  }
}

void Interpreter::escape(State &S, const CallRef &Site) {
  for (ExprId Arg : Site.Call->Args) {
    Value V = eval(S, Site.In, Arg);
    if (V.Kind != Value::Result && V.Kind != Value::Succeeded)
      continue;
    // Only memory changes hands by the way.
    S.Resources.change(
        [&](const Resource &R) {
          const ResourceRule *What = M.Rules.resource(R.What);
          return R.Object == V && What && (What->IsMemory || What->IsReference);
        },
        [](Resource &R) { R.Escaped = true; });
  }
}

/// What the handler that \p E binds releases belongs to it from now on: the
/// memory that a URB carries to its completion.
void Interpreter::handOver(State &S, const CallRef &Site, const Effect &E) {
  Value Data = argument(S, Site, E.Data);
  if (E.Handlers.empty() || !Data.isKnown())
    return;
  FunctionRef Handler = argument(S, Site, E.Handlers.front()).Fn;
  if (!Handler)
    return;
  auto IsReleased = [&](const Resource &R, FunctionRef F) {
    return llvm::any_of(F.F->Calls, [&](const CallFacts &C) {
      const CallRule *Rule = M.rule({F, &C});
      const Effect *Ends = Rule ? Rule->find(EffectKind::Release) : nullptr;
      return Ends && Ends->What == R.What &&
             Touch.Names.recordOf(F, Uses::argument({F, &C}, Ends->Object)) ==
                 R.Record;
    });
  };
  S.Resources.change(
      [&](const Resource &R) {
        return R.Object == Data && !R.Record.empty() &&
               llvm::any_of(Touch.calledFrom(Handler),
                            [&](FunctionRef F) { return IsReleased(R, F); });
      },
      [](Resource &R) { R.Escaped = true; });
}

/// Both outcomes of a call at once.
static std::vector<Interpreter::Exit> fork(const Value &Result, State Success,
                                           State Failure) {
  Value Succeeded = Result, Failed = Result;
  Succeeded.Kind = Value::Succeeded;
  Failed.Kind = Value::Failed;
  return {{std::move(Success), Succeeded}, {std::move(Failure), Failed}};
}

std::vector<Interpreter::Exit> Interpreter::apply(State S, const CallRef &Site,
                                                  const CallRule &Rule) {
  Value Return;
  Return.Kind = Value::Result;
  Return.Call = Site;
  bool Undone = false;
  for (const Effect &E : Rule.Effects) {
    bool IsAction =
        E.Kind == EffectKind::Action || E.Kind == EffectKind::RunAction ||
        E.Kind == EffectKind::DropAction || E.Kind == EffectKind::Drain ||
        (All &&
         (E.Kind == EffectKind::Get || E.Kind == EffectKind::Put ||
          E.Kind == EffectKind::Runs || E.Kind == EffectKind::ReleasedBy ||
          E.Kind == EffectKind::Tells || E.Kind == EffectKind::Caches));
    if (E.Kind == EffectKind::ErrorOf || E.Kind == EffectKind::ErrorPointer) {
      Return = Value::integer(-1);
      continue;
    }
    if (E.Kind == EffectKind::ErrorOrZero) {
      std::vector<Exit> Exits;
      for (bool IsError : {false, true}) {
        std::vector<State> Branch;
        assumeError(S, argument(S, Site, E.Object), IsError, Branch);
        for (State &Out : Branch)
          Exits.push_back({std::move(Out), Value::integer(IsError ? -1 : 0)});
      }
      return Exits;
    }
    if (E.Kind == EffectKind::Returns) {
      Return = argument(S, Site, E.Object);
      if (!E.Field.empty())
        Return = holderOf(Return, E.Field, Site.Call->Record);
      continue;
    }
    if (!IsAction && !M.Wanted.covers(E))
      continue;
    Watch.effect(Site, Rule, E, argument(S, Site, E.Object), S, Stack);
    switch (E.Kind) {
    case EffectKind::Acquire:
      acquire(S, Site, Rule, E);
      Undone = true;
      if (nestedDriver(S, Site, E)) {
        // Only a driver that is registered binds.
        State Failure = S;
        Failure.undo(Site);
        return fork(Return, nested(std::move(S), Site, E, /*Begins=*/true),
                    std::move(Failure));
      }
      break;
    case EffectKind::Release:
      S = nested(std::move(S), Site, E, /*Begins=*/false);
      release(S, Site, Rule, E);
      break;
    case EffectKind::Arm:
      arm(S, Site, Rule, E);
      Undone |= E.Object || !E.Handlers.empty();
      break;
    case EffectKind::Quiesce:
      quiesce(S, Site, Rule, E);
      break;
    case EffectKind::Action: {
      DevresItem Item;
      Item.Site = Site;
      if (!E.Handlers.empty())
        Item.Action = argument(S, Site, E.Handlers.front());
      Item.Data = argument(S, Site, E.Data);
      if (Item.Action.Fn && !M.hasEffects(Item.Action.Fn))
        break;
      if (Rule.RunsActionOnFailure && Item.Action.Fn) {
        // The failing outcome has run the action.
        State Failure = S;
        Failure.Devres = std::vector<DevresItem>{Item};
        Cow<std::vector<DevresItem>> Older = S.Devres;
        Failure = releaseManaged(std::move(Failure));
        Failure.Devres = std::move(Older);
        S.Devres.edit().push_back(Item);
        return fork(Return, std::move(S), std::move(Failure));
      }
      S.Devres.edit().push_back(std::move(Item));
      break;
    }
    case EffectKind::RunAction:
    case EffectKind::DropAction: {
      Value Action =
          E.Handlers.empty() ? Value() : argument(S, Site, E.Handlers.front());
      std::vector<DevresItem> &Items = S.Devres.edit();
      auto Found = std::find_if(Items.rbegin(), Items.rend(), [&](auto &I) {
        return I.Action.isKnown() && I.Action == Action;
      });
      if (Found == Items.rend())
        break;
      DevresItem Item = *Found;
      Items.erase(std::next(Found).base());
      if (E.Kind == EffectKind::RunAction) {
        Cow<std::vector<DevresItem>> Rest = S.Devres;
        S.Devres = std::vector<DevresItem>{Item};
        S = releaseManaged(std::move(S));
        S.Devres = std::move(Rest);
      }
      break;
    }
    case EffectKind::NumberOf: {
      Value Object = argument(S, Site, E.Object);
      Value Index = argument(S, Site, E.Line);
      Return = Value();
      if (Object.Kind == Value::Object) {
        Return.Kind = Value::NumberOf;
        Return.What = E.What;
        Return.Text = Object.Text;
        Return.Number = Index.Kind == Value::Int ? Index.Number : -1;
      }
      break;
    }
    case EffectKind::Bind:
      if (StringRef Key = keyOf(S, Site, E.Object); !Key.empty()) {
        auto [It, New] =
            S.Heap.edit().try_emplace(save("$bound." + Key), Value::notZero());
        if (New)
          Watch.initialises({Site.In, Site.Call->At, Key}, false, S, Stack);
      }
      handOver(S, Site, E);
      break;
    case EffectKind::Cancel:
      if (Window *W = S.entry(Keys::entry(keyOf(S, Site, E.Object)))) {
        W->Cancelled = Site;
        W->CanArmAgain = sourceOf(S, *W) != nullptr;
      }
      break;
    case EffectKind::Flush:
      quiesceObject(S, Site, E);
      break;
    case EffectKind::Drain:
      drain(S, Site, E);
      break;
    case EffectKind::ManagesEntry:
      Undone = true;
      break;
    case EffectKind::Get:
    case EffectKind::Put:
      if (Rule.RunsActionOnFailure) {
        State Failure = S;
        Failure.undo(Site);
        return fork(Return, std::move(S), put(std::move(Failure), Site, E));
      }
      if (!count(S, Site, E))
        S = put(std::move(S), Site, E);
      break;
    case EffectKind::Runs:
      // Nobody calls what makes it run again meanwhile.
      for (const Effect &Other : Rule.Effects)
        if (const ResourceRule *What = Other.Kind == EffectKind::Release
                                           ? M.Rules.resource(Other.What)
                                           : nullptr;
            What && What->HasCallbacks)
          unregister(S, Site, Other);
      S = callback(std::move(S), Site, E.Object, E);
      break;
    case EffectKind::Tells: {
      Value Object = argument(S, Site, E.Object);
      if (llvm::any_of(S.Resources, [&](const Resource &R) {
            return R.What == E.What && R.Object == Object &&
                   R.State == Life::Live;
          }))
        Return = Value::notZero();
      break;
    }
    case EffectKind::ReleasedBy: {
      Value Function = argument(S, Site, E.Handlers.front());
      if (!E.Field.empty()) {
        StringRef Table = globalAt(Function);
        Function = Value();
        Function.Kind = Value::Function;
        Function.Fn = M.tableFunction(Site.In.TU, Table, E.Field);
      }
      S.Heap.edit()[save("$release." + keyOf(S, Site, E.Object))] = Function;
      break;
    }
    case EffectKind::Caches:
      S.Heap.edit()[cached(keyOf(S, Site, E.Object))] =
          argument(S, Site, E.Data);
      break;
    case EffectKind::Needs: // see Uses
    case EffectKind::PartOf:
    case EffectKind::Access:
    case EffectKind::Resets:
    case EffectKind::Begins:
    case EffectKind::Manages:
    case EffectKind::ErrorTest: // see assume()
    case EffectKind::ErrorOf:
    case EffectKind::ErrorOrZero:
    case EffectKind::ErrorPointer:
    case EffectKind::Returns:
      break;
    }
  }
  if (Rule.ManagedBy && Undone) {
    DevresItem Item;
    Item.Site = Site;
    if (!llvm::is_contained(S.Devres, Item))
      S.Devres.edit().push_back(std::move(Item));
  }
  return {{std::move(S), Return}};
}

} // namespace devlife
