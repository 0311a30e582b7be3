//===- Finding.h - A breach of the law, as plain data ---------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What checks yield and reports print. A finding owns its strings, so that it
// outlives the facts of its module.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_FINDING_H
#define DEVLIFE_CHECKS_FINDING_H

#include "support/Place.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <string>
#include <vector>

namespace devlife {

enum class Confidence { High, Medium };

/// Bug: an order of events exists that breaks. Hazard: it works today by an
/// accident of the API.
enum class Severity { Bug, Hazard };

llvm::StringRef toString(Confidence Value);
llvm::StringRef toString(Severity Value);

/// One of the intervals that clash. An end without a valid place is not in
/// the source: devres releases after remove() has returned.
struct Interval {
  enum KindTy { Window, Lifetime } Kind;
  std::string What; ///< "IRQ handler 'y_isr'", "'y_priv.ring'".
  Note Begin, End;
};

/// Replaces the bytes [Begin, End) of a file.
struct Edit {
  std::string File;     ///< Relative to the tree's root.
  std::string FullPath; ///< Absolute.
  unsigned Begin = 0, End = 0;
  std::string Text;

  bool operator<(const Edit &O) const;
  bool operator==(const Edit &O) const;
};

struct Finding {
  std::string Check; ///< As clang-tidy prints it: "devlife-legacy-msi".
  Confidence Certainty = Confidence::High;
  Severity Level = Severity::Hazard;
  std::string Message; ///< One sentence, lower case, no full stop.
  Place At;
  std::string Module;      ///< KBUILD_MODNAME.
  std::string Driver;      ///< The driver table, or "".
  std::vector<Note> Notes; ///< In execution order.
  std::vector<Interval> Intervals;
  std::vector<Edit> Edits; ///< Disjoint; empty when there is no repair.
  std::string Identity; ///< What stays when lines move; input of fingerprint().

  /// 16 hex digits over check, file, function and Identity: stable under
  /// edits elsewhere, no line numbers in it.
  std::string fingerprint() const;
};

/// As messages name things: 'kfree'.
inline std::string quoted(llvm::StringRef Text) {
  return ("'" + llvm::Twine(Text) + "'").str();
}

/// Orders by file, line, column, check, message: the order of all output.
bool operator<(const Finding &A, const Finding &B);

} // namespace devlife

#endif // DEVLIFE_CHECKS_FINDING_H
