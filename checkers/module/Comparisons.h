//===- Comparisons.h - Operators that compare -----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_MODULE_COMPARISONS_H
#define DEVLIFE_MODULE_COMPARISONS_H

#include "facts/Facts.h"

namespace devlife {

/// The operator that says the same of swapped operands.
inline BinaryOp mirrored(BinaryOp Op) {
  switch (Op) {
  case BinaryOp::LT:
    return BinaryOp::GT;
  case BinaryOp::LE:
    return BinaryOp::GE;
  case BinaryOp::GT:
    return BinaryOp::LT;
  case BinaryOp::GE:
    return BinaryOp::LE;
  default:
    return Op;
  }
}

/// The operator that says the opposite; \p Op compares.
inline BinaryOp negated(BinaryOp Op) {
  switch (Op) {
  case BinaryOp::LT:
    return BinaryOp::GE;
  case BinaryOp::LE:
    return BinaryOp::GT;
  case BinaryOp::GT:
    return BinaryOp::LE;
  case BinaryOp::GE:
    return BinaryOp::LT;
  case BinaryOp::EQ:
    return BinaryOp::NE;
  default:
    return BinaryOp::EQ;
  }
}

} // namespace devlife

#endif // DEVLIFE_MODULE_COMPARISONS_H
