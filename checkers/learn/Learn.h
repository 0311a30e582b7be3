//===- Learn.h - What the kernel's own code says about its functions ------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the bodies of exported functions and says what a caller in another
// module has to know: whether they sleep, which locks they take, what they do
// to their arguments, and what managed functions wrap. Beside them, whose
// functions the module calls while it must not sleep. Only what the function
// does on every way on which it does not fail, or whenever an argument says so:
// the rest depends on what nobody can know.
//
// What one module calls in another one is taken from the rules. So the tree is
// read in rounds: the lessons of a round are rules of the next one.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_LEARN_LEARN_H
#define DEVLIFE_LEARN_LEARN_H

#include "module/Module.h"
#include "rules/Contexts.h"
#include "llvm/Support/raw_ostream.h"

namespace devlife {

enum class LessonKind : uint8_t {
  Sleeps,
  Locks,   ///< Takes a lock and keeps it.
  Unlocks, ///< Releases a lock of its caller.
  Takes,   ///< Takes a lock, and releases it before it returns.
  Wraps,   ///< A managed function: Plain now, Undo by devres.
  Frees,   ///< The memory that an argument points to.
  Stores,  ///< Keeps an argument, which is a pointer.
  Atomic,  ///< Function is "record.field", which is called under a lock that
           ///< spins, or in a section that must not be left.
};

/// One thing that a function does.
struct Lesson {
  std::string Function;
  LessonKind Kind = LessonKind::Sleeps;
  /// Frees, Stores: which argument. Sleeps: only if this one has a bit of Mask;
  /// -1 for always. Wraps: by how much Plain's arguments are shifted; -1 when
  /// they are others.
  int Arg = -1;
  uint64_t Mask = ~0ull;
  LockKind Of = LockKind::Mutex;
  std::string Lock;        ///< Its class, as rows spell it. Atomic: the field
                           ///< that is zero where it is called, or "".
  std::string Plain, Undo; ///< Wraps. Frees: Plain is the resource.
  std::string Evidence;    ///< "drivers/base/core.c:12 (mutex_lock)".

  bool operator<(const Lesson &O) const;
  bool operator==(const Lesson &O) const;
};

/// What one module teaches.
struct ModuleLessons {
  std::vector<Lesson> Lessons;        ///< Sorted.
  std::vector<std::string> Exported;  ///< Whose bodies were read; sorted.
  std::vector<std::string> CalledOut; ///< Not defined in it; sorted.
  std::vector<std::string> Locks;     ///< That it takes itself; sorted.
  /// Fields whose functions it calls where they may sleep, as far as is seen.
  std::vector<std::string> CalledFree;
  /// Calls whose result is cleaned up by a function at the end of its scope.
  std::vector<std::pair<std::string, std::string>> Guards;
};

/// Reads the exported functions of \p M, by the rules that it was made with;
/// those of a header are all its functions.
ModuleLessons learn(const Module &M, bool IsHeader = false);

/// Writes rules of \p Lessons, which must be sorted: a file of its own, with
/// \p Source as what it was read from. What \p ByHand knows already is left
/// out, whether it says the same or not.
void writeLessons(llvm::raw_ostream &OS, llvm::ArrayRef<Lesson> Lessons,
                  const RuleSet &ByHand, llvm::StringRef Source);

/// Counts by kind what is new, what was written by hand too, and where the two
/// disagree; then lists the disagreements.
void summariseLessons(llvm::raw_ostream &OS, llvm::ArrayRef<Lesson> Lessons,
                      const RuleSet &ByHand);

} // namespace devlife

#endif // DEVLIFE_LEARN_LEARN_H
