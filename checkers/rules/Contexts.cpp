//===- Contexts.cpp - What sleeps, what locks, what must not sleep --------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/Contexts.h"
#include "rules/RulesYaml.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Errc.h"

using namespace llvm;

namespace devlife {

static constexpr std::pair<StringLiteral, LockKind> LockNames[] = {
    {"mutex", LockKind::Mutex},
    {"spin", LockKind::Spin},
    {"raw-spin", LockKind::RawSpin},
    {"rcu", LockKind::Rcu},
    {"preempt", LockKind::Preempt},
    {"irq", LockKind::Irq},
    {"bh", LockKind::Bh},
};

static std::optional<LockKind> lockKind(StringRef Text) {
  for (auto [Name, Kind] : LockNames)
    if (Name == Text)
      return Kind;
  return std::nullopt;
}

StringRef toString(LockKind Kind) {
  for (auto [Name, Other] : LockNames)
    if (Other == Kind)
      return Name;
  llvm_unreachable("bad LockKind");
}

static std::optional<ContextKind> contextKind(StringRef Text) {
  return StringSwitch<std::optional<ContextKind>>(Text)
      .Case("hard-irq", ContextKind::HardIrq)
      .Case("soft-irq", ContextKind::SoftIrq)
      .Case("atomic", ContextKind::Atomic)
      .Case("raw", ContextKind::Raw)
      .Default(std::nullopt);
}

std::string lockClass(StringRef Name, StringRef Device) {
  if (Device.empty())
    return ("::" + Name).str();
  return (Name + "(" + Device + ")").str();
}

std::string lockClassOf(StringRef Text) {
  return Text.contains('(') || Text.contains('.') ? Text.str()
                                                  : lockClass(Text);
}

bool ContextCall::has(ContextEffect::KindTy Kind) const {
  return any_of(Effects,
                [&](const ContextEffect &E) { return E.Kind == Kind; });
}

const ContextCall *ContextRules::call(StringRef Callee) const {
  for (StringRef Name : {Callee, normaliseCallee(Callee)})
    if (auto It = Calls.find(Name);
        It != Calls.end() && (Name == Callee || !It->second.IsGenerated))
      return &It->second.Call;
  return nullptr;
}

std::vector<std::pair<StringRef, const ContextCall *>>
ContextRules::calls() const {
  std::vector<std::pair<StringRef, const ContextCall *>> All;
  for (const auto &Row : Calls)
    All.push_back({Row.first(), &Row.second.Call});
  llvm::sort(All, less_first());
  return All;
}

std::optional<ContextKind> ContextRules::entry(StringRef Kind) const {
  auto It = Entries.find(Kind);
  return It == Entries.end() ? std::nullopt : std::optional(It->second);
}

std::optional<LockKind> ContextRules::lockType(StringRef Record) const {
  auto It = Types.find(Record);
  return It == Types.end() ? std::nullopt : std::optional(It->second);
}

ArrayRef<std::string> ContextRules::holds(StringRef Function) const {
  auto It = Held.find(Function);
  if (It == Held.end())
    return {};
  return It->second;
}

/// Turns rows into rules, and says what is wrong with them.
class ContextBuilder {
public:
  ContextBuilder(ContextRules &Rules, StringRef Name, const YamlFile &File)
      : Rules(Rules), Name(Name), File(File) {}

  Error add(const YamlContext &Row);
  void order(const LockOrder &Order) {
    Rules.Orders.push_back(
        {lockClassOf(Order.Outer), lockClassOf(Order.Inner), Order.By});
  }

private:
  Error wrong(YamlPlace At, const Twine &What) const {
    return createStringError(errc::invalid_argument,
                             spell(Name, At) + ": " + What);
  }
  Error addCalls(const YamlContext &Row);
  Error addOps(const YamlContext &Row);

