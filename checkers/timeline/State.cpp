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
  for (Resource &R : Resources)
    if (R.Site == Site && R.What == What)
      return &R;
  return nullptr;
}

Window *State::window(const CallRef &Site) {
  for (Window &W : Windows)
    if (W.Site == Site && W.Key.empty())
      return &W;
  return nullptr;
}

Window *State::entry(StringRef Key) {
  for (Window &W : Windows)
    if (!Key.empty() && W.Key == Key)
      return &W;
  return nullptr;
}

void State::undo(const CallRef &Site) {
  // In a loop an earlier round has succeeded: what it did stays.
  auto Forget = [&](auto &List) {
    llvm::erase_if(List,
                   [&](auto &Item) { return Item.Site == Site && !Item.Many; });
  };
  const Window *W = window(Site);
  bool Many = (W && W->Many) || llvm::any_of(Resources, [&](const Resource &R) {
                return R.Site == Site && R.Many;
              });
  Forget(Resources);
  Forget(Windows);
  llvm::erase_if(Windows, [&](const Window &Armed) {
    return !Many && Armed.Source == Site && Armed.Source;
  });
  if (!Many)
    llvm::erase_if(Devres,
                   [&](const DevresItem &Item) { return Item.Site == Site; });
}

bool State::learn(StringRef Key, bool NotZero) {
  auto [It, New] = Known.try_emplace(Key, NotZero);
  if (!New)
    return It->second == NotZero;
  auto Contradicts = [&](const auto &Item) {
    auto Found = Item.Given.find(Key);
    return Found != Item.Given.end() && Found->second != NotZero;
  };
  for (const Window &W : Windows)
    if (Contradicts(W))
      llvm::erase_if(Devres,
                     [&](const DevresItem &I) { return I.Site == W.Site; });
  for (const Resource &R : Resources)
    if (Contradicts(R))
      llvm::erase_if(Devres,
                     [&](const DevresItem &I) { return I.Site == R.Site; });
  llvm::erase_if(Windows, Contradicts);
  llvm::erase_if(Resources, Contradicts);
  return true;
}

void State::forget(StringRef Key) {
  Known.erase(Key);
  for (Window &W : Windows)
    W.Given.erase(Key);
  for (Resource &R : Resources)
    R.Given.erase(Key);
}

/// Keeps what both sides know.
static void intersect(Conditions &A, const Conditions &B) {
  for (auto It = A.begin(); It != A.end();) {
    auto Other = B.find(It->first);
    It = Other == B.end() || Other->second != It->second ? A.erase(It)
                                                         : std::next(It);
  }
}

bool State::sameLives(const State &O) const {
  auto Holds = [](const State &S, const Resource &R) {
    return llvm::any_of(S.Resources, [&](const Resource &Other) {
      return Other.Site == R.Site && Other.What == R.What &&
             Other.State == R.State;
    });
  };
  auto Within = [&](const State &A, const State &B) {
    return llvm::all_of(A.Resources, [&](const Resource &R) {
      return R.State == Life::Released || R.Managed || Holds(B, R);
    });
  };
  return Within(*this, O) && Within(O, *this);
}

bool State::operator==(const State &O) const {
  return Frame == O.Frame && Frames == O.Frames && Heap == O.Heap &&
         Resources == O.Resources && Windows == O.Windows &&
         Devres == O.Devres && Known == O.Known;
}

void State::join(const State &O) {
  intersect(Known, O.Known);
  for (const auto &[Key, V] : O.Heap) {
    auto [It, New] = Heap.try_emplace(Key, V);
    if (!New && It->second != V)
      It->second = Value();
  }
  for (const Resource &R : O.Resources) {
    Resource *Mine = resource(R.Site, R.What);
    if (!Mine) {
      Resources.push_back(R);
      continue;
    }
    if (Mine->State != R.State) {
      Mine->State = Life::Maybe;
      if (!Mine->Released)
        Mine->Released = R.Released;
    }
    Mine->Many |= R.Many;
    Mine->Escaped |= R.Escaped;
    intersect(Mine->Given, R.Given);
  }
  for (const Window &W : O.Windows) {
    Window *Mine = W.Key.empty() ? window(W.Site) : entry(W.Key);
    if (!Mine) {
      Windows.push_back(W);
      continue;
    }
    Mine->Open &= W.Open;
    Mine->Lasting |= W.Lasting;
    Mine->Many |= W.Many;
    intersect(Mine->Given, W.Given);
    if (Mine->Line != W.Line)
      Mine->Line = Value();
    if (Mine->Data != W.Data)
      Mine->Data = Value();
  }
  for (const DevresItem &Item : O.Devres)
    if (!llvm::is_contained(Devres, Item))
      Devres.push_back(Item);
}

} // namespace devlife
