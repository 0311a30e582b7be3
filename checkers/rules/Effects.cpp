//===- Effects.cpp - The table of effect kinds ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/Effects.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;

namespace devlife {

ArrayRef<SlotSpec> slotSpecs() {
  static constexpr SlotSpec Specs[] = {
      {"resource", SlotResource, nullptr},
      {"resources", SlotResources, nullptr},
      {"entry", SlotEntry, nullptr},
      {"object", SlotObject, &Effect::Object},
      {"line", SlotLine, &Effect::Line},
      {"index", SlotIndex, &Effect::Line},
      {"device", SlotDevice, &Effect::Device},
      {"data", SlotData, &Effect::Data},
      {"handlers", SlotHandlers, nullptr},
      {"handler", SlotHandler, nullptr},
      {"function", SlotFunction, nullptr},
      {"queue", SlotQueue, &Effect::Queue},
      {"delay", SlotDelay, &Effect::Delay},
      {"lasting", SlotLasting, nullptr},
      {"calls", SlotCalls, nullptr},
      {"after", SlotAfter, nullptr},
      {"flags", SlotFlags, &Effect::Flags},
      {"disabled-by", SlotDisabledBy, nullptr},
      {"shared-by", SlotSharedBy, nullptr},
      {"value", SlotValue, &Effect::Data},
      {"field", SlotField, nullptr},
  };
  return Specs;
}

ArrayRef<EffectSpec> effectSpecs() {
  constexpr uint32_t Thing = SlotResource | SlotObject;
  constexpr uint32_t Where = SlotObject | SlotLine;
  constexpr uint32_t Entry = SlotEntry;
  constexpr uint32_t Callback = SlotFunction | SlotData;
  static constexpr EffectSpec Specs[] = {
      {"acquire", EffectKind::Acquire, Thing, 0, SlotIndex},
      {"release", EffectKind::Release, Thing, 0, SlotIndex},
      {"bind", EffectKind::Bind, Entry | SlotObject | SlotHandler, 0, SlotData},
      {"arm", EffectKind::Arm, Entry, Where,
       SlotDevice | SlotHandlers | SlotData | SlotQueue | SlotDelay |
           SlotFlags | SlotDisabledBy | SlotSharedBy},
      {"quiesce", EffectKind::Quiesce, Entry, Where,
       SlotDevice | SlotData | SlotLasting},
      {"cancel", EffectKind::Cancel, Entry | SlotObject, 0, 0},
      {"flush", EffectKind::Flush, Entry | SlotObject, 0, 0},
      {"drain", EffectKind::Drain, SlotObject, 0, SlotEntry | SlotLasting},
      {"runs", EffectKind::Runs, SlotObject | SlotCalls, 0,
       SlotLasting | SlotAfter},
      {"manages-entry", EffectKind::ManagesEntry, Entry | SlotObject, 0, 0},
      {"part-of", EffectKind::PartOf, SlotObject, 0, 0},
      {"get", EffectKind::Get, SlotObject, 0, 0},
      {"put", EffectKind::Put, SlotObject, 0, SlotFunction | SlotCalls},
      {"released-by", EffectKind::ReleasedBy, SlotObject | SlotFunction, 0,
       SlotField},
      {"access", EffectKind::Access, SlotObject, 0, SlotValue},
      {"caches", EffectKind::Caches, SlotObject | SlotValue, 0, 0},
      {"resets", EffectKind::Resets, SlotObject, 0, 0},
      {"begins", EffectKind::Begins, SlotObject | SlotFunction, 0, 0},
      {"tells", EffectKind::Tells, Thing, 0, 0},
      {"needs", EffectKind::Needs, Thing, 0, 0},
      {"action", EffectKind::Action, Callback, 0, 0},
      {"run-action", EffectKind::RunAction, Callback, 0, 0},
      {"drop-action", EffectKind::DropAction, Callback, 0, 0},
      {"manages", EffectKind::Manages, SlotResources | SlotObject, 0, 0},
      {"number-of", EffectKind::NumberOf, Thing, 0, SlotIndex},
      {"error-test", EffectKind::ErrorTest, SlotObject, 0, 0},
      {"error-of", EffectKind::ErrorOf, SlotObject, 0, 0},
      {"error-or-zero", EffectKind::ErrorOrZero, SlotObject, 0, 0},
      {"error-pointer", EffectKind::ErrorPointer, SlotObject, 0, 0},
      {"returns", EffectKind::Returns, SlotObject, 0, SlotField},
  };
  return Specs;
}

const EffectSpec &effectSpec(EffectKind Kind) {
  for (const EffectSpec &Spec : effectSpecs())
    if (Spec.Kind == Kind)
      return Spec;
  llvm_unreachable("effect kind without a line in the table");
}

ArrayRef<StringLiteral> entryKinds() {
  static constexpr StringLiteral Kinds[] = {
      "irq",       "work",    "delayed-work", "timer", "hrtimer",
      "tasklet",   "kthread", "notifier",     "urb",   "ops",
      "attribute", "napi",    "control-urb",
  };
  return Kinds;
}

StringRef toString(EffectKind Kind) { return effectSpec(Kind).Key; }

} // namespace devlife
