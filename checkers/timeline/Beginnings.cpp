//===- Beginnings.cpp - Code that runs before what it uses is there
//--------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Clashes.h"

namespace devlife {

/// Whether others can have set \p Key between the functions of begin, as a user
/// does in configfs.
bool ClashFinder::isSetBetween(StringRef Key) const {
  if (Driver.Begin.size() < 2)
    return false;
  if (!SetByOthers) {
    SetByOthers.emplace();
    const std::vector<FunctionRef> &Own = Touch.calledFrom(Driver.Begin);
    for (const auto &TU : Touch.M.TUs)
      for (const FunctionFacts &F : TU->Functions)
        if (FunctionRef Ref{TU.get(), &F}; !llvm::is_contained(Own, Ref))
          for (const auto &Set : Touch.of(Ref).Stored)
            SetByOthers->insert(Set.first());
  }
  return SetByOthers->contains(Key);
}

/// Fields of the driver's own that are zero while begin runs, in state \p S.
std::function<bool(StringRef)> ClashFinder::isZero(const State &S) const {
  return [&](StringRef Key) {
    return !S.Heap->count(Key) && Touch.Names.isOwn(Key.split('.').first) &&
           Key.contains('.') && !Touch.isHanded(Driver.Begin, Key) &&
           !isSetBetween(Key);
  };
}

void ClashFinder::initialises(Phase Now, const UseSite &What, bool IsPointer,
                              const State &S, llvm::ArrayRef<CallRef> Stack) {
  // The bound device was ready before.
  if (Now != Phase::Begin ||
      (Driver.Rule && What.Key.split('.').first == Driver.Rule->Device))
    return;
  for (const Window &W : S.Windows) {
    // That it is closed for a while now does not help.
    if (W.Lasting || !W.WasOpen || Keys::overlap(W.Key, What.Key))
      continue;
    Clash New;
    New.Kind = Clash::BeforeInit;
    // A pointer that is asked for first may well be null.
    New.Use = IsPointer ? Touch.follows(W.Code, What.Key)
                        : Touch.touches(W.Code, What.Key);
    if (!New.Use)
      continue;
    // Not on the ways that ask first whether something is there that is not.
    auto Zero = isZero(S);
    auto IsZero = [&](StringRef Key) { return Key == What.Key || Zero(Key); };
    New.Use = Touch.reaches(W.Code, What.Key, IsPointer, false, IsZero);
    if (!New.Use)
      continue;
    // In a loop it is made ready for the next round; and what one call makes
    // ready and opens, it does in the right order.
    if (What.In == W.Site.In && What.At.Offset <= W.Site.Call->At.Offset)
      continue;
    // Enabled, it still waits until something schedules it.
    if (W.Entry == "napi" && !W.Source)
      continue;
    // What its own code makes ready is its own affair.
    if (llvm::is_contained(Touch.calledFrom(W.Code), What.In))
      continue;
    New.IsPointer = IsPointer;
    // What is made later is found by what leads to it.
    StringRef Owner = What.Key.split('.').first;
    New.MayBeOther = isOfMany(S, What.Key) ||
                     llvm::any_of(S.Resources, [&](const Resource &R) {
                       const ResourceRule *Kind =
                           Touch.M.Rules.resource(R.What);
                       return Kind && Kind->IsMemory && R.Record == Owner &&
                              !(R.Site == R.Released) && R.Since > W.Since;
                     });
    // Begin has set the member that the code uses before the rest is ready:
    // then it matters that the code uses the rest as well.
    if (New.Use.Key != What.Key && S.Heap->count(New.Use.Key)) {
      if (UseSite Whole = Touch.touchesWhole(W.Code, What.Key))
        New.Use = Whole;
      else
        New.MayBeOther = true;
    }
    // A flag may keep it quiet until then.
    New.IsTold = Touch.asks(W.Code, Driver.Begin);
    // So may the device, which the handler asks first.
    New.AsksHardware =
        W.Entry == "irq" && !W.IsShared &&
        !Touch.reaches(W.Code, What.Key, IsPointer, true, IsZero);
    New.W = W;
    New.Init = What;
    New.Path = Stack.vec();
    add(std::move(New));
  }
}

void ClashFinder::begins(Phase Now, const UseSite &What, StringRef Resource,
                         const State &S, llvm::ArrayRef<CallRef> Stack) {
  if (Now != Phase::Begin)
    return;
  for (const Window &W : S.Windows) {
    Clash New;
    New.Kind = Clash::BeforeInit;
    New.Use = Touch.needs(W.Code, Resource);
    // Code that begins it by itself knows what it does.
    if (!W.Open || !New.Use ||
        llvm::is_contained(Touch.calledFrom(W.Code), What.In))
      continue;
    New.IsTold = Touch.asks(W.Code, Driver.Begin);
    New.W = W;
    New.Init = What;
    New.Needed = Resource;
    New.Path = Stack.vec();
    add(std::move(New));
  }
}

} // namespace devlife
