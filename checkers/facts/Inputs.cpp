//===- Inputs.cpp - What a parse read, and what it did not find -----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Inputs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace devlife {

InputContent InputContent::at(StringRef FullPath) {
  sys::fs::file_status Status;
  if (sys::fs::status(FullPath, Status))
    return {};
  if (Status.type() != sys::fs::file_type::regular_file)
    return {InputState::Present};
  auto Buffer = MemoryBuffer::getFile(FullPath, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  return Buffer ? of((*Buffer)->getBuffer()) : InputContent();
}

namespace {

/// A file that was read when it was opened.
class ReadFile : public vfs::File {
public:
  ReadFile(std::unique_ptr<vfs::File> Below,
           std::unique_ptr<MemoryBuffer> Content)
      : Below(std::move(Below)), Content(std::move(Content)) {}

  ErrorOr<vfs::Status> status() override { return Below->status(); }
  ErrorOr<std::string> getName() override { return Below->getName(); }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name,
                                                   int64_t FileSize,
                                                   bool RequiresNullTerminator,
                                                   bool IsVolatile) override {
    if (Content)
      return std::move(Content);
    return Below->getBuffer(Name, FileSize, RequiresNullTerminator, IsVolatile);
  }
  std::error_code close() override { return Below->close(); }

private:
  std::unique_ptr<vfs::File> Below;
  std::unique_ptr<MemoryBuffer> Content;
};

} // namespace

void RecordingFileSystem::note(const Twine &Path, InputContent Content) {
  SmallString<256> FullPath;
  Path.toVector(FullPath);
  if (makeAbsolute(FullPath))
    return;
  // A file is asked for, then read.
  auto [At, New] = Seen.try_emplace(FullPath, Content);
  if (!New && Content.State > At->second.State)
    At->second = Content;
}

ErrorOr<vfs::Status> RecordingFileSystem::status(const Twine &Path) {
  ErrorOr<vfs::Status> Result = ProxyFileSystem::status(Path);
  note(Path, {Result ? InputState::Present : InputState::Missing});
  return Result;
}

bool RecordingFileSystem::exists(const Twine &Path) {
  bool Result = ProxyFileSystem::exists(Path);
  note(Path, {Result ? InputState::Present : InputState::Missing});
  return Result;
}

ErrorOr<std::unique_ptr<vfs::File>>
RecordingFileSystem::openFileForRead(const Twine &Path) {
  auto File = ProxyFileSystem::openFileForRead(Path);
  if (!File) {
    note(Path, {InputState::Missing});
    return File;
  }
  ErrorOr<vfs::Status> Status = (*File)->status();
  if (!Status || !Status->isRegularFile()) {
    note(Path, {InputState::Present});
    return File;
  }
  auto Content = (*File)->getBuffer(Path, Status->getSize());
  if (!Content)
    return Content.getError();
  note(Path, InputContent::of((*Content)->getBuffer()));
  return std::make_unique<ReadFile>(std::move(*File), std::move(*Content));
}

std::vector<Input> RecordingFileSystem::inputs() const {
  std::vector<Input> Result;
  Result.reserve(Seen.size());
  for (const auto &At : Seen)
    Result.push_back({At.getKey().str(), At.getValue()});
  llvm::sort(Result, [](const Input &A, const Input &B) {
    return A.FullPath < B.FullPath;
  });
  return Result;
}

} // namespace devlife
