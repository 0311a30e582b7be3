//===- Rules.h - What each kernel API does --------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The knowledge of devlife: rows loaded from rules/*.yaml. The engine asks
// "what does this call do to which argument?" and never names a function.
// docs/rules.md describes the YAML, rules/schema.json is its JSON Schema.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_RULES_RULES_H
#define DEVLIFE_RULES_RULES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace devlife {

/// Names a value at a call or a store: "arg0", "arg-1" (the last argument),
/// "return", "base" (the record whose field is stored), "value" (what is
/// stored). A leading "*" means what the argument points to: "*arg1" is an
/// output parameter.
struct ArgRef {
  enum KindTy : uint8_t { None, Arg, Return, Base, Value } Kind = None;
  int8_t Index = 0;
  bool Pointee = false;

  explicit operator bool() const { return Kind != None; }
};

/// What a row says. Each kind has a line in the table of rules/Effects.cpp,
/// which names its YAML key and the values that it takes.
enum class EffectKind : uint8_t {
  Acquire,     ///< Begins a lifetime of `resource` on `object`.
  Release,     ///< Ends one.
  Bind,        ///< Gives the entry `object` its handlers.
  Arm,         ///< Lets an entry run from now on (opens a window). Without
               ///< handlers: lets what was bound run again, as enable_irq().
  Quiesce,     ///< The entry is not running and will not (closes the window).
               ///< Without data: whatever the cookie.
  Action,      ///< devres will call `function` with `data`.
  RunAction,   ///< devres calls that action now and forgets it.
  DropAction,  ///< devres forgets that action.
  Manages,     ///< From now on devres of `object` releases `resource`s that
               ///< are acquired for it; subject to the resource's contract.
  NumberOf,    ///< The result is a number out of `resource` of `object`.
  ErrorTest,   ///< The result says whether `object` is an error pointer.
  ErrorOf,     ///< The result is the negative number in error pointer `object`.
  ErrorOrZero, ///< Likewise, or 0 when it is none.
  ErrorPointer, ///< The result is an error pointer: ERR_PTR().
  Returns,      ///< The result is `object` itself: dev_err_probe().
  Cancel,       ///< The entry is asked to stop; a handler may still be running.
  Flush,        ///< What was armed has run; it can be armed again.
  Drain,        ///< What was put on the queue `object` has run.
  ManagesEntry, ///< devres quiesces the entry.
  PartOf,       ///< The result is memory inside `object`: netdev_priv().
  Get,          ///< Takes a reference to `object`.
  Put,        ///< Drops one; the last one calls the object's release function.
  Runs,       ///< Calls functions of `object` before it returns.
  ReleasedBy, ///< `function` is what the last Put of `object` calls.
  Access,     ///< Touches the registers, or the bus, of the device.
  Caches,     ///< While `data` is not 0, what accesses through `object` do
              ///< does not reach the hardware.
  Resets,     ///< The device starts anew: it raises no interrupt until told to.
  Begins,     ///< `function` begins the driver of table `object`, for good
              ///< when that has no end: platform_driver_probe().
  Tells,      ///< The result says whether `resource` of `object` is there.
  Needs,      ///< `resource` of `object` has to be there.
};

struct Effect {
  EffectKind Kind = EffectKind::Acquire;
  std::string What; ///< Resource or entry kind: "irq-vectors", "irq".
  ArgRef Object;    ///< The thing itself, or the device that it belongs to.
  ArgRef Line;      ///< IRQ: the number. NumberOf, Acquire, Release: the
                    ///< index (which BAR); none means all, or the only one.
  ArgRef Device;    ///< IRQ: where Line is an index into its vectors.
  ArgRef Data;      ///< The cookie handed to the handlers; an action's data;
                    ///< Access: what is written.
  ArgRef Queue;     ///< Arm: the workqueue that it is put on.
  ArgRef Delay;     ///< Arm: how long until then; none or 0: at once.
  ArgRef Flags;     ///< Arm: how.
  uint32_t DisabledBy = 0; ///< Arm: bits of Flags with which it stays disabled
                           ///< until it is armed without handlers.
  uint32_t SharedBy = 0;   ///< Arm: bits of Flags with which other devices
                           ///< make it run as well.
  bool Lasting = false;    ///< Quiesce, Drain: it cannot be armed again. Runs:
                           ///< nor can what these functions quiesce.
  std::vector<std::string> Calls; ///< Put: member paths from the object to its
                                  ///< release function, "type.release".
  std::vector<std::string> After; ///< Runs: only once one of these functions of
                                  ///< the object has run; empty: always.

