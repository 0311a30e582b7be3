//===- Statements.h - Statements as text that can be moved ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the repairs of the lifetime checks have in common: they move, insert
// and extend statements that stand in a block, on lines of their own. What
// does not is left alone.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_STATEMENTS_H
#define DEVLIFE_CHECKS_STATEMENTS_H

#include "checks/Finding.h"
#include "module/Module.h"
#include "support/SourceTexts.h"
#include <optional>

namespace devlife {

/// Widens [Begin, End) to whole lines when nothing else stands on them, takes
/// a comment along that was for it alone, and leaves no two blank lines.
void widenToLines(StringRef File, uint32_t &Begin, uint32_t &End,
                  bool WithComment);

/// A statement that stands in a block.
struct Statement {
  int Block = -1; ///< Its compound statement, a node of the skeleton.
  Extent Text;    ///< With its semicolon.
};

/// The statements of one function.
class Statements {
public:
  Statements(FunctionRef In, SourceTexts &Texts);

  const FunctionRef In;
  const FunctionFacts &F;
  StringRef File; ///< The text of the file that holds the function's body.

  StringRef text(Extent Where) const {
    return File.slice(Where.Begin, Where.End);
  }
  /// The call, or assignment, that \p At lies in, if it is a statement in a
  /// block and on lines of its own. Also one that a macro expands to.
  std::optional<Statement> find(Loc At) const;
  /// Likewise, the one that is nothing but \p Call.
  std::optional<Statement> find(const CallFacts &Call) const;
  /// The statement of \p Block that holds \p Offset.
  std::optional<Statement> enclosing(int Block, uint32_t Offset) const;
  /// The statements and labels of \p Block that begin in [Begin, End), in
  /// order; nothing when there is one that no text spells.
  std::optional<std::vector<int>> between(int Block, uint32_t Begin,
                                          uint32_t End) const;
  /// The innermost block around \p Offset, or -1.
  int blockAt(uint32_t Offset) const;
  /// Whether \p Node stands in a loop.
  bool isInLoop(int Node) const;
  /// Whether the compiler has seen all lines of [Begin, End).
  bool isCompiled(uint32_t Begin, uint32_t End) const;

  /// Whether \p Node is a call and nothing else.
  bool isCall(const StmtNode &Node) const;

  StringRef indent(uint32_t Offset) const;
  /// What was read of an argument; "" when a macro hides it.
  StringRef argument(const CallFacts &Call, ArgRef Arg) const;
  /// The variables that \p Where names.
  std::vector<const VarFacts *> variables(Extent Where) const;
  /// Whether \p V can change in [Begin, End): it is assigned to, or its
  /// address is taken.
  bool mayChange(const VarFacts &V, uint32_t Begin, uint32_t End) const;

  Edit replace(Extent Where, std::string Text) const;
  Edit insert(uint32_t At, std::string Text) const;
  /// \p Text, lines without indentation, as lines behind those of \p Where.
  Edit after(Extent Where, StringRef Text) const;
  /// \p Edits as one, so that those of another finding that move the same lines
  /// elsewhere clash with it.
  std::vector<Edit> asOne(std::vector<Edit> Edits) const;
  /// Moves the lines of \p What before, or behind, those of \p Where.
  void moveBefore(Extent What, Extent Where, std::vector<Edit> &Out) const;
  void moveAfter(Extent What, Extent Where, std::vector<Edit> &Out) const;

private:
  bool isAlone(Extent Where) const;
  size_t lineBegin(uint32_t At) const { return File.rfind('\n', At) + 1; }
  size_t lineEnd(uint32_t At) const;
  uint32_t above(uint32_t At) const;
  std::string cut(Extent What, std::vector<Edit> &Out) const;
};

/// The edits of one finding: sorted; what goes to one place is one edit.
std::vector<Edit> joined(std::vector<Edit> Edits);

} // namespace devlife

#endif // DEVLIFE_CHECKS_STATEMENTS_H
