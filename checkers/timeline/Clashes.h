//===- Clashes.h - Windows and lifetimes that break the law ---------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The law: every window lies inside the lifetime of all that its code uses,
// and every lifetime ends once. Watches one driver's timeline and keeps each
// place where it is broken.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TIMELINE_CLASHES_H
#define DEVLIFE_TIMELINE_CLASHES_H

#include "timeline/Interpreter.h"

namespace devlife {

enum class Phase : uint8_t {
  Begin,   ///< probe() and what it calls.
  Live,    ///< Everything else that the kernel calls of the driver.
  End,     ///< remove().
  Release, ///< devres, after remove() or a failed probe().
};

struct Clash {
  enum KindTy : uint8_t {
    OutlivesData,    ///< A window is open when what its code uses ends.
    OutlivesPointer, ///< Likewise, a pointer that its code follows is cleared.
    OutlivesPower,   ///< Likewise, the hardware that its code touches goes off.
    BeforeInit,      ///< A window opens before what its code uses is there.
    EndsTwice,       ///< A lifetime ends twice.
    EndsUnbegun,     ///< An unwinding ends what has not begun yet.
    Leaks,           ///< A failing begin leaves it behind.
    NeverEnds,       ///< A registration that no end takes back.
    Stale,           ///< A failed begin leaves a pointer to what is gone.
    Refcounted,      ///< A counted object lies in memory that does not wait.
  } Kind;
  Window W;         ///< Of the kinds with a window.
  Resource R;       ///< Of the others.
  StringRef Global; ///< Stale: where the pointer, or the list, is.
  CallRef Memory;   ///< Refcounted: what has acquired the memory.
                    ///< EndsUnbegun: the call that has failed before.
  Ending Over;  ///< What ends, for the kinds with a window; EndsTwice: again.
  UseSite Init; ///< BeforeInit: what is made ready too late, and where.
  StringRef Needed; ///< BeforeInit: it is this resource.
  /// Of the kinds with a window: where else something is made ready too late,
  /// or acquired that devres ends too early.
  std::vector<UseSite> Later;
  bool IsOnlyDevres = true; ///< All that ends too early ends by devres.
  bool IsAlways = false;    ///< EndsTwice: it does, on every way to the place.
  UseSite Use; ///< What the window's code does with it; none when the entry
               ///< itself lies in what ends.
  bool IsPointer = false;    ///< BeforeInit: it is null until then.
  bool AfterFailure = false; ///< In the unwinding of a failed begin.
  bool IsTold = false;       ///< End sets something that the code asks about.
  bool AsksHardware = false; ///< BeforeInit: only when the device says so.
  bool TouchesHardware = false; ///< End touches the hardware before, or before
                                ///< it stops what can be armed again.
  bool SourceIsIrq = false;     ///< What arms it again is an IRQ handler.
  bool IsKept = false;          ///< Leaks: in a field of an object that stays.
  bool HasEvidence = false;     ///< Leaks: elsewhere it is released.
  /// Stale: what others find is gone, and they can still look.
  bool IsDangling = true;
  /// Of the kinds with a window: the code may mean another object of its type,
  /// or not find this one yet.
  bool MayBeOther = false;
  FunctionRef Failing; ///< AfterFailure: the function of begin that fails.

  std::vector<CallRef> Path; ///< Calls from the phase to the place.

  /// Helpers of helpers do what they do under conditions that they share with
  /// whatever opened the window; one call deep that is rare.
  bool isFarAway() const { return Path.size() >= 2; }
};

class ClashFinder {
public:
  ClashFinder(const Uses &Touch, const DriverInstance &Driver)
      : Touch(Touch), Driver(Driver) {}

  FunctionRef Current;   ///< The function of begin that runs.
  unsigned EndSince = 0; ///< State::Clock when end began.

  void ends(Phase Now, bool Failed, const Ending &What, const State &S,
            llvm::ArrayRef<CallRef> Stack);
  void endsAgain(Phase Now, const CallRef &Site, const Resource &R,
                 llvm::ArrayRef<CallRef> Stack);
  /// In begin; see Observer.
  void endsUnbegun(const CallRef &Site, const ResourceRule &What, StringRef Key,
                   const CallFacts *Failure);
  void begins(Phase Now, const UseSite &What, StringRef Resource,
              const State &S, llvm::ArrayRef<CallRef> Stack);
  void initialises(Phase Now, const UseSite &What, bool IsPointer,
                   const State &S, llvm::ArrayRef<CallRef> Stack);
  /// Begin can fail in state \p S, after devres has released. What was there
  /// before its last function, at State::Clock \p Since, is not its to release.
  void fails(const State &S, unsigned Since = 0);
  /// What a function that replaces something has released stays where it was
  /// when it fails, though not when it succeeds.
  void leavesStale(llvm::ArrayRef<State> Failed,
                   llvm::ArrayRef<State> Succeeded);
  /// The timeline is over, in state \p S.
  void over(const State &S);

  std::vector<Clash> take();

private:
  bool breaks(Phase Now, const Ending &What, const Window &W, const State &S,
              Clash &Found);
  bool needs(const UseSite &Use, const Ending &What) const;
  UseSite accesses(const Window &W, const State &S, bool &MayBeOther) const;
  void add(Clash Found);
  bool isSetBetween(StringRef Key) const;
  std::function<bool(StringRef)> isZero(const State &S) const;
  bool isKept(const State &S, const Resource &R) const;
  void findStale(const State &S);
  void findCounted(const State &S, const Resource &R);
  bool isReadElsewhere(StringRef Key) const;
  bool isLastCall(Phase Now, const Window &W, const Ending &What,
                  llvm::ArrayRef<CallRef> Stack) const;
  bool isReadByOthers(StringRef Key) const;
  bool isOfMany(const State &S, StringRef Key) const;

  const Uses &Touch;
  const DriverInstance &Driver;
  std::vector<Clash> Found;
  std::vector<Clash> Left;      ///< By failing begins.
  std::vector<Clash> Requested; ///< IRQs that failing begins leave.
  llvm::DenseSet<const CallFacts *> Released; ///< What was, somewhere.
  llvm::DenseSet<const CallFacts *> Ends;     ///< What ends something once.
  /// Keys that functions outside begin set; found when they are asked for.
  mutable std::optional<llvm::StringSet<>> SetByOthers;
};

} // namespace devlife

#endif // DEVLIFE_TIMELINE_CLASHES_H
