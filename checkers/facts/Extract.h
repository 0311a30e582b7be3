//===- Extract.h - From Clang's AST to facts ------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_FACTS_EXTRACT_H
#define DEVLIFE_FACTS_EXTRACT_H

#include "facts/Facts.h"
#include "facts/Inputs.h"

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace devlife {

struct ExtractOptions {
  /// Function names whose declaration in a header the rules ask about.
  std::vector<std::string> Probes;
  /// Fields, as "record.field", whose reads repairs may want to rewrite.
  std::vector<std::string> Fields;
  /// Table fields, as "record.path", whose number the rules ask about.
  std::vector<std::string> Numbers;
  /// Absolute path of the source tree; "" leaves paths as they are given.
  std::string TreeRoot;
};

/// True for the kernel's own headers (include/, arch/*/include/ and their
/// generated twins): their inline bodies say nothing about a driver, and
/// skipping them is two thirds of a TU's cost.
bool isKernelHeader(StringRef Path, StringRef TreeRoot = "");

/// The facts of a parsed TU. \p PP may be null; it tells the module name and
/// the kernel version.
std::unique_ptr<TUFacts> extractFacts(clang::ASTContext &Context,
                                      const clang::Preprocessor *PP,
                                      const ExtractOptions &Options);

/// Parses \p File with \p Arguments (argv without the compiler, as kbuild
/// spells it) in \p Directory and extracts its facts. Never fails: a TU that
/// does not parse says so in TUFacts::NumErrors and FirstError. \p Inputs,
/// unless null, receives what the outcome depends on beside the parameters.
std::unique_ptr<TUFacts> parseFacts(StringRef Directory, StringRef File,
                                    llvm::ArrayRef<std::string> Arguments,
                                    const ExtractOptions &Options,
                                    std::vector<Input> *Inputs = nullptr);

/// Of the sources of facts/: tells builds apart that may extract other facts.
StringRef extractorDigest();

} // namespace devlife

#endif // DEVLIFE_FACTS_EXTRACT_H
