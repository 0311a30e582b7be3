//===- Report.cpp - What a run found and what it looked at ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <numeric>

using namespace llvm;

namespace devlife {

namespace {

bool samePlace(const Place &A, const Place &B) {
  return A.FullPath == B.FullPath && A.File == B.File && A.Line == B.Line &&
         A.Column == B.Column && A.Function == B.Function;
}

/// The same words about the same code, out of two modules.
bool isTwin(const Finding &A, const Finding &B) {
  return A.Module != B.Module && A.Check == B.Check && A.Message == B.Message &&
         A.Certainty == B.Certainty && A.Level == B.Level &&
         A.Identity == B.Identity && A.Edits == B.Edits &&
         samePlace(A.At, B.At);
}

} // namespace

std::vector<ReportedFinding> arrangeFindings(std::vector<Finding> Findings) {
  // What operator<() calls equal keeps the order of the modules.
  std::vector<size_t> Order(Findings.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::sort(Order, [&](size_t A, size_t B) {
    if (Findings[A] < Findings[B])
      return true;
    return !(Findings[B] < Findings[A]) && A < B;
  });

  std::vector<ReportedFinding> Result;
  for (size_t Index : Order) {
    Finding &F = Findings[Index];
    // Twins are neighbours, up to others that differ in what isTwin() asks.
    auto Twin = Result.rbegin();
    while (Twin != Result.rend() && samePlace(Twin->Item.At, F.At) &&
           !isTwin(Twin->Item, F))
      ++Twin;
    if (Twin == Result.rend() || !isTwin(Twin->Item, F))
      Result.push_back({std::move(F), {}, ""});
    else if (!is_contained(Twin->AlsoIn, F.Module))
      Twin->AlsoIn.push_back(F.Module);
  }

  StringMap<unsigned> Seen;
  for (ReportedFinding &R : Result) {
    R.Fingerprint = R.Item.fingerprint();
    if (unsigned N = ++Seen[R.Fingerprint]; N > 1)
      R.Fingerprint += "-" + std::to_string(N);
  }
  return Result;
}

StringRef devlifeVersion() { return DEVLIFE_VERSION; }

} // namespace devlife
