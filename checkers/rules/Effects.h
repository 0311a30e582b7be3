//===- Effects.h - The table of effect kinds ------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which YAML keys an effect takes, as data: the loader reads a row by this
// table, `devlife rules` prints by it, and the unit test compares it with
// rules/schema.json. A new effect kind is an enumerator of EffectKind, one
// line in Effects.cpp and its twin in the schema.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_RULES_EFFECTS_H
#define DEVLIFE_RULES_EFFECTS_H

#include "rules/Rules.h"
#include "llvm/ADT/StringRef.h"

namespace devlife {

/// The keys inside an effect, as bits for the masks of EffectSpec.
enum EffectSlot : uint32_t {
  SlotResource = 1 << 0,  ///< A declared resource, into Effect::What.
  SlotResources = 1 << 1, ///< Several: one Effect each.
  SlotEntry = 1 << 2,     ///< One of entryKinds(), into Effect::What.
  SlotObject = 1 << 3,
  SlotLine = 1 << 4,
  SlotIndex = 1 << 5, ///< Into Effect::Line.
  SlotDevice = 1 << 6,
  SlotData = 1 << 7,
  SlotHandlers = 1 << 8,  ///< A list.
  SlotHandler = 1 << 9,   ///< One, into Effect::Handlers.
  SlotFunction = 1 << 10, ///< One, into Effect::Handlers.
  SlotQueue = 1 << 11,
  SlotLasting = 1 << 12, ///< A truth value, into Effect::Lasting.
  SlotCalls = 1 << 13,   ///< A list of member paths, into Effect::Calls.
  SlotFlags = 1 << 14,
  SlotDisabledBy = 1 << 15, ///< A number, into Effect::DisabledBy.
  SlotValue = 1 << 16,      ///< Into Effect::Data.
  SlotSharedBy = 1 << 17,   ///< A number, into Effect::SharedBy.
  SlotAfter = 1 << 18,      ///< A list of member paths, into Effect::After.
  SlotDelay = 1 << 19,
  SlotField = 1 << 20, ///< One member path, into Effect::Field.
};

struct SlotSpec {
  llvm::StringLiteral Key;
  EffectSlot Slot;
  ArgRef Effect::*Member; ///< Null for those that are not a single ArgRef.
};

struct EffectSpec {
  llvm::StringLiteral Key;
  EffectKind Kind;
  uint32_t Required; ///< Slots that must be there.
  uint32_t AnyOf;    ///< Of these at least one; 0: no such demand.
  uint32_t Optional; ///< Further slots.

  uint32_t allowed() const { return Required | AnyOf | Optional; }
};

llvm::ArrayRef<SlotSpec> slotSpecs();
llvm::ArrayRef<EffectSpec> effectSpecs();
const EffectSpec &effectSpec(EffectKind Kind);

/// The kinds of code that the kernel calls by itself.
llvm::ArrayRef<llvm::StringLiteral> entryKinds();

} // namespace devlife

#endif // DEVLIFE_RULES_EFFECTS_H
