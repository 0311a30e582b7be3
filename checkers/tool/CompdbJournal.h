//===- CompdbJournal.h - From the journal to a database -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recorder.cpp describes the journal: one record per compilation.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_COMPDBJOURNAL_H
#define DEVLIFE_TOOL_COMPDBJOURNAL_H

#include "tool/CompdbPlan.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <sys/types.h>

namespace devlife {

/// One compilation, as Recorder.cpp writes it down. Refers to the journal.
struct JournalRecord {
  llvm::StringRef Output;
  bool Created = false; ///< The output is an empty object, ours to remove.
  llvm::StringRef DependencyFile;
  llvm::StringRef Directory;
  llvm::StringRef Source;
  llvm::SmallVector<llvm::StringRef, 0> Arguments; ///< Without the compiler.
};

/// Takes the next record off \p Journal; nothing if it is malformed.
std::optional<JournalRecord> nextRecord(llvm::StringRef &Journal);

/// Removes the objects and dependency files of the journal's records, then the
/// journal. Also run before a recording, for what a killed one left.
void removeTraces(const CompdbPlan &P);

/// Follows the journal as it grows; reads only the beginning of each record.
class JournalCounter {
public:
  explicit JournalCounter(const std::string &File);
  ~JournalCounter();
  JournalCounter(const JournalCounter &) = delete;
  JournalCounter &operator=(const JournalCounter &) = delete;

  void advance();

  unsigned count() const { return Count; }
  /// Of the latest output; "" when there is none.
  llvm::StringRef folder() const;

private:
  int FD;
  off_t Offset = 0;
  unsigned Count = 0;
  std::string Output;
};

/// Writes \p Records, sorted, to CompdbPlan::Output.
llvm::Error writeDatabase(const CompdbPlan &P,
                          llvm::ArrayRef<JournalRecord> Records);

} // namespace devlife

#endif // DEVLIFE_TOOL_COMPDBJOURNAL_H
