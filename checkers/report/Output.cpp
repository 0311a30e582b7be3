//===- Output.cpp - Files that are written whole or not at all ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Output.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace devlife {

static Error fileError(StringRef Path, std::error_code EC) {
  return createStringError(EC, Path + ": " + EC.message());
}

/// The error is that of the first failed write.
static std::error_code writeAll(raw_fd_ostream &OS, StringRef Contents) {
  OS << Contents;
  OS.flush();
  std::error_code EC = OS.error();
  OS.clear_error();
  return EC;
}

PendingFile::PendingFile(StringRef Path, sys::fs::TempFile Temp)
    : Path(Path), Temp(std::move(Temp)) {}

PendingFile::~PendingFile() {
  if (Temp)
    consumeError(Temp->discard());
}

Expected<PendingFile> PendingFile::create(StringRef Path, StringRef Contents) {
  SmallString<256> Target(Path);
  sys::fs::file_status Status;
  bool Exists = !sys::fs::status(Path, Status);
  if (Exists)
    if (std::error_code EC = sys::fs::real_path(Path, Target))
      return fileError(Path, EC);

  auto Temp = sys::fs::TempFile::create(Target + ".%%%%%%");
  if (!Temp)
    return fileError(Path, errorToErrorCode(Temp.takeError()));
  PendingFile Result(Target, std::move(*Temp));
  int FD = Result.Temp->FD;
  if (Exists) {
    // Only root can give a file away; for others the mode is what matters.
    (void)sys::fs::changeFileOwnership(FD, Status.getUser(), Status.getGroup());
    if (std::error_code EC = sys::fs::setPermissions(FD, Status.permissions()))
      return fileError(Path, EC);
  }
  raw_fd_ostream OS(FD, /*shouldClose=*/false);
  if (std::error_code EC = writeAll(OS, Contents))
    return fileError(Path, EC);
  return Result;
}

Error PendingFile::commit() {
  sys::fs::TempFile File = std::move(*Temp);
  Temp.reset();
  if (Error E = File.keep(Path))
    return fileError(Path, errorToErrorCode(std::move(E)));
  return Error::success();
}

/// A pipe, a device and the like have no place to put a new file into.
static bool isSpecial(StringRef Path) {
  sys::fs::file_status Status;
  return !sys::fs::status(Path, Status) && !sys::fs::is_regular_file(Status) &&
         !sys::fs::is_directory(Status);
}

Error writeOutput(StringRef Path, StringRef Contents) {
  if (Path == "-") {
    std::error_code EC = writeAll(outs(), Contents);
    return EC ? fileError("standard output", EC) : Error::success();
  }
  if (isSpecial(Path)) {
    std::error_code EC;
    raw_fd_ostream OS(Path, EC);
    if (!EC)
      EC = writeAll(OS, Contents);
    return EC ? fileError(Path, EC) : Error::success();
  }
  if (Error E = checkOutput(Path))
    return E;
  auto File = PendingFile::create(Path, Contents);
  return File ? File->commit() : File.takeError();
}

Error checkOutput(StringRef Path) {
  if (Path == "-" || isSpecial(Path))
    return Error::success();
  if (Path.empty() || sys::fs::is_directory(Path))
    return fileError(Path, std::make_error_code(std::errc::is_a_directory));
  SmallString<256> Folder(Path);
  if (!sys::fs::real_path(Path, Folder))
    if (std::error_code EC = sys::fs::access(Path, sys::fs::AccessMode::Write))
      return fileError(Path, EC);
  sys::path::remove_filename(Folder);
  if (Folder.empty())
    Folder = ".";
  if (std::error_code EC = sys::fs::access(Folder, sys::fs::AccessMode::Write))
    return fileError(Path, EC);
  return Error::success();
}

} // namespace devlife