  ContextRules &Rules;
  StringRef Name;
  const YamlFile &File;
};

Error ContextBuilder::addCalls(const YamlContext &Row) {
  ContextRules::Row New;
  New.IsGenerated = File.IsGenerated;
  New.Call.Fails = Row.Fails;
  New.Call.IsDoubtful = Row.Confidence == "medium";
  New.Call.Source = Row.Source.empty() ? File.Source : Row.Source;
  for (const YamlContextEffect &E : Row.Effects) {
    ContextEffect &Effect = New.Call.Effects.emplace_back(E.Value);
    if (E.Lock.empty())
      continue;
    std::optional<LockKind> Kind = lockKind(E.Lock);
    if (!Kind)
      return wrong(Row.At, "unknown kind of lock '" + E.Lock + "'");
    Effect.Of = *Kind;
  }
  for (const Spelled &Callee : Row.Calls.Items) {
    if (Row.Handler) {
      std::optional<ContextKind> Runs = contextKind(Row.Runs);
      if (!Runs)
        return wrong(Row.At, "'handler' needs a known 'context'");
      Rules.Handlers.push_back({Callee.Text, Row.Handler, *Runs});
      continue;
    }
    if (New.Call.Effects.empty())
      return wrong(Row.At, "the row says nothing about '" + Callee.Text + "'");
    auto [It, IsNew] = Rules.Calls.try_emplace(Callee.Text, New);
    if (IsNew || New.IsGenerated)
      continue;
    if (!It->second.IsGenerated)
      return wrong(Callee.At, "second row of '" + Callee.Text + "'");
    It->second = New;
  }
  return Error::success();
}

Error ContextBuilder::addOps(const YamlContext &Row) {
  ContextOps New;
  New.Runs = contextKind(Row.Runs);
  if (!New.Runs && !Row.Runs.empty())
    return wrong(Row.At, "unknown context '" + Row.Runs + "'");
  for (const Spelled &Lock : Row.Holds.Items)
    New.Holds.push_back(lockClassOf(Lock.Text));
  if (!New.Runs && New.Holds.empty())
    return wrong(Row.At, "'ops' needs 'context' or 'holds'");
  New.Unless = Row.Unless;
  New.IsDoubtful = Row.Confidence == "medium";
  for (const Spelled &Field : Row.Ops.Items) {
    auto [Record, Path] = StringRef(Field.Text).split('.');
    if (Record.empty() || Path.empty())
      return wrong(Field.At,
                   "'" + Field.Text + "' is not of the form record.field");
    New.Record = Record.str();
    New.Field = Path.str();
    if (File.IsGenerated && any_of(Rules.Ops, [&](const ContextOps &Old) {
          return Old.Record + "." + Old.Field == Field.Text;
        }))
      continue;
    Rules.Ops.push_back(New);
  }
  return Error::success();
}

Error ContextBuilder::add(const YamlContext &Row) {
  unsigned Subjects = !Row.Calls.Items.empty() + !Row.Ops.Items.empty() +
                      !Row.Functions.Items.empty() +
                      !Row.Globals.Items.empty() + !Row.Fields.Items.empty() +
                      bool(Row.Entry) + bool(Row.Type);
  if (Subjects != 1)
    return wrong(Row.At, "a row of 'contexts' needs one of 'call', 'ops', "
                         "'function', 'global', 'field', 'entry' and 'type'");
  if (!Row.Confidence.empty() && Row.Confidence != "medium")
    return wrong(Row.At, "'confidence' can only be medium");
  if (!Row.Calls.Items.empty())
    return addCalls(Row);
  if (!Row.Ops.Items.empty())
    return addOps(Row);
  if (Row.Type) {
    std::optional<LockKind> Kind = lockKind(Row.Kind);
    if (!Kind)
      return wrong(Row.Type.At, "'type' needs a known 'kind' of lock");
    Rules.Types[Row.Type.Text] = *Kind;
  } else if (Row.Entry) {
    std::optional<ContextKind> Runs = contextKind(Row.Runs);
    if (!Runs || !is_contained(entryKinds(), Row.Entry.Text))
      return wrong(Row.Entry.At, "'entry' needs a known kind and 'context'");
    Rules.Entries[Row.Entry.Text] = *Runs;
  }
  for (const Spelled &Function : Row.Functions.Items)
    for (const Spelled &Lock : Row.Holds.Items)
      Rules.Held[Function.Text].push_back(lockClassOf(Lock.Text));
  for (const Spelled &Field : Row.Fields.Items)
    Rules.SelfFields.insert(Field.Text);
  for (const Spelled &Global : Row.Globals.Items)
    Rules.TestedGlobals.insert(Global.Text);
  return Error::success();
}

Error addContexts(ContextRules &Rules, StringRef Name, const YamlFile &File) {
  ContextBuilder Builder(Rules, Name, File);
  for (const YamlContext &Row : File.Contexts)
    if (Error E = Builder.add(Row))
      return E;
  for (const YamlLockOrder &Order : File.LockOrders)
    Builder.order(Order.Rule);
  return Error::success();
}

} // namespace devlife
