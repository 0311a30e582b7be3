//===- RulesTest.cpp - Loading and asking rules ---------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/Rules.h"
#include "rules/Effects.h"
#include "support/Embedded.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace devlife;

namespace {

constexpr uint32_t version(unsigned Major, unsigned Minor) {
  return (Major << 16) + (Minor << 8);
}

/// What an error says; "" for success.
std::string text(Error E) {
  if (!E)
    return "";
  return llvm::toString(std::move(E));
}

/// The error of a file whose first two lines are its head; "" when it loads.
std::string errorOf(const Twine &Body) {
  RuleSet Rules;
  std::string Text = ("subsystem: test\nsource: s.h\n" + Body).str();
  if (Error E = Rules.add("t.yaml", Text))
    return text(std::move(E));
  return text(Rules.finish());
}

/// The error of a file whose only row is one of f(), from line 5 on.
std::string rowError(const Twine &Keys) {
  return errorOf("rules:\n  - call: f\n    " + Keys + "\n");
}

RuleSet load(const Twine &Body) {
  RuleSet Rules;
  EXPECT_EQ(text(Rules.add("t.yaml",
                           ("subsystem: test\nsource: s.h\n" + Body).str())),
            "");
  EXPECT_EQ(text(Rules.finish()), "");
  return Rules;
}

RuleSet embedded() {
  Expected<RuleSet> Rules = RuleSet::load();
  EXPECT_TRUE(bool(Rules)) << text(Rules.takeError());
  return Rules ? std::move(*Rules) : RuleSet();
}

std::string rootPath(StringRef Path) {
  SmallString<256> Result(__FILE__);
  for (unsigned Up = 0; Up != 3; ++Up)
    sys::path::remove_filename(Result);
  sys::path::append(Result, Path);
  return std::string(Result);
}

/// "object=arg1 line=...", to compare effects at one glance.
std::string brief(const Effect &E) {
  std::string Text = (toString(E.Kind) + " " + E.What).str();
  auto Add = [&](StringRef Key, ArgRef Ref) {
    if (Ref)
      Text += (" " + Key + "=" + toString(Ref)).str();
  };
  Add("object", E.Object);
  Add("line", E.Line);
  Add("device", E.Device);
  Add("data", E.Data);
  for (ArgRef Ref : E.Handlers)
    Add("handler", Ref);
  return Text;
}

//===----------------------------------------------------------------------===//
// The shipped rules
//===----------------------------------------------------------------------===//

TEST(ShippedRules, EveryFileLoads) {
  RuleSet Rules = embedded();
  EXPECT_EQ(Rules.numFiles(), embeddedRules().size());
  EXPECT_GE(Rules.numFiles(), 5u);
  EXPECT_TRUE(Rules.call("pci_alloc_irq_vectors"));
}

TEST(ShippedRules, DirectoryIsTheSame) {
  Expected<RuleSet> Rules = RuleSet::load(rootPath("rules"));
  ASSERT_TRUE(bool(Rules)) << text(Rules.takeError());
  EXPECT_EQ(Rules->calls().size(), embedded().calls().size());
}

TEST(ShippedRules, Vectors) {
  RuleSet Rules = embedded();
  const CallRule *Enable = Rules.call("pcim_enable_device");
  ASSERT_TRUE(Enable);
  ASSERT_EQ(Enable->Effects.size(), 3u);
  EXPECT_EQ(brief(Enable->Effects[0]), "manages irq-vectors object=arg0");
  EXPECT_EQ(brief(Enable->Effects[1]), "manages pci-regions object=arg0");
  EXPECT_EQ(brief(Enable->Effects[2]), "acquire pci-enable object=arg0");
  EXPECT_EQ(Enable->Fails, FailKind::Nonzero);

  const ResourceRule *Vectors = Rules.resource("irq-vectors");
  ASSERT_TRUE(Vectors);
  EXPECT_EQ(Vectors->Text, "IRQ vectors");
  const ContractRule *Contract = Rules.contract(Vectors->Contract);
  ASSERT_TRUE(Contract);
  EXPECT_EQ(Contract->Declares, "pcim_alloc_irq_vectors");
  EXPECT_EQ(Contract->ImplicitFile, "drivers/pci/msi/msi.c");
  EXPECT_EQ(Contract->ImplicitFunction, "pcim_setup_msi_release");
  EXPECT_EQ(Contract->ImplicitMentions, "pci_is_managed");

  const CallRule *Msi = Rules.call("pci_enable_msi");
  ASSERT_TRUE(Msi && Msi->Becomes);
  EXPECT_TRUE(Msi->IsLegacy);
  EXPECT_EQ(Msi->Becomes->Call, "pcim_alloc_irq_vectors");
  EXPECT_EQ(Msi->Becomes->Args,
            std::vector<std::string>({"arg0", "1", "1", "PCI_IRQ_MSI"}));
  EXPECT_EQ(Msi->Becomes->Result, "count-or-negative");
  EXPECT_EQ(Msi->Becomes->Precondition, "");

  const CallRule *Range = Rules.call("pci_enable_msix_range");
  ASSERT_TRUE(Range && Range->Becomes);
  EXPECT_EQ(Range->Becomes->Result, "same");
  EXPECT_NE(Range->Becomes->Precondition, "");

  const FieldRule *Irq = Rules.field("pci_dev", "irq");
  ASSERT_TRUE(Irq);
  EXPECT_EQ(brief(Irq->Effects[0]), "number-of irq-vectors object=base");
  EXPECT_EQ(Irq->Becomes, "pci_irq_vector(base, 0)");
}

TEST(ShippedRules, Handlers) {
  RuleSet Rules = embedded();
  auto First = [&](StringRef Callee) {
    const CallRule *Rule = Rules.call(Callee);
    return Rule ? brief(Rule->Effects[0]) : "";
  };
  EXPECT_EQ(First("request_irq"), "arm irq line=arg0 data=arg-1 handler=arg1");
  EXPECT_EQ(First("devm_request_threaded_irq"),
            "arm irq line=arg1 data=arg-1 handler=arg2 handler=arg3");
  EXPECT_EQ(First("devm_free_irq"), "quiesce irq line=arg1 data=arg2");
  EXPECT_EQ(
      First("pci_request_irq"),
      "arm irq line=arg1 device=arg0 data=arg4 handler=arg2 handler=arg3");
  EXPECT_EQ(First("__devm_add_action"), "action  data=arg2 handler=arg1");
  EXPECT_TRUE(Rules.call("devm_add_action_or_reset")->RunsActionOnFailure);
  EXPECT_FALSE(Rules.call("devm_add_action")->RunsActionOnFailure);
  // It does not wait, so it does not quiesce.
  EXPECT_EQ(First("cancel_work"), "cancel work object=arg0");
}

TEST(ShippedRules, Drivers) {
  RuleSet Rules = embedded();
  const DriverRule *Pci = Rules.driver("pci_driver");
  ASSERT_TRUE(Pci);
  EXPECT_EQ(Pci->Device, "pci_dev");
  EXPECT_EQ(Pci->Begin, std::vector<std::string>({"probe"}));
  EXPECT_EQ(Pci->End, std::vector<std::string>({"remove"}));
  EXPECT_TRUE(Pci->Releases);
  EXPECT_EQ(Pci->Source, "include/linux/pci.h");
  ASSERT_TRUE(Rules.driver("pci_epc_event_ops"));
  EXPECT_FALSE(Rules.driver("pci_epc_event_ops")->Releases);
  EXPECT_FALSE(Rules.driver("pci_device_id"));
}

// The schema is written by hand: it and the table of effects say the same.
TEST(ShippedRules, SchemaFollowsTheTable) {
  auto Buffer = MemoryBuffer::getFile(rootPath("rules/schema.json"));
  ASSERT_TRUE(bool(Buffer));
  Expected<json::Value> Schema = json::parse((*Buffer)->getBuffer());
  ASSERT_TRUE(bool(Schema)) << text(Schema.takeError());
  const json::Object *Defs = Schema->getAsObject()->getObject("$defs");
  ASSERT_TRUE(Defs);

  auto Strings = [](const json::Array *Array) {
    std::set<std::string> Set;
    if (Array)
      for (const json::Value &Value : *Array)
        Set.insert(Value.getAsString().value_or("").str());
    return Set;
  };
  std::set<std::string> Effects;
  for (const EffectSpec &Spec : effectSpecs()) {
    Effects.insert(Spec.Key.str());
    const json::Object *Def = Defs->getObject(Spec.Key);
    ASSERT_TRUE(Def) << Spec.Key.str();
    std::set<std::string> Allowed, Required, Known;
    for (const SlotSpec &Slot : slotSpecs()) {
      if (Spec.allowed() & Slot.Slot)
        Allowed.insert(Slot.Key.str());
      if (Spec.Required & Slot.Slot)
        Required.insert(Slot.Key.str());
    }
    for (const auto &Property : *Def->getObject("properties"))
      Known.insert(Property.first.str());
    EXPECT_EQ(Known, Allowed) << Spec.Key.str();
    EXPECT_EQ(Strings(Def->getArray("required")), Required) << Spec.Key.str();
    EXPECT_EQ(Def->get("anyOf") != nullptr, Spec.AnyOf != 0) << Spec.Key.str();
  }
  std::set<std::string> Known;
  for (const auto &Property :
       *Defs->getObject("effects")->getObject("properties"))
    Known.insert(Property.first.str());
  EXPECT_EQ(Known, Effects);
  std::set<std::string> Counted;
  for (const json::Value &One :
       *Defs->getObject("hasEffect")->getArray("anyOf"))
    for (const std::string &Key :
         Strings(One.getAsObject()->getArray("required")))
      Counted.insert(Key);
  EXPECT_EQ(Counted, Effects);

  std::set<std::string> Kinds, Fails;
  for (StringRef Kind : entryKinds())
    Kinds.insert(Kind.str());
  EXPECT_EQ(Strings(Defs->getObject("entry")->getArray("enum")), Kinds);
  for (unsigned Kind = 0; Kind <= unsigned(FailKind::Zero); ++Kind)
    Fails.insert(toString(FailKind(Kind)).str());
  EXPECT_EQ(Strings(Defs->getObject("callRow")
                        ->getObject("properties")
                        ->getObject("fails")
                        ->getArray("enum")),
            Fails);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

TEST(Rules, EffectsKeepTheirOrder) {
  RuleSet Rules = load("resources: [{ name: m, text: memory }]\n"
                       "rules:\n"
                       "  - call: renew\n"
                       "    release: { resource: m, object: arg0 }\n"
                       "    acquire:\n"
                       "      - { resource: m, object: return }\n"
                       "      - { resource: m, object: '*arg1', index: arg2 }\n"
                       "    fails: null-pointer\n");
  const CallRule *Rule = Rules.call("renew");
  ASSERT_TRUE(Rule);
  ASSERT_EQ(Rule->Effects.size(), 3u);
  EXPECT_EQ(brief(Rule->Effects[0]), "release m object=arg0");
  EXPECT_EQ(brief(Rule->Effects[1]), "acquire m object=return");
  EXPECT_EQ(brief(Rule->Effects[2]), "acquire m object=*arg1 line=arg2");
  EXPECT_EQ(Rule->find(EffectKind::Acquire), &Rule->Effects[1]);
  EXPECT_EQ(Rule->find(EffectKind::Arm), nullptr);
  EXPECT_EQ(Rule->Fails, FailKind::Null);
  EXPECT_EQ(Rule->Source, "s.h");
}

TEST(Rules, FieldRow) {
  RuleSet Rules =
      load("rules:\n"
           "  - field: work_struct.func\n"
           "    bind: { entry: work, object: base, handler: value }\n"
           "    source: w.h\n"
           "  - field: a.b.c\n"
           "    arm: { entry: ops, object: base }\n");
  const FieldRule *Rule = Rules.field("work_struct", "func");
  ASSERT_TRUE(Rule);
  EXPECT_EQ(brief(Rule->Effects[0]), "bind work object=base handler=value");
  EXPECT_EQ(Rule->Source, "w.h");
  EXPECT_TRUE(Rules.field("a", "b.c"));
  EXPECT_FALSE(Rules.field("a", "b"));
}

TEST(Rules, LikeShiftsByOne) {
  RuleSet Rules =
      load("rules:\n"
           // Before what it is like, and like one that is like a third.
           "  - { call: devm_b, like: b, managed-by: arg0 }\n"
           "  - { call: b, like: a, shift: 0, fails: zero }\n"
           "  - call: a\n"
           "    arm: { entry: irq, line: arg0, device: arg2, handlers: [arg1, "
           "arg-2], "
           "data: '*arg-1' }\n"
           "    fails: negative\n"
           "    legacy: true\n"
           "  - { call: far, like: a, shift: 3 }\n"
           "  - call: more\n"
           "    like: a\n"
           "    quiesce: { entry: irq, line: arg9 }\n");
  const CallRule *Devm = Rules.call("devm_b");
  ASSERT_TRUE(Devm);
  ASSERT_EQ(Devm->Effects.size(), 1u);
  EXPECT_EQ(brief(Devm->Effects[0]), "arm irq line=arg1 device=arg3 "
                                     "data=*arg-1 handler=arg2 handler=arg-2");
  EXPECT_EQ(toString(Devm->ManagedBy), "arg0");
  EXPECT_EQ(Devm->Fails, FailKind::Zero);
  EXPECT_FALSE(Devm->IsLegacy);
  EXPECT_EQ(Rules.call("b")->Effects[0].Line.Index, 0);
  EXPECT_EQ(Rules.call("far")->Effects[0].Line.Index, 3);
  EXPECT_EQ(Rules.call("far")->Fails, FailKind::Negative);
  ASSERT_EQ(Rules.call("more")->Effects.size(), 2u);
  EXPECT_EQ(brief(Rules.call("more")->Effects[1]), "quiesce irq line=arg9");
}

TEST(Rules, LikeTakesTheRowOfItsVersions) {
  StringRef Two = "rules:\n"
                  "  - { call: a, quiesce: { entry: work, object: arg0 }, "
                  "until: \"6.1\" }\n"
                  "  - { call: a, quiesce: { entry: work, object: arg1 }, "
                  "since: \"6.1\" }\n";
  RuleSet Rules = load(Two + "  - { call: d, like: a, since: \"6.2\" }\n");
  EXPECT_EQ(brief(Rules.call("d")->Effects[0]), "quiesce work object=arg2");
  EXPECT_EQ(errorOf(Two + "  - { call: d, like: a }\n"),
            "t.yaml:6:22: 'like' of 'a', which has no row for all these "
            "versions");
}

TEST(Rules, SinceUntil) {
  RuleSet Rules = load(
      "rules:\n"
      "  - { call: f, until: \"6.1\", quiesce: { entry: work, object: arg0 } "
      "}\n"
      "  - { call: f, since: \"6.10\", quiesce: { entry: work, object: arg2 "
      "} }\n"
      "  - { call: f, since: \"6.1\", until: \"6.6.3\", quiesce: { entry: "
      "work, object: arg1 } }\n");
  auto Object = [&](uint32_t Version) {
    const CallRule *Rule = Rules.call("f", Version);
    return Rule ? toString(Rule->Effects[0].Object) : "";
  };
  EXPECT_EQ(Object(version(5, 15)), "arg0");
  EXPECT_EQ(Object(version(6, 1) - 1), "arg0");
  EXPECT_EQ(Object(version(6, 1)), "arg1");
  EXPECT_EQ(Object(version(6, 6) + 2), "arg1");
  EXPECT_EQ(Object(version(6, 6) + 3), "");
  EXPECT_EQ(Object(version(6, 10)), "arg2");
  EXPECT_EQ(Object(0), "arg2");
}

TEST(Rules, NormaliseCallee) {
  EXPECT_EQ(normaliseCallee("kmalloc"), "kmalloc");
  EXPECT_EQ(normaliseCallee("__kmalloc_noprof"), "kmalloc");
  EXPECT_EQ(normaliseCallee("kmalloc_noprof"), "kmalloc");
  EXPECT_EQ(normaliseCallee("__devm_add_action"), "devm_add_action");
  EXPECT_EQ(normaliseCallee("_raw_spin_lock"), "_raw_spin_lock");
  EXPECT_EQ(normaliseCallee("__"), "__");
  EXPECT_EQ(normaliseCallee("__noprof"), "noprof");
  EXPECT_EQ(normaliseCallee("_noprof"), "_noprof");
  EXPECT_EQ(normaliseCallee(""), "");
}

TEST(Rules, ExactNameFirst) {
  RuleSet Rules =
      load("rules:\n"
           "  - { call: f, quiesce: { entry: work, object: arg0 } }\n"
           "  - { call: __f, quiesce: { entry: work, object: arg1 } }\n");
  EXPECT_EQ(Rules.call("f")->Effects[0].Object.Index, 0);
  EXPECT_EQ(Rules.call("__f")->Effects[0].Object.Index, 1);
  EXPECT_EQ(Rules.call("f_noprof")->Effects[0].Object.Index, 0);
}

TEST(Rules, ReferencesCrossFiles) {
  RuleSet Rules;
  EXPECT_EQ(
      text(Rules.add("a.yaml", "subsystem: a\nsource: a.h\nrules:\n"
                               "  - call: get\n"
                               "    acquire: { resource: r, object: return }\n"
                               "  - { call: devm_get, like: other }\n")),
      "");
  EXPECT_EQ(text(Rules.add(
                "b.yaml", "subsystem: b\nsource: b.h\n"
                          "resources: [{ name: r, text: thing, contract: c }]\n"
                          "rules:\n"
                          "  - call: other\n"
                          "    release: { resource: r, object: arg0 }\n")),
            "");
  EXPECT_EQ(text(Rules.finish()), "b.yaml:3:47: unknown contract 'c'");
}

//===----------------------------------------------------------------------===//
// Errors; line 3 is the first of the body
//===----------------------------------------------------------------------===//

TEST(RuleErrors, Syntax) {
  EXPECT_EQ(errorOf("rules: [\n").substr(0, 9), "t.yaml:3:");
  EXPECT_EQ(errorOf("rules: 3\n"), "t.yaml:3:8: not a sequence");
  EXPECT_EQ(rowError("call: g"), "t.yaml:5:5: duplicated mapping key 'call'");
}

TEST(RuleErrors, Head) {
  RuleSet Rules;
  EXPECT_EQ(text(Rules.add("t.yaml", "")),
            "t.yaml:1:1: a rules file needs 'subsystem' and 'source'");
  EXPECT_EQ(text(Rules.add("t.yaml", "subsystem: a\n")),
            "t.yaml:1:1: missing required key 'source'");
  EXPECT_EQ(errorOf("---\nsubsystem: b\n"),
            "t.yaml:4:1: a rules file is one document");
}

TEST(RuleErrors, UnknownKeys) {
  EXPECT_EQ(errorOf("rulez: []\n"), "t.yaml:3:1: unknown key 'rulez'");
  EXPECT_EQ(rowError("aqcuire: {}"), "t.yaml:5:5: unknown key 'aqcuire'");
  EXPECT_EQ(rowError("quiesce: { entry: irq, line: arg0, handlers: [arg1] }"),
            "t.yaml:5:40: unknown key 'handlers'");
  EXPECT_EQ(errorOf("rules:\n  - field: a.b\n    fails: zero\n"),
            "t.yaml:5:5: unknown key 'fails'");
  EXPECT_EQ(rowError("shift: 1"), "t.yaml:5:5: unknown key 'shift'");
  EXPECT_EQ(
      errorOf(
          "drivers:\n  - { table: t, device: d, begin: b, end: e, pm: x }\n"),
      "t.yaml:4:46: unknown key 'pm'");
}

TEST(RuleErrors, MissingKeys) {
  EXPECT_EQ(rowError("acquire: { resource: r }"),
            "t.yaml:5:16: missing required key 'object'");
  EXPECT_EQ(rowError("arm: { entry: irq }"),
            "t.yaml:5:12: 'arm' needs 'object' or 'line'");
  EXPECT_EQ(rowError("arm:"), "t.yaml:6:1: not a mapping");
  EXPECT_EQ(rowError("arm: irq"), "t.yaml:5:10: not a mapping");
  EXPECT_EQ(errorOf("rules:\n  - fails: zero\n"),
            "t.yaml:4:5: a row needs one of 'call', 'field' and 'store'");
  EXPECT_EQ(errorOf("rules:\n  - call: []\n"),
            "t.yaml:4:5: a row needs one of 'call', 'field' and 'store'");
  EXPECT_EQ(rowError("legacy: true"), "t.yaml:4:5: the row has no effect");
  EXPECT_EQ(rowError("manages: { resources: [], object: arg0 }"),
            "t.yaml:5:16: 'manages' names no resource");
  EXPECT_EQ(
      errorOf("drivers:\n  - { table: t, device: d, begin: [], end: e }\n"),
      "t.yaml:4:14: a driver table needs fields that begin and fields "
      "that end");
}

TEST(RuleErrors, Arguments) {
  auto Object = [](StringRef Ref) {
    return rowError("quiesce: { entry: irq, object: " + Ref + " }");
  };
  EXPECT_EQ(Object("arg0"), "");
  EXPECT_EQ(Object("'*arg31'"), "");
  for (StringRef Bad : {"argO", "arg", "arg-", "arg-0", "arg32", "arg+1",
                        "Arg0", "retrun", "arg 1"})
    EXPECT_EQ(Object(Bad), ("t.yaml:5:36: bad argument '" + Bad +
                            "': expected argN, arg-N, return, base or value")
                               .str());
  EXPECT_EQ(Object("base"), "t.yaml:5:36: 'base' has no meaning for a call");
  EXPECT_EQ(errorOf("rules:\n  - field: a.b\n    bind: { entry: work, object: "
                    "base, handler: arg0 }\n"),
            "t.yaml:5:49: 'arg0' has no meaning for a field");
  EXPECT_EQ(rowError("managed-by: dev"),
            "t.yaml:5:17: bad argument 'dev': expected argN, arg-N, return, "
            "base or value");
}

TEST(RuleErrors, Doorbells) {
  EXPECT_EQ(errorOf("doorbells:\n  - { event: e, vector: arg1 }\n"),
            "t.yaml:4:7: missing required key 'ops'");
}

TEST(RuleErrors, Enumerations) {
  EXPECT_EQ(rowError("fails: errno"),
            "t.yaml:5:12: unknown value 'errno': expected one of never, "
            "negative, nonzero, null-pointer, err-ptr, zero");
  EXPECT_EQ(rowError("arm: { entry: iqr, line: arg0 }"),
            "t.yaml:5:19: unknown entry kind 'iqr'");
  EXPECT_EQ(rowError("becomes: { call: g, result: count }"),
            "t.yaml:5:16: unknown result 'count': expected same or "
            "count-or-negative");
  EXPECT_EQ(rowError("legacy: perhaps"), "t.yaml:5:13: invalid boolean");
}

TEST(RuleErrors, SyncForm) {
  // The row that it names quiesces what this one cancels.
  EXPECT_EQ(rowError("cancel: { entry: work, object: arg0 }\n"
                     "    sync-form: g"),
            "t.yaml:6:16: 'sync-form' of 'g', which does not quiesce what "
            "this call cancels");
}

TEST(RuleErrors, Names) {
  EXPECT_EQ(errorOf("rules:\n  - call: [f, 'g()']\n    like: f\n"),
            "t.yaml:4:15: 'g()' is not the name of a function");
  EXPECT_EQ(errorOf("rules:\n  - field: irq\n    number-of: { resource: r, "
                    "object: base }\n"),
            "t.yaml:4:12: 'irq' is not of the form record.field");
  EXPECT_EQ(
      errorOf("drivers:\n  - { table: t, device: d, begin: b, end: e- }\n"),
      "t.yaml:4:43: 'e-' is not the name of a field");
  EXPECT_EQ(errorOf("rules:\n  - call: ''\n    like: f\n"),
            "t.yaml:4:11: a name must not be empty");
}

TEST(RuleErrors, References) {
  EXPECT_EQ(rowError("acquire: { resource: r, object: arg0 }"),
            "t.yaml:5:26: unknown resource 'r'");
  EXPECT_EQ(errorOf("resources: [{ name: a, text: a }]\nrules:\n  - call: f\n  "
                    "  manages: { resources: [a, b], object: arg0 }\n"),
            "t.yaml:6:31: unknown resource 'b'");
  EXPECT_EQ(errorOf("resources: [{ name: a, text: a, contract: b }]\n"),
            "t.yaml:3:43: unknown contract 'b'");
  EXPECT_EQ(errorOf("rules:\n  - { call: f, like: g }\n"),
            "t.yaml:4:22: 'like' of 'g', which has no row");
  EXPECT_EQ(
      errorOf("rules:\n  - { call: f, like: g }\n  - { call: g, like: f }\n"),
      "t.yaml:4:22: 'like' goes in a circle");
  EXPECT_EQ(errorOf("rules:\n  - { call: f, like: f }\n"),
            "t.yaml:4:22: 'like' goes in a circle");
}

TEST(RuleErrors, Actions) {
  EXPECT_EQ(rowError("quiesce: { entry: irq, line: arg0 }\n    "
                     "runs-action-on-failure: true"),
            "t.yaml:4:5: 'runs-action-on-failure' needs 'action' or 'put'");
  StringRef Action = "rules:\n  - call: f\n"
                     "    action: { function: arg0, data: arg1 }\n";
  EXPECT_EQ(errorOf(Action + "  - { call: g, like: f, "
                             "runs-action-on-failure: true }\n"),
            "");
}

TEST(RuleErrors, Duplicates) {
  StringRef Row = "quiesce: { entry: irq, line: arg0 }";
  EXPECT_EQ(errorOf("rules:\n  - { call: f, " + Row +
                    " }\n  - { call: [g, f], " + Row + " }\n"),
            "t.yaml:5:17: second row of 'f' for the same versions, the first "
            "is at t.yaml:4:7");
  EXPECT_EQ(errorOf("rules:\n  - { call: [f, f], " + Row + " }\n"),
            "t.yaml:4:17: second row of 'f' for the same versions, the first "
            "is at t.yaml:4:7");
  EXPECT_EQ(errorOf("rules:\n  - { call: f, until: \"6.2\", " + Row +
                    " }\n  - { call: f, since: \"6.1\", " + Row + " }\n"),
            "t.yaml:5:13: second row of 'f' for the same versions, the first "
            "is at t.yaml:4:7");
  StringRef Field = "  - { field: a.b, arm: { entry: irq, line: base } }\n";
  EXPECT_EQ(errorOf("rules:\n" + Field + Field),
            "t.yaml:5:14: second row of field 'a.b', the first is at "
            "t.yaml:4:14");
  EXPECT_EQ(
      errorOf("resources: [{ name: a, text: a }, { name: a, text: b }]\n"),
      "t.yaml:3:43: second resource 'a', the first is at t.yaml:3:21");
  StringRef Driver = "  - { table: t, device: d, begin: b, end: e }\n";
  EXPECT_EQ(errorOf("drivers:\n" + Driver + Driver),
            "t.yaml:5:14: second driver table 't', the first is at "
            "t.yaml:4:14");
  StringRef Contract = "  - { name: c, declares: f, implicit-while: { file: a, "
                       "function: b, mentions: d } }\n";
  EXPECT_EQ(errorOf("contracts:\n" + Contract + Contract),
            "t.yaml:5:13: second contract 'c', the first is at t.yaml:4:13");
  StringRef Bell = "  - { event: e, vector: arg1, ops: o, valid-mask: m, "
                   "vector-count: c, vector-mask: v, masks: [m] }\n";
  EXPECT_EQ(errorOf(("doorbells:\n" + Bell).str()), "");
  EXPECT_EQ(errorOf(("doorbells:\n" + Bell + Bell).str()),
            "t.yaml:5:7: second row of doorbells of 'e', the first is at "
            "t.yaml:4:7");
}

TEST(RuleErrors, Versions) {
  auto Since = [](StringRef Version) {
    return errorOf(
        ("rules:\n  - call: f\n    quiesce: { entry: irq, line: arg0 "
         "}\n    since: " +
         Version + "\n")
            .str());
  };
  EXPECT_EQ(Since("\"6.10\""), "");
  EXPECT_EQ(Since("'6.10.255'"), "");
  EXPECT_EQ(Since("6.10"), "t.yaml:6:12: a version must be quoted");
  for (StringRef Bad : {"6", "6.x", "6.1.2.3", "6.300", "v6.1", "6."})
    EXPECT_EQ(
        Since(("\"" + Bad + "\"").str()),
        ("t.yaml:6:12: bad version '" + Bad + "': expected such as \"6.12\"")
            .str());
  EXPECT_EQ(Since("\"6.2\"\n    until: \"6.2\""),
            "t.yaml:7:12: 'until' must be later than 'since'");
}

} // namespace
