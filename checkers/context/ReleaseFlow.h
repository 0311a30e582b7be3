//===- ReleaseFlow.h - Follows the objects of one function ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pointers are named by where they come from: `p0` is what the first parameter
// held, `{c5}` the result of call 5, `p0.dev.parent*` what was read from there.
// A field that is set has another name from then on: `p0.ring*{s12}`. What a
// place in the graph names goes out of use when the place is reached again.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_RELEASEFLOW_H
#define DEVLIFE_CONTEXT_RELEASEFLOW_H

#include "context/Releases.h"
#include <map>
#include <set>

namespace devlife {

/// A pointer: the object that it lies in, and where in it.
struct Pointer {
  StringRef Object; ///< "" when it is not known.
  StringRef Inner;  ///< ".dev"; "<dev" is what holds the field. "$" is private
                    ///< memory of a driver in it, "<$" what holds that.

  bool operator==(const Pointer &O) const {
    return Object == O.Object && Inner == O.Inner;
  }
};

/// The objects at one point of a function.
struct ObjectState {
  std::vector<Pointer> Values;             ///< Of variables, then of calls.
  std::map<StringRef, StringRef> Versions; ///< Of fields and globals.
  StringRef Epoch;                         ///< Of all others.
  std::map<StringRef, Death> Gone;         ///< By object.
  std::map<StringRef, ObjectUse> Used;     ///< Parameters that were used.
  std::set<StringRef> Null;                ///< Objects that are not there.
  std::set<StringRef> Unlisted; ///< Taken off the kernel's lists: the owner's.
  /// What the failure of a call means, by its result.
  std::map<StringRef, std::vector<std::pair<StringRef, Death>>> OnFailure;

  bool operator==(const ObjectState &O) const;
  /// Joins at the block whose name is \p Token.
  void join(const ObjectState &O, StringRef Token,
            llvm::UniqueStringSaver &Strings);
  /// Forgets what \p Token names.
  void forget(StringRef Token);
  /// Forgets what some of the ways only have met.
  void doubt();
};

/// Runs over a function until nothing changes.
class Releases::Flow {
public:
  Flow(const Releases &R, FunctionRef F);

  Summary summarise();
  std::vector<UseAfterRelease> uses();
  /// The fields that it sets to the object in which their record lies, one for
  /// each place that does.
  std::vector<StringRef> homes();
  /// Where objects are used that its only parameter points to.
  std::vector<UnheldUse> pointees();

private:
  struct Place {
    Pointer At;
    StringRef Field; ///< What versions are kept of.
    bool IsExact = true;
  };

  void run();
  void runBlock(ObjectState &S, uint32_t Block);
  void call(ObjectState &S, uint32_t Index);
  void unlink(ObjectState &S, const CallRef &Site, const Effect &E);
  void callOwn(ObjectState &S, const CallRef &Site, FunctionRef Target);
  void callKernel(ObjectState &S, const CallRef &Site, const CallRule *Rule);
  void store(ObjectState &S, uint32_t Index);
  void returns(ObjectState &S, const Event &E);
  void assume(ObjectState &S, ExprId Condition, bool IsTrue);
  void isNull(ObjectState &S, ExprId Id, bool IsNull);
  void failed(ObjectState &S, StringRef Result, bool HasFailed);
  bool isOwner(const ObjectState &S, StringRef Object) const;
  bool isSuccess(ExprId Id) const;

  Pointer value(const ObjectState &S, ExprId Id, unsigned Depth = 0);
  Place place(const ObjectState &S, ExprId Id, unsigned Depth = 0);
  Pointer load(const ObjectState &S, const Place &From, StringRef Record);
  Pointer inside(const Pointer &P, const llvm::Twine &Step);
  Pointer partOf(const Pointer &P);
  void touch(ObjectState &S, ExprId Id, Loc At);
  void use(ObjectState &S, const Pointer &P, ObjectUse Use);
  void ends(ObjectState &S, StringRef Object, Death Over);
  std::string text(ExprId Id) const;
  StringRef save(const llvm::Twine &Text) const { return R.save(Text); }
  const Expr &expr(ExprId Id) const { return F.F->expr(Id); }

  const Releases &R;
  const FunctionRef F;
  llvm::BitVector Exposed; ///< Variables whose address is taken.
  std::vector<std::optional<ObjectState>> Before;
  std::vector<UseAfterRelease> *Found = nullptr;
  /// What was read out of the first parameter: the field, and its record.
  std::map<StringRef, std::pair<StringRef, StringRef>> Pointees;
  std::vector<UnheldUse> PointeeUses;
  std::vector<StringRef> Homes;
  /// The states in which it returns, unless it says that it has succeeded.
  std::vector<ObjectState> Failures;
  std::vector<Pointer> Results;
  bool IsComplete = true;
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_RELEASEFLOW_H
