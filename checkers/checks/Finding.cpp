//===- Finding.cpp - A breach of the law, as plain data -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Finding.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <tuple>

namespace devlife {

llvm::StringRef toString(Confidence Value) {
  return Value == Confidence::High ? "high" : "medium";
}

llvm::StringRef toString(Severity Value) {
  return Value == Severity::Bug ? "bug" : "hazard";
}

bool Edit::operator<(const Edit &O) const {
  return std::tie(File, FullPath, Begin, End, Text) <
         std::tie(O.File, O.FullPath, O.Begin, O.End, O.Text);
}

bool Edit::operator==(const Edit &O) const {
  return std::tie(FullPath, Begin, End, Text) ==
         std::tie(O.FullPath, O.Begin, O.End, O.Text);
}

std::string Finding::fingerprint() const {
  std::string Key =
      Check + '\0' + At.File + '\0' + At.Function + '\0' + Identity;
  return llvm::utohexstr(llvm::xxh3_64bits(Key), /*LowerCase=*/true,
                         /*Width=*/16);
}

bool operator<(const Finding &A, const Finding &B) {
  return std::tie(A.At.File, A.At.Line, A.At.Column, A.Check, A.Message,
                  A.Driver, A.Module) < std::tie(B.At.File, B.At.Line,
                                                 B.At.Column, B.Check,
                                                 B.Message, B.Driver, B.Module);
}

} // namespace devlife
