//===- Effects.cpp - What a call with a rule does to the state ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

bool Interpreter::isNumberOf(const Window &W, StringRef What,
                             const Value &Object) {
  return W.Line.Kind == Value::NumberOf && W.Line.What == What &&
         Object.Kind == Value::Object && W.Line.Text == Object.Text;
}

/// The interrupt that an effect speaks of: a number, or an index into the
/// vectors of a device.
Value Interpreter::lineOf(State &S, const CallRef &Site, const Effect &E) {
  if (!E.Line)
    return {};
  Value Line = argument(S, Site, E.Line);
  if (!E.Device)
    return Line;
  Value Device = argument(S, Site, E.Device);
  if (Device.Kind != Value::Object)
    return {};
  // Of which resource, the device's own field of that number tells.
  for (const FieldRule &Field : M.Rules.fields())
    for (const Effect &Meaning : Field.Effects)
      if (Field.Record == Device.Text && Meaning.Kind == EffectKind::NumberOf) {
        Value V;
        V.Kind = Value::NumberOf;
        V.What = Meaning.What;
        V.Text = Device.Text;
        V.Number = Line.Kind == Value::Int ? Line.Number : -1;
        return V;
      }
  return {};
}

void Interpreter::acquire(State &S, const CallRef &Site, const CallRule &Rule,
                          const Effect &E) {
  Value Object = argument(S, Site, E.Object);
  if (E.Object.Kind == ArgRef::Return) {
    Object.Kind = Value::Result;
    Object.Call = Site;
  }
  llvm::erase_if(S.Resources, [&](const Resource &R) {
    if (!R.Released || R.What != E.What || R.Object != Object)
      return false;
    Watch.reacquired(R.Released, Site);
    return R.State == Life::Released && !(R.Site == Site);
  });
  if (Resource *Again = S.resource(Site, E.What)) {
    Again->Many = Again->State == Life::Live;
    Again->State = Life::Live;
    Again->Released = {};
    return;
  }
  Resource R;
  R.What = E.What;
  R.Object = Object;
  R.Index = E.Line ? argument(S, Site, E.Line) : Value();
  R.Site = Site;
  R.Managed = bool(Rule.ManagedBy);
  R.Given = S.Known;
  S.Resources.push_back(std::move(R));
}

void Interpreter::release(State &S, const CallRef &Site, const CallRule &Rule,
                          const Effect &E) {
  Value Object = argument(S, Site, E.Object);
  Value Index = E.Line ? argument(S, Site, E.Line) : Value();
  bool IsKnown = false;
  auto Ends = [&](const Resource &R) {
    return R.What == E.What && R.Object == Object && R.State == Life::Live &&
           (R.Index == Index || !E.Line);
  };
  if (!Rule.ManagedBy && Object.isKnown() &&
      llvm::all_of(S.Resources,
                   [&](const Resource &R) { return !Ends(R) || R.Managed; }))
    for (const Resource &R : S.Resources)
      if (Ends(R))
        Watch.endsManaged(Site, E, R.Site);
  for (Resource &R : S.Resources) {
    IsKnown |= R.What == E.What && R.Object == Object;
    if (R.What != E.What || R.Object != Object || R.State == Life::Released)
      continue;
    R.State = Life::Released;
    R.Released = Site;
    if (Rule.ManagedBy)
      llvm::erase_if(S.Devres,
                     [&](const DevresItem &I) { return I.Site == R.Site; });
  }
  if (IsKnown)
    return;
  // Acquired where the timeline could not look.
  Resource R;
  R.What = E.What;
  R.Object = Object;
  R.Site = R.Released = Site;
  R.State = Life::Released;
  R.Given = S.Known;
  S.Resources.push_back(std::move(R));
}

void Interpreter::arm(State &S, const CallRef &Site, const CallRule &Rule,
                      const Effect &E) {
  if (E.Handlers.empty())
    return; // re-enables what is bound already
  Window W;
  W.Entry = E.What;
  W.Line = lineOf(S, Site, E);
  W.Data = E.Data ? argument(S, Site, E.Data) : Value();
  for (ArgRef Handler : E.Handlers)
    if (Value V = argument(S, Site, Handler); V.Kind == Value::Function)
      W.Handlers.push_back(V);
  W.Site = Site;
  W.Managed = bool(Rule.ManagedBy);
  W.Given = S.Known;
  if (Window *Again = S.window(Site)) {
    W.Many = Again->Open;
    *Again = std::move(W);
    return;
  }
  S.Windows.push_back(std::move(W));
}

