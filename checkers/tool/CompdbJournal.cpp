//===- CompdbJournal.cpp - From the journal to a database -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/CompdbJournal.h"
#include "support/Paths.h"
#include "tool/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <fcntl.h>
#include <tuple>
#include <unistd.h>
#include <vector>

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace devlife {

std::optional<JournalRecord> nextRecord(StringRef &Journal) {
  size_t Size;
  if (Journal.size() < 8 || Journal.take_front(8).getAsInteger(16, Size) ||
      Journal.size() - 8 < Size)
    return std::nullopt;
  StringRef Text = Journal.substr(8, Size);
  Journal = Journal.drop_front(8 + Size);

  SmallVector<StringRef, 0> Fields;
  Fields.reserve(256);
  while (!Text.empty()) {
    size_t End = Text.find('\0');
    if (End == StringRef::npos)
      return std::nullopt;
    Fields.push_back(Text.take_front(End));
    Text = Text.drop_front(End + 1);
  }
  if (Fields.size() < 6)
    return std::nullopt;
  JournalRecord R;
  R.Output = Fields[0];
  R.Created = Fields[1] == "+";
  R.DependencyFile = Fields[2];
  R.Directory = Fields[3];
  R.Source = Fields[4];
  R.Arguments.assign(Fields.begin() + 5, Fields.end());
  return R;
}

void removeTraces(const CompdbPlan &P) {
  auto Buffer = MemoryBuffer::getFile(P.workFile("journal"));
  if (!Buffer)
    return;
  StringRef Journal = (*Buffer)->getBuffer();
  while (std::optional<JournalRecord> R = nextRecord(Journal)) {
    if (R->Created)
      fs::remove(cleanPath(R->Output, R->Directory));
    if (!R->DependencyFile.empty())
      fs::remove(cleanPath(R->DependencyFile, R->Directory));
  }
  fs::remove(P.workFile("journal"));
}

JournalCounter::JournalCounter(const std::string &File)
    : FD(open(File.c_str(), O_RDONLY | O_CLOEXEC)) {}

JournalCounter::~JournalCounter() {
  if (FD >= 0)
    close(FD);
}

void JournalCounter::advance() {
  char Text[512];
  ssize_t N;
  while (FD >= 0 && (N = pread(FD, Text, sizeof(Text), Offset)) > 8) {
    size_t Size;
    if (StringRef(Text, 8).getAsInteger(16, Size))
      return;
    Output = StringRef(Text + 8, N - 8)
                 .take_until([](char C) { return C == 0; })
                 .str();
    Offset += 8 + Size;
    ++Count;
  }
}

StringRef JournalCounter::folder() const { return path::parent_path(Output); }

Error writeDatabase(const CompdbPlan &P, ArrayRef<JournalRecord> Records) {
  SmallVector<StringRef, 2> CompilerWords;
  StringRef(P.Compiler).split(CompilerWords, ' ', -1, /*KeepEmpty=*/false);

  struct Entry {
    std::string File;
    const JournalRecord *R;
  };
  std::vector<Entry> Entries;
  for (const JournalRecord &R : Records)
    Entries.push_back({cleanPath(R.Source, R.Directory), &R});
  sort(Entries, [](const Entry &A, const Entry &B) {
    return std::tie(A.File, A.R->Output) < std::tie(B.File, B.R->Output);
  });

  Expected<fs::TempFile> Temporary = fs::TempFile::create(
      P.Output + ".%%%%%%.tmp", fs::all_read | fs::all_write);
  if (!Temporary)
    return usageError("cannot write '" + P.Output +
                      "': " + toString(Temporary.takeError()));
  raw_fd_ostream OS(Temporary->FD, /*shouldClose=*/false);
  OS << "[";
  for (const Entry &E : Entries) {
    OS << (&E == Entries.data() ? "\n" : ",\n");
    json::OStream J(OS);
    J.object([&] {
      J.attribute("file", json::fixUTF8(E.File));
      J.attribute("directory", json::fixUTF8(E.R->Directory));
      J.attribute("output", json::fixUTF8(E.R->Output));
      J.attributeArray("arguments", [&] {
        for (StringRef Word : CompilerWords)
          J.value(json::fixUTF8(Word));
        // Tools that run the command must not write into the build folder.
        for (StringRef Argument : E.R->Arguments)
          if (!Argument.starts_with("-Wp,-M"))
            J.value(json::fixUTF8(Argument));
      });
    });
  }
  OS << "\n]\n";
  OS.flush();
  if (std::error_code EC = OS.error()) {
    OS.clear_error();
    consumeError(Temporary->discard());
    return createStringError("cannot write '" + P.Output +
                             "': " + EC.message());
  }
  if (Error E = Temporary->keep(P.Output))
    return createStringError("cannot write '" + P.Output +
                             "': " + toString(std::move(E)));
  return Error::success();
}

} // namespace devlife
