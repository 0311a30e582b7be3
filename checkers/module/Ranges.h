//===- Ranges.h - Which numbers a value can be ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Intervals of integers, from a forward data flow over one function:
// constants, loops (the first value of the loop variable and the bound in the
// loop's condition), sums with constants, and what comparisons leave over. A
// parameter is what all callers in the module pass, a field what the module
// stores to it. What is not understood has no bounds.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_MODULE_RANGES_H
#define DEVLIFE_MODULE_RANGES_H

#include "module/Comparisons.h"
#include "module/Uses.h"
#include <map>
#include <optional>

namespace devlife {

/// A number, or one relative to what a field holds: "y_priv.count" - 1.
struct Bound {
  StringRef Key; ///< "" for a number.
  int64_t Offset = 0;

  bool operator==(const Bound &O) const {
    return Key == O.Key && Offset == O.Offset;
  }
  bool operator!=(const Bound &O) const { return !(*this == O); }
  Bound plus(int64_t By) const { return {Key, Offset + By}; }
  /// "31", "count-1": the field without its record.
  std::string text() const;
};

struct Range {
  std::optional<int64_t> Low;
  std::optional<Bound> High;
  /// Low is only what a test left over of a value without a known beginning.
  bool IsTested = false;

  bool isConstant() const { return Low && High && *High == Bound{"", *Low}; }
  bool operator==(const Range &O) const {
    return Low == O.Low && High == O.High && IsTested == O.IsTested;
  }
  /// "1..count-1"; only where Low is known.
  std::string text() const;
};

/// A store to a field.
struct StoreRef {
  FunctionRef In;
  uint32_t Event; ///< Into FunctionFacts::Events.

  const devlife::Event &event() const { return In.F->Events[Event]; }
};

class Ranges {
public:
  explicit Ranges(const Uses &Touch);

  const Uses &Touch;
  const Module &M;

  /// What \p Id can be just before event number \p Event of \p F.
  Range at(FunctionRef F, uint32_t Event, ExprId Id) const;
  /// \p Id as a number or a field with something added, if it is that.
  std::optional<Bound> linear(FunctionRef F, ExprId Id,
                              unsigned Depth = 0) const;
  /// The largest number in \p R, if that is known.
  std::optional<int64_t> maximum(const Range &R) const;
  /// What the module stores to the field \p Key, where it says the value.
  llvm::ArrayRef<StoreRef> stores(StringRef Key) const;
  /// Whether \p Var is counted up or down: `i++`, `i -= 2`.
  static bool isCounter(const FunctionFacts &F, int32_t Var);
  static bool isVar(const FunctionFacts &F, ExprId Id, int32_t Var);

private:
  /// Of local variables, by index, and of fields, by key: what is not there is
  /// what it is when the function begins.
  using Place = std::pair<int32_t, StringRef>;
  using Env = std::map<Place, Range>;
  /// One function: what holds where each block begins.
  using Flow = std::vector<std::optional<Env>>;

  const Flow &flow(FunctionRef F) const;
  Range get(FunctionRef F, const Env &In, Place P) const;
  std::optional<Place> place(FunctionRef F, ExprId Id) const;
  Range eval(FunctionRef F, const Env &In, ExprId Id, unsigned Depth = 0) const;
  void apply(FunctionRef F, uint32_t Block, const Event &E, Env &Out) const;
  /// False when the condition cannot be so.
  bool refine(FunctionRef F, ExprId Id, bool IsTrue, Env &Out) const;
  bool compare(FunctionRef F, BinaryOp Op, ExprId A, ExprId B, Env &Out) const;
  bool join(FunctionRef F, std::optional<Env> &Into, const Env &From,
            bool Widen) const;
  bool isFirstNumber(FunctionRef F, ExprId Id, unsigned Depth = 0) const;
  Range ofParameter(FunctionRef F, uint32_t Index) const;
  Range ofField(StringRef Key) const;

  llvm::StringMap<std::vector<StoreRef>> Stores; ///< By key.
  llvm::StringSet<> Handed; ///< Keys that are set in a way not understood.
  llvm::StringSet<> Taken;  ///< Functions named outside calls.
  mutable std::map<const FunctionFacts *, Flow> Flows;
  mutable llvm::StringMap<Range> Fields;
  mutable std::map<std::pair<const FunctionFacts *, uint32_t>, Range> Params;
};

} // namespace devlife

#endif // DEVLIFE_MODULE_RANGES_H
