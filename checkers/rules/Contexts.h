//===- Contexts.h - What sleeps, what locks, what must not sleep ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `contexts` of a rules file: which calls sleep and which locks
// they take, and in which context the kernel runs a driver's functions. It has
// rows of its own, so that a function may stand here and among `rules`, and so
// that a program can write them: a row of a file that says `generated: true`
// gives way to one that was written by hand.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_RULES_CONTEXTS_H
#define DEVLIFE_RULES_CONTEXTS_H

#include "rules/Rules.h"
#include "llvm/ADT/StringSet.h"

namespace devlife {

enum class LockKind : uint8_t {
  Mutex,   ///< To take it sleeps: mutex, rw_semaphore, device_lock().
  Spin,    ///< Sleeps only with PREEMPT_RT.
  RawSpin, ///< Never sleeps.
  Rcu,     ///< Sections without a lock of their own.
  Preempt,
  Irq,
  Bh,
};

/// As rows spell it.
llvm::StringRef toString(LockKind Kind);

/// Whether code between lock and unlock must not sleep.
inline bool isAtomic(LockKind Kind) { return Kind != LockKind::Mutex; }
/// Whether somebody else can have to wait for it.
inline bool isExclusive(LockKind Kind) { return Kind <= LockKind::RawSpin; }

/// How a function of a driver is run.
enum class ContextKind : uint8_t {
  HardIrq,
  SoftIrq,
  Atomic, ///< The caller may hold a spinlock.
  Raw,    ///< The caller holds a raw spinlock, also with PREEMPT_RT.
};

struct ContextEffect {
  enum KindTy : uint8_t {
    Sleeps,
    Lock,
    Unlock,
    Takes,     ///< Locks and unlocks before it returns.
    Tests,     ///< The caller asks in which context it is,
    TestsSelf, ///< or whether it runs in what it waits for.
    WaitsFor,  ///< Returns when none of the functions in Ops runs any more.
    TestsBit, ///< Says whether bit Number of Object is set; sets it; clears it.
    SetsBit,
    ClearsBit,
    Last, ///< Says whether it has dropped the last reference.
  } Kind = Sleeps;
  LockKind Of = LockKind::Mutex;
  ArgRef Object;    ///< The lock; with Name, the device that it belongs to.
                    ///< WaitsFor: the device, when it is known.
  ArgRef Table;     ///< WaitsFor: where the functions stand, instead of Ops.
  std::string Name; ///< A lock that is no argument.
  bool Try = false; ///< Lock: never waits.
  bool IsShared = false; ///< Lock: others may hold it too, as readers.
  ArgRef Flags;          ///< Sleeps: only if this argument has a bit of Mask.
  ArgRef Number;         ///< Of the bit.
  uint64_t Mask = ~0ull;
  std::vector<std::string> Ops; ///< "record.field".
  std::string UnlessCalls;      ///< Sleeps: not when the driver calls this.
};

struct ContextCall {
  std::vector<ContextEffect> Effects;
  FailKind Fails = FailKind::Never; ///< Lock: when it was not taken.
  bool IsDoubtful = false;          ///< Not for every device.
  std::string Source;

  bool has(ContextEffect::KindTy Kind) const;
};

/// Those of \p Call; none without one.
inline llvm::ArrayRef<ContextEffect> effectsOf(const ContextCall *Call) {
  return Call ? llvm::ArrayRef(Call->Effects) : llvm::ArrayRef<ContextEffect>();
}

/// A function pointer that the kernel calls in a known way.
struct ContextOps {
  std::string Record, Field;
  std::optional<ContextKind> Runs;
  std::vector<std::string> Holds; ///< Locks, as lock classes are written.
  std::string Unless; ///< "record.field" that lifts it when a driver sets it.
  bool IsDoubtful = false; ///< Not every caller does so.
};

/// A function whose argument is such a pointer.
struct ContextHandler {
  std::string Call;
  ArgRef Handler;
  ContextKind Runs = ContextKind::Atomic;
};

/// An order that the kernel's own code has.
struct LockOrder {
  std::string Outer, Inner; ///< Lock classes.
  std::string By;           ///< Who takes them so, for messages.
};

class ContextRules {
public:
  /// What \p Callee does, or null. A row that was written by a program only
  /// holds for the name itself: of foo() and __foo(), one may lock.
  const ContextCall *call(llvm::StringRef Callee) const;
  /// All calls with a row, by name.
  std::vector<std::pair<llvm::StringRef, const ContextCall *>> calls() const;
  /// How the kernel runs entries of this kind.
  std::optional<ContextKind> entry(llvm::StringRef Kind) const;
  /// The kind of the locks that are records of this name.
  std::optional<LockKind> lockType(llvm::StringRef Record) const;
  bool testsContext(llvm::StringRef Global) const {
    return TestedGlobals.contains(Global);
  }
  /// Whether the field says who runs: "task_struct.comm".
  bool testsSelf(llvm::StringRef Field) const {
    return SelfFields.contains(Field);
  }
  /// The locks that may be held when others call the function.
  llvm::ArrayRef<std::string> holds(llvm::StringRef Function) const;

  llvm::ArrayRef<ContextOps> ops() const { return Ops; }
  llvm::ArrayRef<ContextHandler> handlers() const { return Handlers; }
  llvm::ArrayRef<LockOrder> orders() const { return Orders; }

private:
  friend class ContextBuilder;
  struct Row {
    ContextCall Call;
    bool IsGenerated = false;
  };
  llvm::StringMap<Row> Calls;
  llvm::StringMap<ContextKind> Entries;
  llvm::StringMap<LockKind> Types;
  llvm::StringMap<std::vector<std::string>> Held;
  llvm::StringSet<> TestedGlobals, SelfFields;
  std::vector<ContextOps> Ops;
  std::vector<ContextHandler> Handlers;
  std::vector<LockOrder> Orders;
};

/// The lock classes "device_lock(pci_dev)" and "::rtnl_mutex".
std::string lockClass(llvm::StringRef Name, llvm::StringRef Device = "");

/// As rows spell it: "device_lock(pci_dev)", "uart_port.lock", "rtnl_mutex".
std::string lockClassOf(llvm::StringRef Text);

} // namespace devlife

#endif // DEVLIFE_RULES_CONTEXTS_H
