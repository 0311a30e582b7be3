//===- Progress.h - How far a scan is -----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_PROGRESS_H
#define DEVLIFE_TOOL_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <cstddef>
#include <mutex>

namespace devlife {

/// A line on stderr that overwrites itself; for terminals.
class Progress {
public:
  Progress(bool Show, size_t Total) : Show(Show), Total(Total) {}

  /// One more of the total is done. May be called by any thread.
  void advance(llvm::StringRef What);
  /// Removes the line.
  void clear();

private:
  using Clock = std::chrono::steady_clock;

  const bool Show;
  const size_t Total;
  std::mutex Lock;
  size_t Done = 0;
  size_t Length = 0; ///< Of the line that is shown.
  Clock::time_point Shown;
};

} // namespace devlife

#endif // DEVLIFE_TOOL_PROGRESS_H
