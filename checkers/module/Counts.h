//===- Counts.h - Counts that are used before they are checked ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A field that holds a number which somebody else chose (a user, a peer) is
// followed from where drivers begin: which comparisons have told that it is
// not too large, and not 0, and who uses it before they have. A comparison on
// any branch counts after the join, one in a called function after the call.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_MODULE_COUNTS_H
#define DEVLIFE_MODULE_COUNTS_H

#include "module/Ranges.h"
#include <set>

namespace devlife {

/// What is known of the count.
struct CountState {
  bool Above = true; ///< It has been compared with something larger,
  bool Below = true; ///< and with 0.

  bool operator<(const CountState &O) const {
    return std::pair(Above, Below) < std::pair(O.Above, O.Below);
  }
};

struct CountUse {
  enum KindTy : uint8_t {
    Loop,  ///< Bounds an index into an array.
    Shift, ///< Number of a bit.
    Size,  ///< Of memory.
  } Kind;
  bool OfZero; ///< 0 is what breaks it, not a large number.
  FunctionRef In;
  Loc At;
  std::vector<CallRef> Path; ///< The calls from a driver's begin to In.
};

class Counts {
public:
  /// Follows the field \p Key. \p Live are functions that run once a driver
  /// has begun.
  Counts(const Ranges &Of, StringRef Key, llvm::ArrayRef<InputRule> Inputs,
         llvm::ArrayRef<FunctionRef> Live);

  /// Where the number comes from; null when nobody else chooses it, or it is
  /// checked before it is stored.
  const StoreRef *source() const { return Source ? &*Source : nullptr; }
  /// In the order in which they run; sizes, of which a large one can be meant,
  /// come last.
  llvm::ArrayRef<CountUse> uses() const { return Found; }

private:
  /// What a store to the field says; nothing when it is no store to it.
  std::optional<CountState> stored(const StoreRef &S) const;
  bool isInput(FunctionRef F, ExprId Value, unsigned Depth = 0) const;
  bool isCount(FunctionRef F, ExprId Id) const;
  bool mentions(FunctionRef F, ExprId Id, unsigned Depth = 0) const;
  CountState walk(FunctionRef F, CountState In, bool Collect);
  CountState run(FunctionRef F, uint32_t Block, CountState S, bool Collect);
  CountState learn(FunctionRef F, ExprId Id, bool IsTrue, CountState S,
                   unsigned Depth = 0) const;
  void shifts(FunctionRef F, ExprId Id, Loc At, CountState S,
              unsigned Depth = 0);
  void use(CountUse::KindTy Kind, bool OfZero, FunctionRef F, Loc At);

  const Ranges &Of;
  const Module &M;
  StringRef Key;
  llvm::ArrayRef<InputRule> Inputs;
  std::optional<StoreRef> Source;
  std::vector<CountUse> Found, Sizes;
  std::vector<CallRef> Path;
  std::map<std::pair<const FunctionFacts *, CountState>, CountState> Outs;
  std::set<std::pair<const FunctionFacts *, CountState>> Collected;
};

} // namespace devlife

#endif // DEVLIFE_MODULE_COUNTS_H