/// Whether two values cannot be the same at run time. Only what is certain
/// counts: two indexes of one set, two fields of the driver.
static bool differ(const Value &A, const Value &B) {
  if (A.Kind != B.Kind)
    return false;
  switch (A.Kind) {
  case Value::Int:
    return A.Number != B.Number;
  case Value::NumberOf:
    return A.Text == B.Text && A.Number > 0 && B.Number > 0 &&
           A.Number != B.Number;
  case Value::Object:
  case Value::Address:
  case Value::Load:
    return A.Text != B.Text;
  default:
    return false;
  }
}

void Interpreter::quiesce(State &S, const CallRef &Site, const CallRule &Rule,
                          const Effect &E) {
  Value Line = lineOf(S, Site, E);
  Value Data = E.Data ? argument(S, Site, E.Data) : Value();
  // A line that is the same is certain; a cookie that is the same is, when it
  // is handed over once.
  auto Ends = [&](const Window &W) {
    if (W.Entry != E.What || !W.Open)
      return false;
    return Line.isKnown() && W.Line.isKnown()
               ? Line == W.Line
               : Data.isKnown() && W.Data == Data;
  };
  // Without a cookie it is only disabled, and stays requested.
  if (!Rule.ManagedBy && E.Data && llvm::count_if(S.Windows, Ends) == 1)
    for (const Window &W : S.Windows)
      if (Ends(W) && W.Managed)
        Watch.endsManaged(Site, E, W.Site);
  for (Window &W : S.Windows) {
    if (W.Entry != E.What || !W.Open)
      continue;
    // An IRQ is (line, cookie): that one of them is the same is enough, since
    // the number may come from another variable.
    if (differ(W.Line, Line) && (!E.Data || differ(W.Data, Data)))
      continue;
    W.Open = false;
    if (Rule.ManagedBy)
      llvm::erase_if(S.Devres,
                     [&](const DevresItem &I) { return I.Site == W.Site; });
  }
}

std::vector<Interpreter::Exit> Interpreter::apply(State S, const CallRef &Site,
                                                  const CallRule &Rule) {
  Value Return;
  Return.Kind = Value::Result;
  Return.Call = Site;
  bool Undone = false;
  for (const Effect &E : Rule.Effects) {
    bool IsAction = E.Kind == EffectKind::Action ||
                    E.Kind == EffectKind::RunAction ||
                    E.Kind == EffectKind::DropAction;
    if (E.Kind == EffectKind::ErrorOf) {
      Return = Value::integer(-1);
      continue;
    }
    if (E.Kind == EffectKind::Returns) {
      Return = argument(S, Site, E.Object);
      continue;
    }
    if (!IsAction && !M.Wanted.covers(E))
      continue;
    Watch.effect(Site, Rule, E, argument(S, Site, E.Object), S, Stack);
    switch (E.Kind) {
    case EffectKind::Acquire:
      acquire(S, Site, Rule, E);
      Undone = true;
      break;
    case EffectKind::Release:
      release(S, Site, Rule, E);
      break;
    case EffectKind::Arm:
      arm(S, Site, Rule, E);
      Undone |= !E.Handlers.empty();
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
        // Both outcomes at once: the failing one has run the action.
        State Failure = S;
        Failure.Devres.clear();
        Failure.Devres.push_back(Item);
        std::vector<DevresItem> Older = S.Devres;
        Failure = releaseManaged(std::move(Failure));
        Failure.Devres = std::move(Older);
        S.Devres.push_back(Item);
        Value Failed = Return, Succeeded = Return;
        Failed.Kind = Value::Failed;
        Succeeded.Kind = Value::Succeeded;
        return {{std::move(S), Succeeded}, {std::move(Failure), Failed}};
      }
      S.Devres.push_back(std::move(Item));
      break;
    }
    case EffectKind::RunAction:
    case EffectKind::DropAction: {
      Value Action =
          E.Handlers.empty() ? Value() : argument(S, Site, E.Handlers.front());
      auto Found =
          std::find_if(S.Devres.rbegin(), S.Devres.rend(), [&](auto &I) {
            return I.Action.isKnown() && I.Action == Action;
          });
      if (Found == S.Devres.rend())
        break;
      DevresItem Item = *Found;
      S.Devres.erase(std::next(Found).base());
      if (E.Kind == EffectKind::RunAction) {
        std::vector<DevresItem> Rest = std::move(S.Devres);
        S.Devres = {Item};
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
    case EffectKind::Manages:
    case EffectKind::ErrorTest: // see assume()
    case EffectKind::ErrorOf:
    case EffectKind::Returns:
      break;
    }
  }
  if (Rule.ManagedBy && Undone) {
    DevresItem Item;
    Item.Site = Site;
    if (!llvm::is_contained(S.Devres, Item))
      S.Devres.push_back(std::move(Item));
  }
  return {{std::move(S), Return}};
}

} // namespace devlife
