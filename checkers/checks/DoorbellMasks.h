//===- DoorbellMasks.h - How a driver makes its masks of doorbells --------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_DOORBELLMASKS_H
#define DEVLIFE_CHECKS_DOORBELLMASKS_H

#include "module/Ranges.h"
#include "support/SourceTexts.h"

namespace devlife {

class DoorbellMasks {
public:
  DoorbellMasks(const Ranges &Of, const DoorbellRule &Rule);

  /// A mask of the lowest Bits bits, where it is returned or stored.
  struct Mask {
    StoreRef At;
    Bound Bits;
  };
  /// What the driver says are all its doorbells, where it can be told.
  std::vector<Mask> valid() const;

  /// A place that knows 32 bits of a mask of 64.
  struct Narrow {
    FunctionRef In;
    Loc At;
    StringRef Callee; ///< What looks at it; "" for a shift.
    bool IsSure;      ///< There are doorbells beyond the 32 bits.
  };
  std::vector<Narrow> narrow() const;

private:
  std::optional<Bound> bits(FunctionRef F, ExprId Id) const;
  bool isMask(FunctionRef F, ExprId Id, unsigned Depth = 0) const;
  bool isTested(FunctionRef F, int32_t Call) const;
  void shifts(FunctionRef F, uint32_t Event, ExprId Id,
              std::vector<Narrow> &Out, unsigned Depth = 0) const;
  void shiftOf(FunctionRef F, uint32_t Event, const Range &By,
               std::vector<Narrow> &Out) const;
  /// `mask |= 1 << (i - 1)`: the facts lack the right side, so its text.
  void compound(FunctionRef F, uint32_t Event, std::vector<Narrow> &Out) const;

  const Ranges &Of;
  const Module &M;
  const DoorbellRule &Rule;
  llvm::DenseSet<const FunctionFacts *> Functions; ///< Take or return a mask.
  llvm::StringSet<> Fields;                        ///< Keys that hold one.
  std::optional<int64_t> Number; ///< Of doorbells, where it is certain.
  mutable SourceTexts Texts;
};

} // namespace devlife

#endif // DEVLIFE_CHECKS_DOORBELLMASKS_H
