//===- Skeleton.cpp - Where statements begin, end and nest ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Lower.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace devlife {

namespace {

class SkeletonBuilder {
public:
  explicit SkeletonBuilder(Lowering &Lower) : Lower(Lower), F(Lower.F) {}

  void visit(const Stmt *S, int32_t Parent);

private:
  int32_t add(StmtKind Kind, int32_t Parent, Extent Text) {
    StmtNode Node;
    Node.Kind = Kind;
    Node.Parent = Parent;
    Node.Text = Text;
    F.Skeleton.push_back(Node);
    return F.Skeleton.size() - 1;
  }
  void calls(const Stmt *S, int32_t Node);
  void condition(const clang::Expr *Condition, int32_t Node);

  Lowering &Lower;
  FunctionFacts &F;
};

} // namespace

/// Notes that the calls below \p S stand in \p Node.
void SkeletonBuilder::calls(const Stmt *S, int32_t Node) {
  if (!S)
    return;
  if (const auto *Call = dyn_cast<CallExpr>(S))
    if (auto It = Lower.CallIndex.find(Call); It != Lower.CallIndex.end())
      F.Calls[It->second].Stmt = Node;
  for (const Stmt *Child : S->children())
    calls(Child, Node);
}

void SkeletonBuilder::condition(const clang::Expr *Condition, int32_t Node) {
  if (!Condition)
    return;
  F.Skeleton[Node].Head = Lower.Names.extent(Condition->getSourceRange());
  F.Skeleton[Node].Value = Lower.lower(Condition);
  calls(Condition, Node);
}

void SkeletonBuilder::visit(const Stmt *S, int32_t Parent) {
  if (!S)
    return;
  Naming &Names = Lower.Names;
  if (const auto *Compound = dyn_cast<CompoundStmt>(S)) {
    int32_t Node =
        add(StmtKind::Compound, Parent, Names.extent(S->getSourceRange()));
    for (const Stmt *Child : Compound->body())
      visit(Child, Node);
    return;
  }
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    int32_t Node =
        add(StmtKind::If, Parent, Names.statement(S->getSourceRange()));
    condition(If->getCond(), Node);
    visit(If->getThen(), Node);
    if (const Stmt *Else = If->getElse()) {
      Extent Text = Names.statement({If->getElseLoc(), Else->getEndLoc()});
      visit(Else, add(StmtKind::Else, Node, Text));
    }
    return;
  }
  if (const auto *Label = dyn_cast<LabelStmt>(S)) {
    Extent Text = Names.extent(Label->getIdentLoc());
    int32_t Node = add(StmtKind::Label, Parent, Text);
    F.Skeleton[Node].Name = Names.Facts.save(Label->getName());
    visit(Label->getSubStmt(), Parent);
    return;
  }
  if (const auto *Case = dyn_cast<SwitchCase>(S)) {
    add(StmtKind::Case, Parent,
        Names.extent({Case->getBeginLoc(), Case->getColonLoc()}));
    visit(Case->getSubStmt(), Parent);
    return;
  }
  if (const auto *Goto = dyn_cast<GotoStmt>(S)) {
    int32_t Node =
        add(StmtKind::Goto, Parent, Names.statement(S->getSourceRange()));
    F.Skeleton[Node].Name = Names.Facts.save(Goto->getLabel()->getName());
    return;
  }
  if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    int32_t Node =
        add(StmtKind::Return, Parent, Names.statement(S->getSourceRange()));
    condition(Return->getRetValue(), Node);
    return;
  }
  if (isa<WhileStmt, ForStmt, DoStmt>(S)) {
    int32_t Node =
        add(StmtKind::Loop, Parent, Names.statement(S->getSourceRange()));
    const Stmt *Body;
    if (const auto *While = dyn_cast<WhileStmt>(S)) {
      condition(While->getCond(), Node);
      Body = While->getBody();
    } else if (const auto *Do = dyn_cast<DoStmt>(S)) {
      condition(Do->getCond(), Node);
      Body = Do->getBody();
    } else {
      const auto *For = cast<ForStmt>(S);
      condition(For->getCond(), Node);
      calls(For->getInit(), Node);
      calls(For->getInc(), Node);
      Body = For->getBody();
    }
    visit(Body, Node);
    return;
  }
  if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
    int32_t Node =
        add(StmtKind::Switch, Parent, Names.statement(S->getSourceRange()));
    condition(Switch->getCond(), Node);
    visit(Switch->getBody(), Node);
    return;
  }
  StmtKind Kind = isa<clang::Expr>(S) ? StmtKind::Expr
                  : isa<DeclStmt>(S)  ? StmtKind::Decl
                                      : StmtKind::Other;
  calls(S, add(Kind, Parent, Names.statement(S->getSourceRange())));
}

void buildSkeleton(Lowering &Lower, const Stmt *Body) {
  SkeletonBuilder(Lower).visit(Body, -1);
}

} // namespace devlife
