//===- RepairStale.cpp - Clear what is left behind ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pointer in a global is cleared where what it points to is released, when
// that names the global and nothing else.
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Statements.h"

namespace devlife {

void repairStale(const Timelines &T, const Clash &C, Finding &F) {
  StringRef Name = C.Global;
  // A field of a record, or a list, has another spelling.
  if (!C.R.Released || C.R.Index.isKnown() || !Name.consume_front("::") ||
      Name.contains('.') || Name.contains('['))
    return;
  SourceTexts Texts;
  std::vector<Edit> Edits;
  for (FunctionRef In : T.Touch.calledFrom(C.Failing)) {
    Statements Code(In, Texts);
    for (const CallFacts &Call : In.F->Calls) {
      const CallRule *Rule = T.M.kernelRule({In, &Call});
      if (!Rule)
        continue;
      for (const Effect &E : Rule->Effects) {
        if (E.Kind != EffectKind::Release || E.What != C.R.What ||
            Code.argument(Call, E.Object) != Name)
          continue;
        std::optional<Statement> S = Code.find(Call);
        // A local variable may have the same name.
        if (!S || !Code.variables(S->Text).empty())
          return;
        if (Code.File.drop_front(S->Text.End)
                .ltrim()
                .starts_with((Name + " = NULL;").str()))
          continue;
        Edits.push_back(Code.after(S->Text, (Name + " = NULL;").str()));
      }
    }
  }
  bool IsThere = llvm::any_of(Edits, [&](const Edit &E) {
    return E.FullPath ==
           C.R.Released.In.TU->file(C.R.Released.Call->At).FullPath;
  });
  if (IsThere)
    F.Edits = joined(std::move(Edits));
}

} // namespace devlife
