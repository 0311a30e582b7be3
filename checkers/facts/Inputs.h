//===- Inputs.h - What a parse read, and what it did not find -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The outcome of a parse depends on the files that it reads, and on those that
// it looks for in vain: a header that appears in an earlier include folder
// hides the one that was read. The inputs of a TU are all paths that Clang
// asked for, with what it got.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_FACTS_INPUTS_H
#define DEVLIFE_FACTS_INPUTS_H

#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/xxhash.h"
#include <string>
#include <vector>

namespace devlife {

enum class InputState : uint8_t {
  Missing, ///< Not there, or not readable.
  Present, ///< A folder, or a file whose content nobody asked for.
  Read,    ///< A file with this content.
};

/// What is at a path. Size and Hash are 0 unless the file was read.
struct InputContent {
  InputState State = InputState::Missing;
  uint64_t Size = 0;
  llvm::XXH128_hash_t Hash = {0, 0};

  static InputContent of(llvm::StringRef Text) {
    return {InputState::Read, Text.size(),
            llvm::xxh3_128bits(llvm::arrayRefFromStringRef(Text))};
  }
  /// What a parse would get for \p FullPath now.
  static InputContent at(llvm::StringRef FullPath);

  /// Whether a parse that got this gets the same from \p Now.
  bool holds(const InputContent &Now) const {
    if (State != InputState::Read)
      return (State == InputState::Missing) ==
             (Now.State == InputState::Missing);
    return Now.State == State && Size == Now.Size && Hash == Now.Hash;
  }
};

struct Input {
  std::string FullPath; ///< Absolute; "." and ".." and links stay.
  InputContent Content;
};

/// The files of the disk; notes what is asked of them. The hash is that of the
/// bytes that the reader gets, not of what is there later. For one thread.
class RecordingFileSystem : public llvm::vfs::ProxyFileSystem {
public:
  explicit RecordingFileSystem(
      llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Below)
      : ProxyFileSystem(std::move(Below)) {}

  /// By path.
  std::vector<Input> inputs() const;

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override;
  bool exists(const llvm::Twine &Path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override;

private:
  void note(const llvm::Twine &Path, InputContent Content);

  llvm::StringMap<InputContent> Seen;
};

} // namespace devlife

#endif // DEVLIFE_FACTS_INPUTS_H