  std::string Field; ///< Returns: the result is the record that has `object` as
                     ///< this field. ReleasedBy: `function` is a table, this
                     ///< its field.
  std::vector<ArgRef> Handlers; ///< Bind, Arm, Action: the functions.
};

/// When a call has *not* had its effects.
enum class FailKind : uint8_t { Never, Negative, Nonzero, Null, ErrPtr, Zero };

/// The managed call that an unmanaged one should become.
struct Successor {
  std::string Call;              ///< Its name.
  std::vector<std::string> Args; ///< New argument list, "argN" stands for an
                                 ///< old argument's text; empty: unchanged.
  std::string Result;            ///< "same", or "count-or-negative" where the
                                 ///< old call returned 0 or an error.
  std::string Precondition;      ///< Why it is only a note; "" when an edit.
};

struct CallRule {
  std::vector<std::string> Names; ///< As the row spells them, see call().
  std::vector<Effect> Effects;
  FailKind Fails = FailKind::Never;
  ArgRef ManagedBy; ///< The device whose devres undoes the effects; for a
                    ///< Release or Quiesce, whose devres forgets them.
  bool RunsActionOnFailure = false; ///< devm_add_action_or_reset().
  bool IsLegacy = false;            ///< Superseded API; checks may ask for it.
  bool IsGenerated = false; ///< Read from a body: only of this very name.
  std::optional<Successor> Becomes;
  std::string SyncForm; ///< Cancel: the call that also waits; same arguments.
  std::string Source;   ///< Kernel header or document the row comes from.
  uint32_t Since = 0, Until = 0; ///< Kernel versions (LINUX_VERSION_CODE).

  const Effect *find(EffectKind Kind) const;
};

/// A record field with a meaning: `pci_dev.irq` is a number of irq-vectors;
/// what is stored to `work_struct.func` is the handler of a work.
struct FieldRule {
  std::string Record, Field;
  std::vector<Effect> Effects;
  std::string Becomes; ///< Expression that replaces a read of the field,
                       ///< "base" stands for the record: for repairs.
  std::string Source;
};

/// What the core has acquired before a driver begins, and releases itself after
/// its end.
struct HeldRule {
  std::string Resource; ///< Name of the kind.
  std::string Field;    ///< Of the device, leads to it; "": it is the device.
};

/// A function of a table that makes something, which the core hands to another
/// function of the table to free it.
struct HandoverRule {
  std::string Table;
  std::string Makes, Frees; ///< Fields of the table.
  ArgRef Object;   ///< Of Makes: the result, or an output parameter, `*argN`.
  ArgRef Argument; ///< Of Frees.
};

/// Those of a row of a call, or of a field; none without one.
template <typename RuleT> llvm::ArrayRef<Effect> effectsOf(const RuleT *Rule) {
  return Rule ? llvm::ArrayRef<Effect>(Rule->Effects)
              : llvm::ArrayRef<Effect>();
}

