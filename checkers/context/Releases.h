//===- Releases.h - What functions use after they have released it --------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A forward data flow over each function follows pointers by where they come
// from, not by their type: `a` and `b` of one type are two objects. An object
// is gone when its memory is released, or when its owner drops the reference
// that he has held since it was initialised; owners are told by what they do:
// they allocate the object, or take it off the kernel's lists.
//
//   No --release--> Gone --join with No--> Perhaps --any branch--> No
//
// What is gone on one way into a place is gone there for certain if nothing
// has been asked since: with a branch, conditions may belong together.
// Summaries, bottom-up, say which parameters a function releases or uses.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_RELEASES_H
#define DEVLIFE_CONTEXT_RELEASES_H

#include "module/Uses.h"

namespace devlife {

/// How an object goes.
struct Death {
  std::vector<CallRef> Path;          ///< From the function to the release.
  const ResourceRule *What = nullptr; ///< Null when a reference is dropped.
  bool IsSure = true; ///< False where only some of the ways have met.

  bool operator==(const Death &O) const {
    return Path == O.Path && IsSure == O.IsSure;
  }
};

/// How an object is used.
struct ObjectUse {
  FunctionRef In;
  Loc At;
  StringRef Name;            ///< As written: "foo->dev".
  std::vector<CallRef> Path; ///< Calls to the function that follows it.
  bool IsAgain = false;      ///< It is released again: a matter of its own.
  bool IsPut = false;    ///< A reference to it is dropped: perhaps another one.
  bool IsPassed = false; ///< Passed to code that nothing is known of.
};

struct UseAfterRelease {
  Death Over;
  ObjectUse Use;
};

/// The release function of a counted object uses what \p Field of it points
/// to, of \p Record, and to which it holds no reference.
struct UnheldUse {
  StringRef Field; ///< "record.field"
  StringRef Record;
  ObjectUse Use;
};

class Releases {
public:
  explicit Releases(const Uses &U);

  const Uses &U;
  const Module &M;

  /// At most one for each release: the first in the order of the function.
  std::vector<UseAfterRelease> find() const;
  /// At most one for each release function and field.
  std::vector<UnheldUse> unheld() const;

private:
  class Flow;
  struct Parameter {
    std::optional<Death> Over;      ///< Gone, however the function ends.
    std::optional<Death> OnFailure; ///< Gone when it fails.
    std::optional<ObjectUse> Use;   ///< On every way.
  };
  struct Summary {
    std::vector<Parameter> Parameters;
    int Returns = -1; ///< The parameter in whose memory the result lies.
  };
  /// Fields and globals that a function sets, with all that it calls.
  struct Changes {
    llvm::StringSet<> Fields;
    bool IsUnknown = false;
    bool TakesReference = false;
  };

  const Summary &of(FunctionRef F) const;
  const Changes &changes(FunctionRef F) const;
  /// Whether the last reference to \p Arg of \p Site, which \p E drops, frees
  /// the memory that it lies in.
  bool isFreedByLast(const CallRef &Site, const Effect &E) const;
  void findHomes();
  bool isTaken(StringRef Record, StringRef Holder) const;
  void findReleaseFunctions();
  bool isHeld(StringRef Field, StringRef Record) const;
  StringRef save(const llvm::Twine &Text) const { return Strings.save(Text); }

  mutable llvm::BumpPtrAllocator Allocator;
  mutable llvm::UniqueStringSaver Strings{Allocator};
  /// What fields that hold release functions are set to.
  std::vector<FunctionRef> ReleaseFunctions;
  /// Fields that point to the object in which their record lies, whoever sets
  /// them: "priv.netdev", where priv is netdev_priv(netdev).
  llvm::StringSet<> Homes;
  mutable llvm::DenseMap<const FunctionFacts *, std::unique_ptr<Summary>> Done;
  mutable llvm::DenseMap<const FunctionFacts *, std::unique_ptr<Changes>> Sets;
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_RELEASES_H
