//===- Conditions.h - What must hold of the arguments ---------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function may sleep only when an argument says so: a GFP flag, a truth
// value. Such conditions are kept in terms of its parameters and asked again
// where it is called. So are conditions on fields: what the caller has set or
// tested, the function that it calls need not ask.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_CONDITIONS_H
#define DEVLIFE_CONTEXT_CONDITIONS_H

#include "module/Module.h"

namespace devlife {

/// What a place in a function needs of a parameter.
struct Condition {
  enum KindTy : uint8_t {
    Equal,    ///< It is Value.
    NotEqual, ///< It is not Value.
    HasBit,   ///< It has a bit of Value.
    HasNoBit,
    Less, ///< It is less than Value.
    AtLeast,
    Case, ///< A switch decides by it.
  } Kind = Equal;
  uint32_t Param = 0;
  int64_t Value = 0;

  bool operator==(const Condition &O) const {
    return Kind == O.Kind && Param == O.Param && Value == O.Value;
  }
  Condition opposite() const;
};

using ConditionList = llvm::SmallVector<Condition, 2>;

/// What a field, a global, or the answer of a call is or has to be.
struct Fact {
  enum KindTy : uint8_t {
    Is,    ///< Nothing is known of it, but that the function has set it.
    Equal, ///< As for a Condition.
    NotEqual,
    HasBit,
    HasNoBit,
    Last, ///< The function has dropped the last reference to something.
  } Kind = Is;
  StringRef Key; ///< As Keys names it; "f(key,1)" for what a call has said.
  int64_t Value = 0;
  bool IsOwn = false; ///< The function has set it so: no matter of its callers.

  bool operator==(const Fact &O) const {
    return Kind == O.Kind && Key == O.Key && Value == O.Value &&
           IsOwn == O.IsOwn;
  }
  Fact opposite() const;
  /// Whether the two are about the same bits of the same thing.
  bool concerns(const Fact &O) const;
  bool excludes(const Fact &O) const;
  bool implies(const Fact &O) const;
};

using FactList = llvm::SmallVector<Fact, 2>;

/// Whether a condition holds at a call.
enum class Answer : uint8_t {
  No,
  Yes,
  Maybe,   ///< It cannot be told, and there is no reason to doubt it.
  Passed,  ///< The caller's own parameter decides: see Condition.
  Unknown, ///< It cannot be told, and is likely to depend on the context.
};

/// Reads expressions of one function.
class Evaluator {
public:
  explicit Evaluator(const FunctionFacts &F);

  /// The number that \p Id is, if that is certain.
  std::optional<int64_t> constant(ExprId Id, unsigned Depth = 0) const;
  /// The only expression that local variable \p Var is set to, or 0.
  ExprId definition(int32_t Var) const { return Definitions[Var]; }
  /// What follows for the parameters when \p Id is \p IsTrue.
  void learn(ExprId Id, bool IsTrue, ConditionList &Out,
             uint32_t At = ~0u) const;
  /// Whether \p C holds for the argument \p Id. For Passed, \p C becomes the
  /// condition on this function's parameter. \p Known is what holds here.
  Answer holds(Condition &C, ExprId Id, llvm::ArrayRef<Condition> Known) const;

  /// The parameter that \p Id is, when it still has the caller's value before
  /// event number \p At; or -1.
  int32_t param(ExprId Id, uint32_t At = ~0u) const;

private:
  const FunctionFacts &F;
  std::vector<ExprId> Definitions;
  /// Per variable: the first event that sets it.
  std::vector<uint32_t> FirstSet, DefinedAt;
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_CONDITIONS_H
