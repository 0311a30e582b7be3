//===- RulesCommand.cpp - devlife rules -----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/RulesCommand.h"
#include "rules/Contexts.h"
#include "rules/Effects.h"
#include "rules/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <array>

using namespace llvm;

namespace devlife {

namespace {
constexpr unsigned NumColumns = 5;
using TableLine = std::array<std::string, NumColumns>;
} // namespace

/// "acquire irq-vectors".
static std::string effectText(const Effect &E) {
  std::string Text = toString(E.Kind).str();
  return E.What.empty() ? Text : Text + " " + E.What;
}

/// "line=arg0 data=arg-1 handlers=arg1,arg2", by the keys of the YAML.
static std::string argumentText(const Effect &E) {
  std::vector<std::string> Parts;
  const EffectSpec &Spec = effectSpec(E.Kind);
  for (const SlotSpec &Slot : slotSpecs()) {
    if (!(Spec.allowed() & Slot.Slot))
      continue;
    if (Slot.Member) {
      if (E.*Slot.Member)
        Parts.push_back((Slot.Key + "=" + toString(E.*Slot.Member)).str());
    } else if (Slot.Slot == SlotCalls) {
      for (const std::string &Path : E.Calls)
        Parts.push_back("calls=" + Path);
    } else if (Slot.Slot == SlotAfter) {
      for (const std::string &Path : E.After)
        Parts.push_back("after=" + Path);
    } else if (Slot.Slot == SlotLasting) {
      if (E.Lasting)
        Parts.push_back("lasting");
    } else if (Slot.Slot & (SlotHandlers | SlotHandler | SlotFunction)) {
      std::string Refs = join(
          map_range(E.Handlers, [](ArgRef R) { return toString(R); }), ",");
      if (!Refs.empty())
        Parts.push_back((Slot.Key + "=" + Refs).str());
    }
  }
  return join(Parts, " ");
}

/// "takes spin", and the lock.
static std::pair<std::string, std::string> contextText(const ContextEffect &E) {
  static constexpr StringLiteral Names[] = {
      "sleeps",        "lock",       "unlock",        "takes",
      "tests-context", "tests-self", "waits-for",     "tests-bit",
      "sets-bit",      "clears-bit", "last-reference"};
  std::string Effect = Names[E.Kind].str(), Arguments = E.Name;
  if (E.Kind == ContextEffect::Sleeps) {
    if (E.Flags)
      Arguments = "flags=" + toString(E.Flags);
  } else if (E.Kind == ContextEffect::WaitsFor) {
    Arguments = join(E.Ops, ",");
  } else if (E.Kind <= ContextEffect::Takes) {
    Effect += (" " + toString(E.Of)).str();
  }
  if (E.Object)
    Arguments +=
        (Arguments.empty() ? "" : " ") + ("object=" + toString(E.Object));
  return {Effect, Arguments};
}

/// "6.1", "6.1.5".
static std::string versionText(uint32_t Code) {
  std::string Text = formatv("{0}.{1}", Code >> 16, (Code >> 8) & 255);
  return Code & 255 ? Text + "." + utostr(Code & 255) : Text;
}

static std::vector<TableLine> tableOf(const RuleSet &Rules) {
  std::vector<TableLine> Lines;
  for (const CallRule &Rule : Rules.calls())
    for (const std::string &Name : Rule.Names)
      for (const Effect &E : Rule.Effects) {
        std::string Arguments = argumentText(E);
        if (Rule.ManagedBy)
          Arguments += " managed-by=" + toString(Rule.ManagedBy);
        if (Rule.Since)
          Arguments += " since=" + versionText(Rule.Since);
        if (Rule.Until)
          Arguments += " until=" + versionText(Rule.Until);
        Lines.push_back({Name, effectText(E), Arguments,
                         toString(Rule.Fails).str(), Rule.Source});
      }
  for (const FieldRule &Rule : Rules.fields())
    for (const Effect &E : Rule.Effects)
      Lines.push_back({Rule.Record + "." + Rule.Field, effectText(E),
                       argumentText(E), "-", Rule.Source});
  for (const DriverRule &Rule : Rules.drivers())
    Lines.push_back({Rule.Record, "driver " + Rule.Device,
                     "begin=" + join(Rule.Begin, ",") +
                         " end=" + join(Rule.End, ",") +
                         (Rule.Releases ? "" : " releases=false"),
                     "-", Rule.Source});
  for (const DoorbellRule &Rule : Rules.doorbells())
    Lines.push_back({Rule.Event, "doorbell",
                     "vector=" + toString(Rule.Vector) + " ops=" + Rule.Ops,
                     "-", Rule.Source});
  for (auto [Name, Call] : Rules.contexts().calls())
    for (const ContextEffect &E : Call->Effects) {
      auto [Effect, Arguments] = contextText(E);
      Lines.push_back({Name.str(), Effect, Arguments,
                       toString(Call->Fails).str(), Call->Source});
    }
  for (const ManagedPair &P : Rules.pairs())
    Lines.push_back(
        {P.Managed, "wraps " + P.Plain, "undo=" + P.Undo, "-", P.Source});
  for (const KeptArgument &K : Rules.kept())
    Lines.push_back({K.Call, "keeps", toString(K.Argument), "-", K.Source});
  sort(Lines);
  return Lines;
}

int rulesMain(StringRef Directory, bool Check, raw_ostream &Out) {
  Expected<RuleSet> Rules = RuleSet::load(Directory);
  if (!Rules) {
    Out << toString(Rules.takeError()) << '\n';
    return 2;
  }
  if (Check) {
    Out << formatv("{0} rules in {1} files: ok\n",
                   Rules->calls().size() + Rules->fields().size() +
                       Rules->drivers().size(),
                   Rules->numFiles());
    return 0;
  }

  std::vector<TableLine> Lines = tableOf(*Rules);
  Lines.insert(Lines.begin(),
               {"FUNCTION", "EFFECT", "ARGUMENT", "FAILS", "SOURCE"});
  size_t Widths[NumColumns] = {};
  for (const TableLine &Line : Lines)
    for (auto [Width, Cell] : zip(Widths, Line))
      Width = std::max(Width, Cell.size());
  for (const TableLine &Line : Lines) {
    for (unsigned Column = 0; Column + 1 != NumColumns; ++Column)
      Out << left_justify(Line[Column], Widths[Column] + 2);
    Out << Line.back() << '\n';
  }
  return 0;
}

} // namespace devlife