/// A table that hands a driver to the core, and the phases of its functions.
struct DriverRule {
  std::string Record; ///< "pci_driver".
  std::string Device; ///< Record of the device that is bound: "pci_dev".
  std::vector<std::string> Begin, End; ///< Table fields, in the order in
                                       ///< which they run: "probe"; "remove",
                                       ///< "ops.remove".
  std::vector<std::string>
      Quiesces;          ///< Entries that the core stops before end.
  std::string Permanent; ///< Table field that, when set, keeps a driver without
                         ///< an end bound for good.
  bool Releases = true;  ///< devres of the device runs after End; false for
                         ///< tables that are bound below the driver core.
  bool IsSession = false; ///< The device is in use between Begin and End, and
                          ///< lives on.
  std::string Holds;      ///< The lock class that the core holds around Begin
                          ///< and End, or "".
  std::string Source;
  std::vector<HeldRule> Held;
};

/// A kind of thing with a lifetime.
struct ResourceRule {
  std::string Name;      ///< "irq-vectors".
  std::string Text;      ///< For messages: "IRQ vectors".
  std::string Contract;  ///< Name of the contract that governs Manages, or "".
  bool IsMemory = false; ///< With it end the object itself and its fields.
  /// A registration: the kernel calls the functions in what was handed over
  /// until it is released.
  bool HasCallbacks = false;
  bool IsOptional = false;   ///< Need not be released.
  bool IsPower = false;      ///< The device's registers need it.
  bool IsReference = false;  ///< A counted reference.
  bool IsRefcounted = false; ///< The object counts references to itself, and
                             ///< lives on while somebody holds one.
  bool IsNeeded = false;     ///< To touch the object afterwards is to use it.
  bool IsIdempotent = false; ///< May be released again.
  bool IsAwaited = false;    ///< Its release waits for the last reference.
  bool IsPinning = false;    ///< While its callbacks run, no module exits.
  bool IsDormant = false;    ///< Its callbacks wait for another registration.
  bool IsPublished = false;  ///< Others find the object from now on; `index` is
                             ///< the list that it is on.
  /// A call hands it out: it is a thing of its own, not a state of one.
  bool IsReturned = false;
  /// Other calls get the object: it may be a state of one that lives on.
  bool IsState = false;
};

/// Who releases a resource is a property of the tree under analysis.
struct ContractRule {
  std::string Name;
  /// The explicit managed API: pcim_alloc_irq_vectors.
  std::string Declares;
  /// The implicit release is there while, in this file of the tree, this
  /// function exists and names this identifier.
  std::string ImplicitFile, ImplicitFunction, ImplicitMentions;
};

class ContextRules;

/// How sources say which of their functions other modules may call.
struct ExportRule {
  std::string Word;     ///< Every source with such a function contains it.
  std::string Variable; ///< In the name of a variable that holds the function.
};

/// What a managed function does now, and what devres does later.
struct ManagedPair {
  std::string Managed, Plain, Undo, Source;
};

/// A call that hands out what somebody else chose: a user, or a peer.
struct InputRule {
  std::string Call;
  ArgRef Value;
};

/// How the drivers of one kind of bridge tell the core about doorbells.
struct DoorbellRule {
  std::string Event;     ///< The call that reports a doorbell.
  ArgRef Vector;         ///< Which of its arguments is the vector.
  std::string Ops;       ///< Record of the driver's table of functions.
  std::string ValidMask; ///< Its fields: the mask of doorbells,
  std::string VectorCount, VectorMask; ///< those of vectors: both or neither,
  std::vector<std::string> Masks;      ///< and all that take or return a mask.
  std::vector<std::string> LowBits;    ///< Calls that see 32 bits of arg0.
  std::vector<InputRule> Inputs;       ///< Where a count can come from.
  std::string Source;

  bool seesLowBits(llvm::StringRef Callee) const;
};

/// A function that keeps a pointer.
struct KeptArgument {
  std::string Call;
  ArgRef Argument;
  std::string Source;
};

class RuleSet {
public:
  RuleSet();
  ~RuleSet();
  RuleSet(RuleSet &&);
  RuleSet &operator=(RuleSet &&);

  /// Loads the embedded rules, or those of \p Directory when it is not empty.
  /// Errors say file:line:column and what is wrong.
  static llvm::Expected<RuleSet> load(llvm::StringRef Directory = "");
  /// Likewise without the rows of generated files, but with those of
  /// \p Generated, the text of one.
  static llvm::Expected<RuleSet> loadWith(llvm::StringRef Directory,
                                          llvm::StringRef Generated);

