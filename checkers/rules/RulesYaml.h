//===- RulesYaml.h - A rules file as it is written ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first half of loading rules: from YAML text to structs that still know
// where each name stands. All that can be told from one file alone is checked
// here; what needs the other rows is left to RuleSet.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_RULES_RULESYAML_H
#define DEVLIFE_RULES_RULESYAML_H

#include "rules/Contexts.h"
#include "rules/Effects.h"
#include "rules/Rules.h"

namespace devlife {

/// A spot in a rules file; 1-based.
struct YamlPlace {
  unsigned Line = 1, Column = 1;

  bool operator<(const YamlPlace &O) const {
    return Line != O.Line ? Line < O.Line : Column < O.Column;
  }
};

/// A name and where it stands.
struct Spelled {
  std::string Text;
  YamlPlace At;

  explicit operator bool() const { return !Text.empty(); }
};

/// One name, or a list of names.
struct SpelledList {
  std::vector<Spelled> Items;
};

/// A kernel version as LINUX_VERSION_CODE; 0 when not given.
struct YamlVersion {
  uint32_t Code = 0;
  YamlPlace At;
};

/// One effect; with `resources`, one for each.
struct YamlEffect {
  const EffectSpec *Spec = nullptr;
  Effect Value;
  std::vector<Spelled> Resources; ///< What names a resource, one or several.
  YamlPlace At;
};

/// The effects under one key: a mapping, or a list of mappings.
struct YamlEffectList {
  const EffectSpec *Spec = nullptr;
  std::vector<YamlEffect> Items;
};

struct YamlRow {
  YamlPlace At;
  SpelledList Names;               ///< `call`: functions.
  Spelled Field;                   ///< `field`: "pci_dev.irq".
  Spelled Store;                   ///< `store`: "work_struct.func".
  std::vector<YamlEffect> Effects; ///< In the order of the file.
  ArgRef ManagedBy;
  Spelled Like;
  uint8_t Shift = 1;
  std::optional<FailKind> Fails;
  std::optional<Successor> Becomes;
  Spelled SyncForm;
  std::string BecomesText; ///< Of a field.
  bool RunsActionOnFailure = false;
  bool IsLegacy = false;
  std::string Source;
  YamlVersion Since, Until;
};

struct YamlResource {
  Spelled Name, Contract;
  std::string Text;
  ResourceRule Flags; ///< Only those.
};

struct YamlContract {
  Spelled Name;
  ContractRule Rule;
};

struct YamlHeld {
  Spelled Resource;
  std::string Field;
};

struct YamlDriver {
  Spelled Table;
  std::string Device;
  SpelledList Begin, End;
  SpelledList Quiesces;
  std::string Permanent, Holds;
  bool Releases = true, IsSession = false;
  std::string Source;
  std::vector<YamlHeld> Held;
};

/// What one key of a row of `contexts` says; Kind comes from the key.
struct YamlContextEffect {
  ContextEffect Value;
  std::string Lock; ///< `kind`.
};

struct YamlContextEffectList {
  ContextEffect::KindTy Kind;
  std::vector<YamlContextEffect> Items;
};

/// A row of `contexts`: about one of its first six.
struct YamlContext {
  YamlPlace At;
  SpelledList Calls, Ops, Functions, Globals, Fields;
  Spelled Entry, Type;
  std::vector<YamlContextEffect> Effects;
  FailKind Fails = FailKind::Never;
  std::string Runs, Kind, Unless, Confidence, Source;
  ArgRef Handler;
  SpelledList Holds;
};

struct YamlLockOrder {
  LockOrder Rule;
};

struct YamlHandover {
  HandoverRule Rule;
  std::string Source;
};

struct YamlDoorbells {
  YamlPlace At;
  DoorbellRule Rule;
};

struct YamlFile {
  std::string Subsystem, Source;
  bool IsGenerated = false;
  std::vector<YamlResource> Resources;
  std::vector<YamlContract> Contracts;
  std::vector<YamlRow> Rows;
  std::vector<YamlDriver> Drivers;
  std::vector<YamlContext> Contexts;
  std::vector<YamlLockOrder> LockOrders;
  ExportRule Exports;
  std::vector<ManagedPair> Pairs;
  std::vector<KeptArgument> Kept;
  std::vector<YamlHandover> Handovers;
  std::vector<YamlDoorbells> Doorbells;
};

/// Reads a file. The error says \p Name:line:column and what is wrong.
llvm::Expected<YamlFile> parseRules(llvm::StringRef Name, llvm::StringRef Text);

/// Adds the sections `contexts` and `lock-orders` of a file.
llvm::Error addContexts(ContextRules &Rules, llvm::StringRef Name,
                        const YamlFile &File);

/// "name:line:column".
std::string spell(llvm::StringRef Name, YamlPlace At);

} // namespace devlife

#endif // DEVLIFE_RULES_RULESYAML_H
