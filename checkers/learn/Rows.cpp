//===- Rows.cpp - Lessons as rules, and what they say about rules ---------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "learn/Learn.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>

using namespace llvm;

namespace devlife {

/// The lessons of one function.
using Row = ArrayRef<Lesson>;

static std::vector<Row> rowsOf(ArrayRef<Lesson> Lessons) {
  std::vector<Row> Rows;
  while (!Lessons.empty()) {
    size_t N = 1;
    while (N != Lessons.size() && Lessons[N].Function == Lessons[0].Function)
      ++N;
    Rows.push_back(Lessons.take_front(N));
    Lessons = Lessons.drop_front(N);
  }
  return Rows;
}

/// "lock: ..." of a row of contexts; "" for what is no matter of context.
static std::string contextText(const Lesson &L) {
  switch (L.Kind) {
  case LessonKind::Sleeps:
    if (L.Arg < 0)
      return "sleeps: true";
    if (L.Mask == ~0ull)
      return formatv("sleeps: {{ flags: arg{0} }", L.Arg);
    return formatv("sleeps: {{ flags: arg{0}, mask: {1} }", L.Arg, L.Mask);
  case LessonKind::Locks:
  case LessonKind::Unlocks:
  case LessonKind::Takes: {
    StringRef Key = L.Kind == LessonKind::Locks     ? "lock"
                    : L.Kind == LessonKind::Unlocks ? "unlock"
                                                    : "takes";
    return formatv("{0}: {{ kind: {1}, name: {2} }", Key, toString(L.Of),
                   L.Lock);
  }
  default:
    return "";
  }
}

/// Lessons of a row by key, as YAML wants them: one, or a list.
static std::string contextRow(Row Of) {
  std::map<std::string, std::vector<std::string>> Keys;
  for (const Lesson &L : Of)
    if (std::string Text = contextText(L); !Text.empty()) {
      auto [Key, Value] = StringRef(Text).split(": ");
      std::vector<std::string> &Values = Keys[Key.str()];
      if (!is_contained(Values, Value))
        Values.push_back(Value.str());
    }
  std::string Text;
  for (auto &[Key, Values] : Keys)
    Text += "    " + Key + ": " +
            (Values.size() == 1 ? Values[0] : "[" + join(Values, ", ") + "]") +
            "\n";
  return Text;
}

/// Whether a row can say what it does.
static bool isLike(const Lesson &L, const RuleSet &ByHand) {
  const CallRule *Plain = ByHand.call(L.Plain);
  return L.Arg >= 0 && Plain && Plain->find(EffectKind::Acquire);
}

/// Whether the rules say in which context a function of a table runs.
static bool isKnown(StringRef RecordField, const RuleSet &ByHand) {
  return any_of(ByHand.contexts().ops(), [&](const ContextOps &Ops) {
    return Ops.Runs && Ops.Record + "." + Ops.Field == RecordField;
  });
}

void writeLessons(raw_ostream &OS, ArrayRef<Lesson> Lessons,
                  const RuleSet &ByHand, StringRef Source) {
  std::vector<Row> Rows = rowsOf(Lessons);
  OS << "# Made by `devlife learn`; corrections belong into a file of their "
        "own, beside this folder.\n"
     << "subsystem: generated\n"
     << "source: " << Source << "\n"
     << "generated: true\n";
  // One row for all functions of a file of which it says the same: the file is
  // read at each start. Evidence stands behind each.
  using Key = std::pair<std::string, std::string>;
  MapVector<Key, std::vector<const Lesson *>, std::map<Key, unsigned>> Groups;
  for (Row R : Rows) {
    std::string Text = contextRow(R);
    if (Text.empty() || ByHand.contexts().call(R[0].Function))
      continue;
    const Lesson *First =
        find_if(R, [](const Lesson &L) { return !contextText(L).empty(); });
    Groups[{StringRef(First->Evidence).split(':').first.str(), Text}].push_back(
        First);
  }
  OS << "\ncontexts:\n";
  for (const auto &[Of, Functions] : Groups) {
    if (Functions.size() == 1) {
      OS << "  - call: " << Functions[0]->Function << '\n'
         << Of.second << "    source: \"" << Functions[0]->Evidence << "\"\n";
      continue;
    }
    OS << "  - call:\n";
    for (const Lesson *L : Functions)
      OS << "      - " << L->Function << " # " << L->Evidence << '\n';
    OS << Of.second << "    source: " << Of.first << '\n';
  }
  StringRef Last;
  for (const Lesson &L : Lessons) {
    if (L.Kind != LessonKind::Atomic || L.Function == Last ||
        isKnown(L.Function, ByHand))
      continue;
    Last = L.Function;
    OS << "  - ops: " << L.Function
       << "\n    context: " << (L.Of == LockKind::RawSpin ? "raw" : "atomic")
       << '\n';
    if (!L.Lock.empty())
      OS << "    unless: " << L.Lock << '\n';
    OS << "    source: \"" << L.Evidence << "\"\n";
  }
  OS << "\nrules:\n";
  for (const Lesson &L : Lessons) {
    if (ByHand.call(L.Function))
      continue;
    if (L.Kind == LessonKind::Frees)
      OS << formatv("  - call: {0}\n    release: {{ resource: {1}, object: "
                    "arg{2} }\n    source: \"{3}\"\n",
                    L.Function, L.Plain, L.Arg, L.Evidence);
    else if (L.Kind == LessonKind::Wraps && isLike(L, ByHand))
      OS << formatv("  - call: {0}\n    like: {1}\n{2}    managed-by: arg0\n"
                    "    source: \"{3}\"\n",
                    L.Function, L.Plain, L.Arg ? "" : "    shift: 0\n",
                    L.Evidence);
  }
  OS << "\npairs:\n";
  for (const Lesson &L : Lessons)
    if (L.Kind == LessonKind::Wraps)
      OS << formatv("  - {{ managed: {0}, plain: {1}, undo: {2}, source: "
                    "\"{3}\" }\n",
                    L.Function, L.Plain, L.Undo, L.Evidence);
  OS << "\nkeeps:\n";
  for (const Lesson &L : Lessons)
    if (L.Kind == LessonKind::Stores)
      OS << formatv("  - {{ call: {0}, argument: arg{1}, source: \"{2}\" }\n",
                    L.Function, L.Arg, L.Evidence);
}

//===----------------------------------------------------------------------===//
// Comparing them with what was written by hand
//===----------------------------------------------------------------------===//

namespace {

/// What comes of one kind of lessons.
struct Tally {
  unsigned Learned = 0, New = 0, Same = 0, Other = 0;
};

/// Whether the rules say the same; nothing when they say nothing of the kind.
struct Comparison {
  bool IsKnown = false, IsSame = false;
  std::string ByHand; ///< What they say instead.
};

} // namespace

static Comparison compareContext(const Lesson &L, const RuleSet &ByHand) {
  Comparison C;
  const ContextCall *Call = ByHand.contexts().call(L.Function);
  if (!Call)
    return C;
  C.IsKnown = true;
  ContextEffect::KindTy Kind =
      L.Kind == LessonKind::Sleeps    ? ContextEffect::Sleeps
      : L.Kind == LessonKind::Locks   ? ContextEffect::Lock
      : L.Kind == LessonKind::Unlocks ? ContextEffect::Unlock
                                      : ContextEffect::Takes;
  for (const ContextEffect &E : Call->Effects) {
    bool TakesMutex =
        (E.Kind == ContextEffect::Lock || E.Kind == ContextEffect::Takes) &&
        !isAtomic(E.Of);
    if (L.Kind == LessonKind::Sleeps && TakesMutex)
      C.IsSame = true;
    // What sleeps does so for a lock, mostly.
    if (L.Kind == LessonKind::Takes && !isAtomic(L.Of) &&
        E.Kind == ContextEffect::Sleeps)
      C.IsSame = true;
    if (E.Kind != Kind)
      continue;
    // An argument may be a lock of another kind, which its type says.
    if (L.Kind != LessonKind::Sleeps)
      C.IsSame |= E.Object ? isAtomic(E.Of) == isAtomic(L.Of) : E.Of == L.Of;
    else
      C.IsSame |= E.Flags ? E.Flags.Index == L.Arg : L.Arg < 0;
    if (!C.IsSame && L.Kind == LessonKind::Sleeps)
      C.ByHand = E.Flags ? "sleeps by " + toString(E.Flags) : "always sleeps";
  }
  if (C.ByHand.empty())
    C.ByHand = "nothing of the kind";
  return C;
}

static Comparison compareRule(const Lesson &L, const RuleSet &ByHand) {
  Comparison C;
  const CallRule *Rule = ByHand.call(L.Function);
  if (!Rule)
    return C;
  C.IsKnown = true;
  if (L.Kind == LessonKind::Frees) {
    C.IsSame = any_of(Rule->Effects, [&](const Effect &E) {
      return (E.Kind == EffectKind::Release || E.Kind == EffectKind::Put) &&
             E.Object.Kind == ArgRef::Arg && E.Object.Index == L.Arg;
    });
    C.ByHand = "does not release it";
    return C;
  }
  if (!Rule->ManagedBy) {
    C.ByHand = "not managed";
    return C;
  }
  const CallRule *Plain = ByHand.call(L.Plain);
  C.IsSame = !Plain || all_of(Plain->Effects, [&](const Effect &E) {
    return E.Kind != EffectKind::Acquire ||
           any_of(Rule->Effects, [&](const Effect &Own) {
             return Own.Kind == E.Kind && Own.What == E.What;
           });
  });
  C.ByHand = "acquires something else than " + L.Plain;
  return C;
}

void summariseLessons(raw_ostream &OS, ArrayRef<Lesson> Lessons,
                      const RuleSet &ByHand) {
  static constexpr std::pair<LessonKind, StringLiteral> Kinds[] = {
      {LessonKind::Sleeps, "sleeps"},   {LessonKind::Locks, "locks"},
      {LessonKind::Unlocks, "unlocks"}, {LessonKind::Takes, "takes a lock"},
      {LessonKind::Wraps, "wraps"},     {LessonKind::Frees, "frees"},
      {LessonKind::Stores, "stores"},   {LessonKind::Atomic, "is called"},
  };
  std::map<LessonKind, Tally> Tallies;
  std::string Disagree;
  for (const Lesson &L : Lessons) {
    Tally &T = Tallies[L.Kind];
    ++T.Learned;
    Comparison C;
    if (L.Kind == LessonKind::Wraps || L.Kind == LessonKind::Frees)
      C = compareRule(L, ByHand);
    else if (L.Kind == LessonKind::Atomic)
      C.IsKnown = C.IsSame = isKnown(L.Function, ByHand);
    else if (L.Kind != LessonKind::Stores)
      C = compareContext(L, ByHand);
    ++(!C.IsKnown ? T.New : C.IsSame ? T.Same : T.Other);
    if (!C.IsKnown || C.IsSame)
      continue;
    std::string Says = contextText(L);
    if (L.Kind == LessonKind::Wraps)
      Says = "wraps " + L.Plain + "(), undone by " + L.Undo + "()";
    else if (L.Kind == LessonKind::Frees)
      Says = formatv("frees arg{0}", L.Arg);
    Disagree += L.Function + ": " + Says + ", " + L.Evidence +
                "; by hand: " + C.ByHand + "\n";
  }
  OS << formatv("{0,-14} {1,8} {2,8} {3,8} {4,9}\n", "", "learned", "new",
                "by hand", "disagree");
  for (auto [Kind, Name] : Kinds) {
    const Tally &T = Tallies[Kind];
    OS << formatv("{0,-14} {1,8} {2,8} {3,8} {4,9}\n", Name, T.Learned, T.New,
                  T.Same, T.Other);
  }
  if (!Disagree.empty())
    OS << "\n" << Disagree;
}

} // namespace devlife
