//===- Uses.h - What functions touch, and the entries of a module ---------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Per function: the field keys that it reads, writes or passes on, those that
// it dereferences, what it arms, and whether it touches the hardware. For the
// module: its entries that are objects (works, timers, URBs, ...), with their
// handlers and everything that arms or stops them. All of it comes from the
// facts and the rules, without a data flow.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_MODULE_USES_H
#define DEVLIFE_MODULE_USES_H

#include "module/Keys.h"
#include "llvm/ADT/BitVector.h"

namespace devlife {

/// A spot in a function.
struct UseSite {
  FunctionRef In;
  Loc At;
  StringRef Key;

  explicit operator bool() const { return bool(In); }
};

/// What a call, or a store, says about an entry.
struct EntryEvent {
  const Effect *What = nullptr;
  StringRef Key; ///< Of the entry's object; "" when it is not known.
  CallRef Call;  ///< Null for a store and an initialiser.
  UseSite At;
  bool AtOnce = false; ///< Without a delay, whatever the kind.
};

/// A call that touches the hardware.
struct HardwareAccess {
  Loc At;
  StringRef Key;    ///< Of what it does so through; "" when it is not known.
  StringRef Record; ///< What that is a record of, or "".
};

/// What one function does by itself.
struct FunctionUses {
  llvm::StringMap<Loc> Touched; ///< Keys, at their first place.
  llvm::StringMap<Loc> Derefs;  ///< Pointers that are followed or passed on.
  llvm::StringSet<> Tested;     ///< Keys that a branch asks about.
  llvm::StringSet<> Stored;     ///< Keys that it sets, or has set by a call.
  llvm::StringSet<> Handed;     ///< Those of them whose address a call gets.
  llvm::StringMap<Loc> Needs;   ///< Resources that have to be there.
  std::vector<EntryEvent> Arms;
  Loc Access; ///< Touches the hardware here; or nowhere.
  std::vector<HardwareAccess> Accesses; ///< All places where it does.
  bool TakesReference = false;
  /// Calls that reset the device, or write to a register what masks
  /// interrupts: no bit, or all of them.
  llvm::DenseSet<const CallFacts *> Masks;
};

/// An entry with an object: `priv->work`.
struct BoundEntry {
  StringRef Kind; ///< As bound; "" by an initialiser.
  StringRef Key;
  std::vector<FunctionRef> Handlers;
  std::vector<UseSite> Binds;
};

class Uses {
public:
  explicit Uses(const Module &M);

  const Module &M;
  const Keys Names;

  const FunctionUses &of(FunctionRef F) const;
  /// The calls of \p F by its name.
  llvm::ArrayRef<CallRef> callers(FunctionRef F) const;
  bool isCalled(FunctionRef F) const { return Callers.count(F.F); }
  /// Whether it is named in a table, or otherwise outside a call: somebody has
  /// its address.
  bool isNamed(FunctionRef F) const { return Named.contains(F.F); }
  /// Whether \p Root and what it calls call \p F at more than one place.
  bool isCalledTwice(FunctionRef F, FunctionRef Root) const;
  /// \p Roots and what they call, in a stable order.
  const std::vector<FunctionRef> &
  calledFrom(llvm::ArrayRef<FunctionRef> Roots) const;

