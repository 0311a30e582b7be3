//===- Repair.h - Edits that leave working code ---------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plans a repair over the syntax skeleton of the facts and follows what it
// drags along:
//
//   a dropped statement -> its line, and a comment that was for it alone
//   an empty body       -> the `if` around it, when its condition only reads;
//                          the condition is inverted when there is an `else`
//   an empty label      -> its gotos go to the next label, or become the return
//                          that they led to
//   an empty function   -> its calls, its prototypes and itself
//   an unused variable  -> its declaration, and what is only stored to it
//
// A step that cannot be made without a person's judgement makes the whole
// repair fail: half a repair is worse than none.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_REPAIR_H
#define DEVLIFE_CHECKS_REPAIR_H

#include "checks/Finding.h"
#include "module/Module.h"
#include "support/SourceTexts.h"
#include <set>

namespace devlife {

class Repair {
public:
  Repair(const Module &M, SourceTexts &Texts) : M(M), Texts(Texts) {}

  /// Turns the call into its successor, with the test of its result.
  bool become(const CallRef &Call, const Successor &To);
  /// Removes the call's statement.
  bool drop(const CallRef &Call);
  /// Replaces the read of a field by \p Template, where "base" stands for the
  /// record's address.
  bool rewriteRead(FunctionRef In, const FieldRead &Read, StringRef Template);

  /// The edits, sorted and disjoint; nothing when a step has failed.
  std::vector<Edit> finish();
  /// Why the repair failed, for a note; "" when it did not.
  StringRef problem() const { return Problem; }

private:
  struct Plan {
    FunctionRef In;
    std::set<int> Dropped;            ///< Nodes of the skeleton.
    std::set<int> Inverted;           ///< `if`s whose first branch is gone.
    std::map<int, std::string> Gotos; ///< New text of a goto.
    bool Removed = false;             ///< The whole function goes.
    std::vector<Edit> Extra;          ///< Besides what is dropped.
  };

  bool fail(const CallRef &Call, const llvm::Twine &Why);
  Plan &plan(FunctionRef F);
  const StmtNode &node(const Plan &P, int N) const {
    return P.In.F->Skeleton[N];
  }
  bool alive(const Plan &P, int N) const;
  std::vector<int> children(const Plan &P, int Parent) const;
  bool dropNode(Plan &P, int N);
  bool emptied(Plan &P, int Parent);
  bool conditionIsFree(const Plan &P, int N) const;
  int nextSibling(const Plan &P, int N) const;
  bool isAssignedCall(const Plan &P, const CallRef &Call, int &Var) const;
  bool testsOnly(const FunctionFacts &F, ExprId Condition, int Var) const;

  bool settle();
  bool seesAll();
  bool settleLabels(Plan &P);
  bool settleEmpty(Plan &P);
  bool isNamedUnseen(FunctionRef F);
  bool settleVariables(Plan &P);
  bool dropAssignment(Plan &P, uint32_t Offset);
  bool dropDeclarator(Plan &P, const VarFacts &V, int Decl);

  bool adaptTest(const CallRef &Call, Plan &P);
  bool readBeforeStore(const FunctionFacts &F, const CallRef &Call,
                       int Var) const;
  void alignContinuation(const CallRef &Call, int Delta,
                         std::vector<Edit> &Out);
  bool isLastOfCase(const Plan &P, int N) const;
  void dropBraces(const Plan &P, std::vector<Edit> &Out);
  void emitDropped(const Plan &P, std::vector<Edit> &Out);
  Edit edit(const TUFacts &TU, Extent Where, std::string Text) const;
  StringRef text(const TUFacts &TU, Extent Where);

  const Module &M;
  SourceTexts &Texts;
  std::map<const FunctionFacts *, Plan> Plans;
  std::vector<const FunctionFacts *> Order; ///< Of Plans, as they were made.
  std::vector<CallRef> Touched; ///< Calls that become or drop was asked for.
  std::string Problem;
};

} // namespace devlife

#endif // DEVLIFE_CHECKS_REPAIR_H