  /// Parses one file's text into this set; cross references ("like",
  /// resources, contracts) are resolved by finish(). After an error the set
  /// is of no use.
  llvm::Error add(llvm::StringRef Name, llvm::StringRef Text);
  llvm::Error finish();

  /// The rule of a function, or null: a row of exactly that name, else one of
  /// its normalised name. Rows whose since/until exclude \p KernelVersion do
  /// not count; 0 means any version, of which the newest row is taken.
  const CallRule *call(llvm::StringRef Callee,
                       uint32_t KernelVersion = 0) const;
  const FieldRule *field(llvm::StringRef Record, llvm::StringRef Field) const;
  /// What a store to the field means, or null.
  const FieldRule *store(llvm::StringRef Record, llvm::StringRef Field) const;
  /// The Runs effect of the call that releases the resource, or null.
  const Effect *stops(llvm::StringRef Resource) const;
  const DriverRule *driver(llvm::StringRef Record) const;
  const ResourceRule *resource(llvm::StringRef Name) const;
  const ContractRule *contract(llvm::StringRef Name) const;
  /// Whether any call needs the resource.
  bool isNeeded(llvm::StringRef Resource) const {
    return Needed.contains(Resource);
  }

  llvm::ArrayRef<CallRule> calls() const { return Calls; }
  llvm::ArrayRef<FieldRule> fields() const { return Fields; }
  llvm::ArrayRef<FieldRule> stores() const { return Stores; }
  llvm::ArrayRef<DriverRule> drivers() const { return Drivers; }
  llvm::ArrayRef<HandoverRule> handovers() const { return Handovers; }
  llvm::ArrayRef<ResourceRule> resources() const { return Resources; }
  llvm::ArrayRef<ContractRule> contracts() const { return Contracts; }
  const ContextRules &contexts() const { return *Contexts; }
  const ExportRule &exports() const { return Exports; }
  llvm::ArrayRef<ManagedPair> pairs() const { return Pairs; }
  llvm::ArrayRef<KeptArgument> kept() const { return Kept; }
  llvm::ArrayRef<DoorbellRule> doorbells() const { return Doorbells; }

  /// Number of files that were added.
  unsigned numFiles() const { return NumFiles; }

private:
  struct Pending; // What waits for finish(), and where names are spelled.
  llvm::Error resolveLike(unsigned Like);
  std::unique_ptr<Pending> Waiting;
  unsigned NumFiles = 0;
  std::vector<CallRule> Calls;
  std::vector<HandoverRule> Handovers;
  std::vector<FieldRule> Fields, Stores;
  std::vector<DriverRule> Drivers;
  std::vector<ResourceRule> Resources;
  std::vector<ContractRule> Contracts;
  std::unique_ptr<ContextRules> Contexts;
  ExportRule Exports;
  std::vector<ManagedPair> Pairs;
  std::vector<KeptArgument> Kept;
  llvm::StringMap<std::vector<unsigned>> CallIndex;
  llvm::StringMap<std::pair<unsigned, unsigned>> StopIndex; ///< Row, effect.
  llvm::StringSet<> Needed;
  llvm::StringMap<unsigned> FieldIndex, StoreIndex, DriverIndex, ResourceIndex;
  std::vector<DoorbellRule> Doorbells;
};

/// Drops the spellings that do not change meaning: a leading "__" and a
/// trailing "_noprof". "__devm_add_action" and "devm_add_action" are one.
llvm::StringRef normaliseCallee(llvm::StringRef Callee);

/// As YAML spells them: "arg-1", "number-of", "err-ptr".
std::string toString(ArgRef Ref);
llvm::StringRef toString(EffectKind Kind);
llvm::StringRef toString(FailKind Kind);

} // namespace devlife

#endif // DEVLIFE_RULES_RULES_H
