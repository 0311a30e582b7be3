//===- State.cpp - What holds at one point of a timeline ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/State.h"

namespace devlife {

Resource *State::resource(const CallRef &Site, StringRef What) {
  for (size_t I = 0; I != Resources.size(); ++I)
    if (Resources[I].Site == Site && Resources[I].What == What)
      return &Resources.edit()[I];
  return nullptr;
}

Window *State::window(const CallRef &Site) {
  for (size_t I = 0; I != Windows.size(); ++I)
    if (Windows[I].Site == Site && Windows[I].isCall())
      return &Windows.edit()[I];
  return nullptr;
}

Window *State::entry(StringRef Key) {
  for (size_t I = 0; I != Windows.size(); ++I)
    if (!Windows[I].isCall() && Windows[I].Key == Key)
      return &Windows.edit()[I];
  return nullptr;
}

void State::undo(const CallRef &Site) {
  // In a loop an earlier round has succeeded: what it did stays.
  auto Of = [&](const auto &Item) { return Item.Site == Site && !Item.Many; };
  bool Many = llvm::any_of(Windows, [&](const Window &W) {
    return W.Site == Site && W.isCall() && W.Many;
  });
  Many |= llvm::any_of(
      Resources, [&](const Resource &R) { return R.Site == Site && R.Many; });
  Resources.eraseIf(Of);
  Windows.eraseIf(Of);
  Windows.change([&](const Window &W) { return W.Site == Site && W.Before; },
                 [](Window &W) { W.Since = W.Before; });
  if (Many)
    return;
  Windows.eraseIf([&](const Window &Armed) {
    return Armed.Source && Armed.Source == Site;
  });
  Devres.eraseIf([&](const DevresItem &Item) { return Item.Site == Site; });
}

bool State::learn(StringRef Key, bool NotZero) {
  if (auto It = Known->find(Key); It != Known->end())
    return It->second == NotZero;
  Known.edit()[Key] = NotZero;
  auto Contradicts = [&](const auto &Item) {
    auto Found = Item.Given->find(Key);
    return Found != Item.Given->end() && Found->second != NotZero;
  };
  auto Forget = [&](const auto &List) {
    for (const auto &Item : List)
      if (Contradicts(Item))
        Devres.eraseIf(
            [&](const DevresItem &I) { return I.Site == Item.Site; });
  };
  Forget(Windows);
  Forget(Resources);
  Windows.eraseIf(Contradicts);
  Resources.eraseIf(Contradicts);
  return true;
}

/// Whether a condition is about \p Key: "key", "key==2", "key&8".
static bool isAbout(StringRef Condition, StringRef Key) {
  return Condition.consume_front(Key) &&
         (Condition.empty() || Condition.front() == '=' ||
          Condition.front() == '&');
}

static bool knows(const Conditions &List, StringRef Key) {
  for (auto It = List->lower_bound(Key);
       It != List.end() && It->first.starts_with(Key); ++It)
    if (isAbout(It->first, Key))
      return true;
  return false;
}

static void erase(Conditions &List, StringRef Key) {
  auto &Mine = List.edit();
  for (auto It = Mine.lower_bound(Key);
       It != Mine.end() && It->first.starts_with(Key);)
    It = isAbout(It->first, Key) ? Mine.erase(It) : std::next(It);
}

void State::forget(StringRef Key) {
  if (knows(Known, Key))
    erase(Known, Key);
  auto Knows = [&](const auto &Item) { return knows(Item.Given, Key); };
  auto Forget = [&](auto &Item) { erase(Item.Given, Key); };
  Windows.change(Knows, Forget);
  Resources.change(Knows, Forget);
}

/// Keeps what both sides know.
static void intersect(Conditions &A, const Conditions &B) {
  if (A == B || A.empty())
    return;
  auto &Mine = A.edit();
  for (auto It = Mine.begin(); It != Mine.end();) {
    auto Other = B->find(It->first);
    It = Other == B->end() || Other->second != It->second ? Mine.erase(It)
                                                          : std::next(It);
  }
}

bool State::operator==(const State &O) const {
  return Frame == O.Frame && Frames == O.Frames && Heap == O.Heap &&
         Resources == O.Resources && Windows == O.Windows &&
         Devres == O.Devres && Known == O.Known && IsQuiet == O.IsQuiet;
}

/// What only one branch has set may be as it was. A pointer is the one that was
/// set even so; a number decides what comes next.
static bool isFlag(StringRef Key, const Value &V) {
  return V.Kind == Value::Int && V.Number != 0 && !Key.starts_with("$");
}

/// What is not the same on both sides is unknown. Where one call has returned
/// it on some ways, and it is null on the others, because the call has failed
/// or the pointer was cleared, an unknown value still names the call; its
/// Number says whether it is there on some way.
static Value joined(const Value &A, const Value &B) {
  const CallRef &Call = A.Call ? A.Call : B.Call;
  auto IsOf = [&](const Value &V) {
    if (V.Kind == Value::Int)
      return V.Number == 0;
    return V.Call == Call &&
           (V.Kind == Value::Succeeded || V.Kind == Value::Failed ||
            V.Kind == Value::Unknown);
  };
  auto IsThere = [](const Value &V) {
    return V.Kind == Value::Succeeded ||
           (V.Kind == Value::Unknown && V.Number != 0);
  };
  Value V;
  if (!Call || !IsOf(A) || !IsOf(B))
    return V;
  V.Call = Call;
  V.Number = IsThere(A) || IsThere(B);
  return V;
}

void State::join(const State &O) {
  if (Failure != O.Failure)
    Failure = nullptr;
  Clock = std::max(Clock, O.Clock);
  IsQuiet |= O.IsQuiet;
  intersect(Known, O.Known);
  if (!(Heap == O.Heap)) {
    auto &Mine = Heap.edit();
    for (auto &[Key, V] : Mine)
      if (isFlag(Key, V) && !O.Heap->count(Key))
        V = Value();
    for (const auto &[Key, V] : O.Heap) {
      auto [It, New] = Mine.try_emplace(Key, V);
      if (New && isFlag(Key, V))
        It->second = Value();
      else if (!New && It->second != V)
        It->second = joined(It->second, V);
    }
  }
  bool SameResources = Resources == O.Resources;
  for (const Resource &R : O.Resources) {
    if (SameResources)
      break;
    Resource *Mine = resource(R.Site, R.What);
    if (!Mine) {
      Resources.edit().push_back(R);
      continue;
    }
    // A loop that releases all may run zero times: there was nothing.
    if (Mine->State == Life::Live)
      Mine->Swept = R.Swept;
    else if (R.State != Life::Live && Mine->Swept != R.Swept)
      Mine->Swept = Value();
    if (Mine->State != R.State) {
      Mine->State = Life::Maybe;
      if (!Mine->Released) {
        Mine->Released = R.Released;
        Mine->Through = R.Through;
      }
    }
    Mine->Many |= R.Many;
    Mine->Escaped |= R.Escaped;
    intersect(Mine->Given, R.Given);
  }
  bool SameWindows = Windows == O.Windows;
  for (const Window &W : O.Windows) {
    if (SameWindows)
      break;
    Window *Mine = W.isCall() ? window(W.Site) : entry(W.Key);
    if (!Mine) {
      Windows.edit().push_back(W);
      continue;
    }
    Mine->Open &= W.Open;
    Mine->Disabled |= W.Disabled;
    Mine->WasOpen &= W.WasOpen;
    Mine->IsQuiet |= W.IsQuiet;
    Mine->Lasting |= W.Lasting;
    Mine->Many |= W.Many;
    intersect(Mine->Given, W.Given);
    if (Mine->Line != W.Line)
      Mine->Line = Value();
    if (Mine->Data != W.Data)
      Mine->Data = Value();
  }
  // Both know a part of the order; what one of them lacks goes behind what
  // comes before it in the other.
  if (!(Devres == O.Devres)) {
    std::vector<DevresItem> &Mine = Devres.edit();
    size_t Next = 0;
    for (const DevresItem &Item : O.Devres) {
      auto At = llvm::find(Mine, Item);
      if (At == Mine.end())
        At = Mine.insert(Mine.begin() + Next, Item);
      Next = At - Mine.begin() + 1;
    }
  }
}

} // namespace devlife
