//===- Progress.cpp - How far a scan is ---------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Progress.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <string>

using namespace llvm;

namespace devlife {

void Progress::advance(StringRef What) {
  if (!Show)
    return;
  std::lock_guard<std::mutex> Guard(Lock);
  ++Done;
  Clock::time_point Now = Clock::now();
  if (Now - Shown < std::chrono::milliseconds(100))
    return;
  Shown = Now;
  std::string Line = "[" + std::to_string(Done) + "/" + std::to_string(Total) +
                     "] " + What.substr(0, 48).str();
  size_t NewLength = Line.size();
  Line.resize(std::max(NewLength, Length), ' ');
  Length = NewLength;
  errs() << '\r' << Line;
}

void Progress::clear() {
  if (Length)
    errs() << '\r' << std::string(Length, ' ') << '\r';
  Length = 0;
}

} // namespace devlife
