//===- Failure.cpp - Exit codes, and errors that carry one --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Failure.h"

using namespace llvm;

namespace devlife {

char UsageError::ID = 0;

int reportError(Error E) {
  int Code = E.isA<UsageError>() ? ExitUsage : ExitBroken;
  errorLine() << toString(std::move(E)) << '\n';
  return Code;
}

raw_ostream &errorLine() { return WithColor::error(errs() << "devlife: "); }

raw_ostream &warningLine() { return WithColor::warning(errs() << "devlife: "); }

} // namespace devlife
