//===- Outcomes.h - Which calls of a function have succeeded --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A small data flow over one function, for one call in it. Not done, done or
// undone, and pending until a branch tests the result:
//
//   NotDone --call--> Pending --succeeds--> Done --release--> Undone
//                             --fails-----> NotDone
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_OUTCOMES_H
#define DEVLIFE_CHECKS_OUTCOMES_H

#include "module/Keys.h"

namespace devlife {

class Outcomes {
public:
  enum Bits : uint8_t { NotDone = 1, Pending = 2, Done = 4, Undone = 8 };

  /// Of call number \p Call of \p In, which \p Undo end: also call numbers.
  Outcomes(const Keys &Names, const Module &M, FunctionRef In, int32_t Call,
           const llvm::DenseSet<int32_t> &Undo);

  /// What may hold before event number \p Event.
  uint8_t before(uint32_t Event) const { return Before[Event]; }
  /// What may hold when the branch on \p Condition was taken; 0 when there is
  /// no such branch.
  uint8_t taken(ExprId Condition) const;
  /// Whether the result is lost before it is tested.
  bool isLost() const { return Lost; }

private:
  bool isResult(ExprId Id) const;
  std::optional<bool> failsIf(ExprId Condition) const;
  uint8_t step(uint32_t Event, uint8_t Now);
  uint8_t branch(const Block &B, unsigned Successor, uint8_t Now) const;

  const Keys &Names;
  const Module &M;
  const FunctionRef In;
  const FunctionFacts &F;
  const int32_t Call;
  const llvm::DenseSet<int32_t> &Undo;
  FailKind Fails;
  ExprId KeptIn = 0; ///< Where the result is stored.
  bool Lost = false;
  std::vector<uint8_t> Before, AtEnd; ///< By event; by block.
};

} // namespace devlife

#endif // DEVLIFE_CHECKS_OUTCOMES_H
