//===- FactsStore.cpp - Facts that outlive a run --------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/FactsStore.h"
#include "facts/Serialise.h"
#include "report/Report.h"
#include "support/Paths.h"
#include "tool/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace devlife {

/// What Clang's driver reads beside its arguments.
static constexpr StringLiteral Environment[] = {
    "CPATH", "C_INCLUDE_PATH", "CCC_OVERRIDE_OPTIONS", "COMPILER_PATH"};

Expected<std::unique_ptr<FactsStore>> FactsStore::open(StringRef Directory) {
  std::string Path = cleanPath(Directory);
  auto Fail = [&](std::error_code Why) {
    return usageError("the store " + Path +
                      " cannot be written: " + Why.message());
  };
  if (std::error_code Why = sys::fs::create_directories(Path))
    return Fail(Why);
  Expected<sys::fs::TempFile> Probe =
      sys::fs::TempFile::create(Path + "/probe-%%%%%%%%");
  if (!Probe)
    return Fail(errorToErrorCode(Probe.takeError()));
  if (Error E = Probe->discard())
    return Fail(errorToErrorCode(std::move(E)));
  return std::unique_ptr<FactsStore>(new FactsStore(std::move(Path)));
}

std::string FactsStore::key(StringRef Directory, StringRef File,
                            ArrayRef<std::string> Arguments,
                            const ExtractOptions &Options) {
  std::string Text;
  raw_string_ostream OS(Text);
  auto Add = [&](StringRef Part) { OS << Part.size() << ' ' << Part; };
  auto AddAll = [&](ArrayRef<std::string> Parts) {
    OS << Parts.size() << ' ';
    for_each(Parts, Add);
  };
  Add(devlifeVersion());
  Add(extractorDigest());
  Add(LLVM_VERSION_STRING);
  OS << FactsVersion << ' ';
  for (StringRef Name : Environment)
    Add(sys::Process::GetEnv(Name).value_or(""));
  AddAll(Options.Probes);
  AddAll(Options.Fields);
  AddAll(Options.Numbers);
  Add(Options.TreeRoot);
  Add(Directory);
  Add(File);
  AddAll(Arguments);
  XXH128_hash_t Hash = xxh3_128bits(arrayRefFromStringRef(Text));
  return utohexstr(Hash.high64, /*LowerCase=*/true, /*Width=*/16) +
         utohexstr(Hash.low64, /*LowerCase=*/true, /*Width=*/16);
}

/// Folders of some hundred files, as in .git.
std::string FactsStore::path(StringRef Key) const {
  return (Directory + "/" + Key.take_front(2) + "/" + Key.drop_front(2)).str();
}

InputContent FactsStore::current(StringRef FullPath) {
  {
    std::lock_guard<std::mutex> Guard(Lock);
    if (auto At = Known.find(FullPath); At != Known.end())
      return At->second;
  }
  InputContent Content = InputContent::at(FullPath);
  std::lock_guard<std::mutex> Guard(Lock);
  // All TUs of a run should see one state of a file.
  return Known.try_emplace(FullPath, Content).first->second;
}

std::unique_ptr<TUFacts> FactsStore::load(StringRef Key, StringRef File) {
  auto Buffer = MemoryBuffer::getFile(path(Key), /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return nullptr;
  Expected<StoredFacts> Stored = deserialise((*Buffer)->getBuffer());
  if (!Stored) {
    consumeError(Stored.takeError());
    return nullptr;
  }
  if (Stored->Key != Key)
    return nullptr;
  bool HasFile = false;
  for (const Input &I : Stored->Inputs) {
    bool IsFile = I.FullPath == File;
    HasFile |= IsFile;
    if (!I.Content.holds(IsFile ? InputContent::at(File) : current(I.FullPath)))
      return nullptr;
  }
  return HasFile ? std::move(Stored->Facts) : nullptr;
}

void FactsStore::save(StringRef Key, ArrayRef<Input> Inputs,
                      const TUFacts &Facts) {
  std::string Path = path(Key);
  std::string Bytes = serialise(Key, Inputs, Facts);
  Error E = errorCodeToError(
      sys::fs::create_directories(sys::path::parent_path(Path)));
  if (!E)
    E = writeToOutput(Path, [&](raw_ostream &OS) {
      OS << Bytes;
      return Error::success();
    });
  if (!E)
    return;
  std::string Why = toString(std::move(E));
  std::lock_guard<std::mutex> Guard(Lock);
  if (Problem.empty())
    Problem = "the store " + Directory + " cannot be written: " + Why;
}

std::string FactsStore::problem() const {
  std::lock_guard<std::mutex> Guard(Lock);
  return Problem;
}

} // namespace devlife
