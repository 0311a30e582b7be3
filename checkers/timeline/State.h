//===- State.h - What holds at one point of a timeline --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The abstract state that flows along a driver's timeline:
//
//   values     what variables and fields hold, symbolically
//   resources  what was acquired:   Live -> Released, joined to Maybe
//   windows    entries that can run: Open -> Closed, joined to Closed
//   devres     what is released after the end, oldest first
//
// Joins are optimistic: a quiesce on any branch counts, and a lifetime that
// ended on one branch only is Maybe ended, about which nothing is reported.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TIMELINE_STATE_H
#define DEVLIFE_TIMELINE_STATE_H

#include "module/Uses.h"
#include "timeline/Cow.h"
#include <map>

namespace devlife {

/// A symbolic value. Text is interned by the Interpreter, so equal texts have
/// equal data pointers.
struct Value {
  enum KindTy : uint8_t {
    Unknown,
    Int,       ///< Number.
    NotZero,   ///< Some value that is not zero.
    Function,  ///< Text names it, Fn is it when the module defines it.
    Object,    ///< A pointer to the driver's one object of record Text.
    Address,   ///< The address of location Text.
    Local,     ///< The address of local variable Number of frame Frame.
    Load,      ///< What location Text held before the timeline began.
    Result,    ///< What Call returned; not tested yet.
    Succeeded, ///< Likewise, and the call had its effects. With What "*", what
               ///< it has put where argument Number points to.
    Failed,    ///< Likewise, and the call had no effect.
    NumberOf,  ///< A number out of resource What of object Text, index Number
               ///< (-1: any).
  } Kind = Unknown;
  uint32_t Frame = 0;
  int64_t Number = 0;
  StringRef Text;
  StringRef What;
  FunctionRef Fn;
  CallRef Call;

  bool isKnown() const { return Kind != Unknown; }
  bool isHandedOut() const { return Kind == Succeeded && What == "*"; }
  bool operator==(const Value &O) const {
    return Kind == O.Kind && Frame == O.Frame && Number == O.Number &&
           Text == O.Text && What == O.What && Fn == O.Fn && Call == O.Call;
  }
  bool operator!=(const Value &O) const { return !(*this == O); }

  static Value integer(int64_t N) {
    Value V;
    V.Kind = Int;
    V.Number = N;
    return V;
  }
  static Value notZero() {
    Value V;
    V.Kind = NotZero;
    return V;
  }
};

/// What branches have told about fields that the timeline itself never sets:
/// location -> is it not zero, "location==2" and "location&8" -> is it so.
/// `if (pdev->is_virtfn)` splits a driver in two.
using Conditions = Cow<std::map<StringRef, bool>>;

enum class Life : uint8_t { Live, Released, Maybe };

struct Resource {
  StringRef What;   ///< Resource kind of the rule.
  StringRef Key;    ///< The object's field key; "" when it has none.
  StringRef Record; ///< What the object is a record of, or "".
  Value Object;
  Value Index;      ///< Which part of the object, when it has several.
  CallRef Site;     ///< Where it was acquired.
  CallRef Released; ///< Where it was released last; null while Live.
  Cow<std::vector<CallRef>> From; ///< Calls that led to Site, outermost first.
  Cow<std::vector<CallRef>> Through; ///< Likewise, to Released.
  /// Of an element of an array that was released with all others: the array.
  Value Swept;
  Life State = Life::Live;
  bool Managed = false;
  bool Many = false;  ///< Acquired here more than once: in a loop.
  unsigned Since = 0; ///< State::Clock when it was acquired.
  unsigned Last = 0;  ///< Likewise, for the last time.
  bool ByKey =
      false; ///< Released by what has its key: perhaps an element of it.
  bool IsNested = false;   ///< Acquired by a driver that the driver registers.
  bool IsEmbedded = false; ///< The object lies in one of the driver\'s own.
  bool IsThing = false;    ///< See Ending.
  bool Escaped = false;    ///< Handed to code that no rule knows.
  Conditions Given;        ///< What was known when it was acquired.

