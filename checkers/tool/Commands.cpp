//===- Commands.cpp - The commands that only look things up -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Commands.h"
#include "checks/Check.h"
#include "report/Output.h"
#include "support/Embedded.h"
#include "tool/Failure.h"
#include "tool/RulesCommand.h"

using namespace llvm;

namespace devlife {

static int print(StringRef Text) {
  if (Error E = writeOutput("-", Text))
    return reportError(std::move(E));
  return ExitClean;
}

int listChecks() {
  size_t Width = 0;
  for (const CheckInfo &C : allChecks())
    Width = std::max(Width, C.Name.size());
  std::string Text;
  raw_string_ostream OS(Text);
  for (const CheckInfo &C : allChecks())
    OS << left_justify(C.Name, Width) << "  "
       << left_justify(toString(C.Certainty), 6) << "  " << C.Summary << '\n';
  return print(Text);
}

/// The page of exactly that name, or null.
static const EmbeddedFile *findPage(StringRef Name) {
  for (const EmbeddedFile &Page : embeddedPages())
    if (Page.Name == (Name + ".md").str())
      return &Page;
  return nullptr;
}

int explainCheck(StringRef Name) {
  const EmbeddedFile *Page = findPage(Name);
  if (!Page)
    Page = findPage(("devlife-" + Name).str());
  if (Page)
    return print(Page->Text);

  StringRef Nearest;
  unsigned Least = ~0u;
  for (const CheckInfo &C : allChecks()) {
    StringRef Short = C.Name;
    Short.consume_front("devlife-");
    unsigned Distance =
        std::min(Name.edit_distance(C.Name), Name.edit_distance(Short));
    if (Distance < Least) {
      Least = Distance;
      Nearest = C.Name;
    }
  }
  return reportError(
      usageError(Nearest.empty() ? "no check is called '" + Name + "'"
                                 : "no check is called '" + Name +
                                       "'; the nearest is '" + Nearest + "'"));
}

int showRules(StringRef Directory, bool Check) {
  std::string Text;
  raw_string_ostream OS(Text);
  int Code = rulesMain(Directory, Check, OS);
  if (Code == ExitClean)
    return print(Text);
  errorLine() << Text;
  return Code;
}

} // namespace devlife
