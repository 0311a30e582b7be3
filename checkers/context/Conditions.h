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
// where it is called.
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
  } Kind = Equal;
  uint32_t Param = 0;
  int64_t Value = 0;

  bool operator==(const Condition &O) const {
    return Kind == O.Kind && Param == O.Param && Value == O.Value;
  }
  Condition opposite() const;
};

using ConditionList = llvm::SmallVector<Condition, 2>;

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
  void learn(ExprId Id, bool IsTrue, ConditionList &Out) const;
  /// Whether \p C holds for the argument \p Id. For Passed, \p C becomes the
  /// condition on this function's parameter. \p Known is what holds here.
  Answer holds(Condition &C, ExprId Id, llvm::ArrayRef<Condition> Known) const;

  /// The parameter that \p Id is, when it still has the caller's value; or -1.
  int32_t param(ExprId Id) const;

private:
  const FunctionFacts &F;
  std::vector<ExprId> Definitions;
  std::vector<bool> IsSet; ///< Per variable.
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_CONDITIONS_H