  /// Where code that runs from \p Roots touches \p Key or a part of it.
  UseSite touches(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const;
  /// Likewise, \p Key itself and not just a part of it.
  UseSite touchesWhole(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const;
  /// Where it follows the pointer \p Key; none when it tests it anywhere.
  UseSite follows(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const;
  /// Where it touches anything in an object of \p Record.
  UseSite touchesRecord(llvm::ArrayRef<FunctionRef> Roots,
                        StringRef Record) const;
  /// Where it touches the hardware.
  UseSite accesses(llvm::ArrayRef<FunctionRef> Roots) const;
  /// Likewise, but for the accesses of which \p IsHarmless says so.
  UseSite
  accesses(llvm::ArrayRef<FunctionRef> Roots,
           llvm::function_ref<bool(const HardwareAccess &)> IsHarmless) const;
  /// Whether the module makes what calls return as a \p Record, and, as far as
  /// can be told, keeps that in \p Key.
  bool makes(StringRef Record, StringRef Key) const;
  /// Whether \p Roots, one after the other, touch the hardware before they come
  /// to \p Site.
  bool accessesBefore(llvm::ArrayRef<FunctionRef> Roots,
                      const CallRef &Site) const;
  /// Whether \p F itself releases what a field holds, and sets the field.
  bool replaces(FunctionRef F) const;
  /// Whether it may have silenced the interrupts of the device.
  bool masks(llvm::ArrayRef<FunctionRef> Roots) const;
  /// Whether the call itself does.
  bool masks(const CallRef &Site) const {
    return of(Site.In).Masks.contains(Site.Call);
  }
  /// Where it needs \p Resource.
  UseSite needs(llvm::ArrayRef<FunctionRef> Roots, StringRef Resource) const;
  /// Where it arms the entry \p Key.
  UseSite arms(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const;
  bool tests(llvm::ArrayRef<FunctionRef> Roots, StringRef Key) const;
  /// Where code that runs from \p Roots touches \p Key, or follows it if it
  /// \p IsPointer, on a way that it can take while all keys are zero of which
  /// \p IsZero says so. With \p IsIdle, whatever it reads from the hardware.
  UseSite reaches(llvm::ArrayRef<FunctionRef> Roots, StringRef Key,
                  bool IsPointer, bool IsIdle,
                  llvm::function_ref<bool(StringRef)> IsZero) const;
  /// Whether \p Roots themselves ask about anything that \p Writers set.
  bool asks(llvm::ArrayRef<FunctionRef> Roots,
            llvm::ArrayRef<FunctionRef> Writers) const;
  /// Whether \p Writers hand the address of \p Key to a call.
  bool isHanded(llvm::ArrayRef<FunctionRef> Writers, StringRef Key) const;
  /// Whether \p Readers ask about anything that \p Writers set: a flag.
  bool isTold(llvm::ArrayRef<FunctionRef> Readers,
              llvm::ArrayRef<FunctionRef> Writers) const;

  /// The functions that handle the entry \p Key.
  std::vector<FunctionRef> handlersOf(StringRef Key) const;
  /// What kind of entry \p Key is: how it is bound can say more than how it is
  /// \p Armed.
  StringRef kindOf(StringRef Key, StringRef Armed) const;
  /// Likewise; what is queued \p AtOnce is no longer delayed.
  StringRef kindOf(StringRef Key, const Effect &Arm, bool AtOnce) const {
    return AtOnce && Arm.Delay ? "work" : kindOf(Key, Arm.What);
  }
  llvm::ArrayRef<BoundEntry> entries() const { return Entries; }

  /// The expression that \p Arg of \p Site stands for; 0 when there is none.
  static ExprId argument(const CallRef &Site, ArgRef Arg);
  /// The key of what \p Arg of \p Site, or its result, denotes.
  StringRef key(const CallRef &Site, ArgRef Arg) const;
  /// What functions \p Id can be: itself, or what callers pass.
  std::vector<FunctionRef> functions(FunctionRef F, ExprId Id) const;

private:
  void index();
  void bind(StringRef Kind, StringRef Key, std::vector<FunctionRef> Handlers,
            UseSite At);
  void touch(FunctionUses &U, FunctionRef F, ExprId Id, Loc At) const;
  void collect(FunctionUses &U, FunctionRef F) const;
  void collect(FunctionUses &U, FunctionRef F, const Event &E) const;
  /// Where \p F, which does \p U, first touches \p Key or a part of it.
  static UseSite firstTouch(FunctionRef F, const FunctionUses &U,
                            StringRef Key);
  void collectCall(FunctionUses &U, FunctionRef F, const Event &E) const;
  bool silences(const CallRef &Site) const;
  llvm::BitVector blocksWhile(FunctionRef F, bool IsIdle,
                              llvm::function_ref<bool(StringRef)> IsZero) const;
  void armsByHelper(FunctionUses &U, FunctionRef F, const Event &E) const;
  bool isRead(FunctionRef F, ExprId Id, unsigned Depth) const;
  bool writes(FunctionRef F, int32_t Param, unsigned Depth) const;
  void tested(FunctionUses &U, FunctionRef F, ExprId Id) const;

  mutable llvm::DenseMap<const FunctionFacts *, std::unique_ptr<FunctionUses>>
      Of;
  mutable std::map<std::vector<const FunctionFacts *>, std::vector<FunctionRef>>
      Reach;
  llvm::DenseMap<const FunctionFacts *, std::vector<CallRef>> Callers;
  llvm::DenseSet<const FunctionFacts *> Named;
  std::vector<BoundEntry> Entries;
};

} // namespace devlife

#endif // DEVLIFE_MODULE_USES_H