  bool operator==(const Resource &O) const {
    return What == O.What && Object == O.Object && Site == O.Site &&
           Released == O.Released && State == O.State && Managed == O.Managed &&
           Many == O.Many && Escaped == O.Escaped && Given == O.Given;
  }
};

struct Window {
  StringRef Entry; ///< Entry kind of the rule: "irq"; "ops" of a registration.
  StringRef Key;   ///< The entry's object; "" for an IRQ.
  StringRef Queue; ///< Key of the workqueue that it is put on, or "".
  StringRef What;  ///< Ops: the resource kind of the registration.
  Value Line, Data;
  std::vector<Value> Handlers;
  std::vector<FunctionRef> Code; ///< What runs in it.
  CallRef Site;                  ///< What opened it.
  CallRef Source;    ///< The window's site whose code has armed it, or null.
  CallRef Cancelled; ///< Asked to stop here, without waiting.
  bool CanArmAgain = false; ///< At Cancelled: something else can arm it.
  CallRef Quiesced;         ///< Quiesced here, while its source could run.
  CallRef Unopened;    ///< Stopped here, had the object been opened before.
  unsigned Since = 0;  ///< State::Clock when it opened.
  unsigned Before = 0; ///< Likewise, in an earlier round of a loop.
  bool Open = true;
  bool Managed = false;
  bool Disabled = false; ///< Closed until it is enabled again.
  bool WasOpen = true;   ///< False: requested disabled, never enabled so far.
  bool IsQuiet = false;  ///< State::IsQuiet when it opened.
  bool IsShared = false; ///< Others on the line can make it run.
  bool Lasting = false;  ///< Closed for good.
  bool Many = false;
  Conditions Given; ///< What was known when it opened.

  /// An IRQ or a registration: named by the call that opened it. All others
  /// are named by their object.
  bool isCall() const { return Key.empty() || Entry == "ops"; }

  bool operator==(const Window &O) const {
    return Site == O.Site && Key == O.Key && Open == O.Open && Many == O.Many &&
           Line == O.Line && Quiesced == O.Quiesced && Lasting == O.Lasting &&
           Disabled == O.Disabled && Given == O.Given;
  }
};

/// An item on the devres stack: an action, or what Site acquired or armed.
struct DevresItem {
  CallRef Site;
  Value Action; ///< The function, for an action.
  Value Data;

  bool operator==(const DevresItem &O) const {
    return Site == O.Site && Action == O.Action && Data == O.Data;
  }
};

struct State {
  uint32_t Frame = 0; ///< Depth of the function that runs now.
  std::vector<Cow<std::vector<Value>>> Frames; ///< Variables, by frame.
  Cow<std::map<StringRef, Value>> Heap; ///< Fields and globals, by location.
  Cow<std::vector<Resource>> Resources;
  Cow<std::vector<Window>> Windows;
  Cow<std::vector<DevresItem>> Devres;
  Conditions Known;
  unsigned Clock = 0; ///< Counts what is acquired and opened.
  /// The interrupts of the device may have been silenced: it was reset, or they
  /// were masked.
  bool IsQuiet = false;
  /// The last call that has failed: what is done because of it is done on a way
  /// of its own. Null when none has.
  const CallFacts *Failure = nullptr;

  /// What \p Site acquired; a call can acquire several things.
  Resource *resource(const CallRef &Site, StringRef What);
  Window *window(const CallRef &Site);
  /// The window of the entry \p Key.
  Window *entry(StringRef Key);
  /// Takes back what \p Site did: the call has failed.
  void undo(const CallRef &Site);
  /// A branch says whether \p Key is zero. What was done while the opposite
  /// was known is not part of this execution. False when the branch cannot be
  /// taken.
  bool learn(StringRef Key, bool NotZero);
  /// \p Key is stored to: what was known of it is history.
  void forget(StringRef Key);

  /// Whether the two differ in nothing that a branch can test.
  bool sameValues(const State &O) const { return Frames == O.Frames; }
  bool operator==(const State &O) const;
  /// Joins \p O into this.
  void join(const State &O);
};

} // namespace devlife

#endif // DEVLIFE_TIMELINE_STATE_H
