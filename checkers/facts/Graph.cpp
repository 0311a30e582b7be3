//===- Graph.cpp - Events in control-flow order ---------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns clang::CFG into blocks of events. Blocks are numbered in reverse post
// order, loop bodies before what follows the loop, so that a data flow that
// takes the lowest pending block first has seen the whole loop when it leaves
// it; what cannot be reached is left out.
//
//===----------------------------------------------------------------------===//

#include "facts/Lower.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace devlife {

namespace {

/// Finds what the events alone do not tell: which member accesses are not
/// reads, and which functions and globals are named without being called.
class Prepass : public RecursiveASTVisitor<Prepass> {
public:
  Prepass(Lowering &Lower, const llvm::StringSet<> &Fields)
      : Lower(Lower), Fields(Fields) {}

  bool isRead(const clang::Expr *E) const { return !NotRead.contains(E); }

  bool VisitUnaryOperator(UnaryOperator *Unary) {
    if (Unary->getOpcode() == UO_AddrOf)
      NotRead.insert(Unary->getSubExpr()->IgnoreParens());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Binary) {
    if (Binary->getOpcode() != BO_Assign)
      return true;
    NotRead.insert(Binary->getLHS()->IgnoreParens());
    if (const auto *Ref =
            dyn_cast<DeclRefExpr>(Binary->getLHS()->IgnoreParens()))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        if (!Var->hasGlobalStorage())
          Lower.F.Vars[Lower.var(Var)].Writes.push_back(
              Lower.Names.loc(Ref->getLocation()).Offset);
    return true;
  }
  bool VisitMemberExpr(MemberExpr *Member) {
    // Of p->a.b only the whole is one access. Parents are visited first.
    if (!Member->isArrow())
      NotRead.insert(Member->getBase()->IgnoreParens());
    anchor(Member);
    return true;
  }
  bool VisitImplicitCastExpr(ImplicitCastExpr *Cast) {
    if (Cast->getCastKind() == CK_ArrayToPointerDecay)
      NotRead.insert(Cast->getSubExpr()->IgnoreParens());
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    if (Call->getDirectCallee())
      Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    const ValueDecl *Decl = Ref->getDecl();
    const auto *Var = dyn_cast<VarDecl>(Decl);
    if (Var && !Var->hasGlobalStorage())
      Lower.F.Vars[Lower.var(Var)].Uses.push_back(
          Lower.Names.loc(Ref->getLocation()).Offset);
    bool IsFunction = isa<FunctionDecl>(Decl) && !Callees.contains(Ref);
    if (!IsFunction && !(Var && Var->hasGlobalStorage()))
      return true;
    if (Seen.insert(Decl).second)
      Lower.F.References.emplace_back(Lower.Names.Facts.save(Decl->getName()),
                                      Lower.Names.loc(Ref->getLocation()));
    return true;
  }

private:
  void anchor(const MemberExpr *Member) {
    StringRef Record = Lower.Names.record(Member->getBase()->getType());
    if (!Fields.contains(
            (Record + "." + Member->getMemberDecl()->getName()).str()))
      return;
    FieldRead Read;
    Read.Whole = Lower.Names.extent(Member->getSourceRange());
    Read.Base = Lower.Names.extent(Member->getBase()->getSourceRange());
    if (!isRead(Member) || !Read.Whole.isValid() || !Read.Base.isValid())
      return;
    Read.Member = Lower.lower(Member);
    Lower.F.FieldReads.push_back(Read);
  }

  Lowering &Lower;
  const llvm::StringSet<> &Fields;
  llvm::DenseSet<const clang::Expr *> NotRead, Callees;
  llvm::DenseSet<const ValueDecl *> Seen;
};

class GraphBuilder {
public:
  GraphBuilder(Lowering &Lower, const Prepass &Reads)
      : Lower(Lower), F(Lower.F), Reads(Reads) {}

  void build(const CFG &Graph);

private:
  void element(const CFGElement &Element);
  void statement(const Stmt *S);
  void initialise(ExprId Target, const clang::Expr *Init, Loc At);
  void event(EventKind Kind, int32_t Index, ExprId Target, ExprId Value,
             Loc At) {
    F.Events.push_back({Kind, Index, Target, Value, At});
  }
  ExprId varExpr(const VarDecl *Decl);

  Lowering &Lower;
  FunctionFacts &F;
  const Prepass &Reads;
};

} // namespace

ExprId GraphBuilder::varExpr(const VarDecl *Decl) {
  devlife::Expr Node;
  Node.Kind = ExprKind::Var;
  Node.Name = Lower.Names.Facts.save(Decl->getName());
  Node.Index = Lower.var(Decl);
  Node.Record = Lower.Names.record(Decl->getType());
  Node.IsPointer = Decl->getType()->isPointerType();
  Node.IsArray = Decl->getType()->isArrayType();
  F.Exprs.push_back(Node);
  return F.Exprs.size() - 1;
}

/// `struct s x = { .a = f }` stores f to x.a.
void GraphBuilder::initialise(ExprId Target, const clang::Expr *Init, Loc At) {
  const auto *List = dyn_cast<InitListExpr>(Init->IgnoreParens());
  const auto *Record = List ? List->getType()->getAs<RecordType>() : nullptr;
  if (!Record) {
    if (!List)
      event(EventKind::Store, -1, Target, Lower.lower(Init), At);
    return;
  }
  unsigned Index = 0;
  for (const FieldDecl *Field : Record->getDecl()->fields()) {
    if (Index == List->getNumInits())
      break;
    const clang::Expr *Value = List->getInit(Index++);
    if (Record->getDecl()->isUnion() || isa<ImplicitValueInitExpr>(Value))
      continue;
    ExprId Member = Target;
    if (!Field->getName().empty()) {
      devlife::Expr Node;
      Node.Kind = ExprKind::Member;
      Node.Name = Lower.Names.Facts.save(Field->getName());
      Node.Base = Lower.Names.record(Record->getDecl());
      Node.Record = Lower.Names.record(Field->getType());
      Node.IsPointer = Field->getType()->isPointerType();
      Node.IsArray = Field->getType()->isArrayType();
      Node.Ops[0] = Target;
      F.Exprs.push_back(Node);
      Member = F.Exprs.size() - 1;
    }
    initialise(Member, Value, At);
  }
}

void GraphBuilder::statement(const Stmt *S) {
  Naming &Names = Lower.Names;
  if (const auto *Decls = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Decls->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        if (Var->hasInit() && !Var->hasGlobalStorage())
          initialise(varExpr(Var), Var->getInit(),
                     Names.loc(Var->getLocation()));
    return;
  }
  if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    event(EventKind::Return, -1, 0, Lower.lower(Return->getRetValue()),
          Names.loc(Return->getBeginLoc()));
    return;
  }
  const auto *E = dyn_cast<clang::Expr>(S);
  if (!E)
    return;
  E = E->IgnoreParens();
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    ExprId Id = Lower.lower(Call);
    if (auto It = Lower.CallIndex.find(Call); It != Lower.CallIndex.end())
      event(EventKind::Call, It->second, 0, Id, F.Calls[It->second].At);
    return;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->isAssignmentOp())
      event(EventKind::Store, -1, Lower.lower(Binary->getLHS()),
            Binary->isCompoundAssignmentOp() ? 0
                                             : Lower.lower(Binary->getRHS()),
            Names.loc(Binary->getBeginLoc()));
    return;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->isIncrementDecrementOp())
      event(EventKind::Store, -1, Lower.lower(Unary->getSubExpr()), 0,
            Names.loc(Unary->getOperatorLoc()));
    else if (Unary->getOpcode() == UO_Deref && Reads.isRead(Unary))
      event(EventKind::Use, -1, Lower.lower(Unary), 0,
            Names.loc(Unary->getOperatorLoc()));
    return;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (Reads.isRead(Member))
      event(EventKind::Use, -1, Lower.lower(Member), 0,
            Names.loc(Member->getMemberLoc()));
    return;
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E))
    if (Reads.isRead(Index))
      event(EventKind::Use, -1, Lower.lower(Index), 0,
            Names.loc(Index->getBeginLoc()));
}

void GraphBuilder::element(const CFGElement &Element) {
  if (auto Statement = Element.getAs<CFGStmt>()) {
    statement(Statement->getStmt());
  } else if (auto Cleanup = Element.getAs<CFGCleanupFunction>()) {
    Loc At = Lower.Names.loc(Cleanup->getVarDecl()->getEndLoc());
    event(EventKind::ScopeEnd, Lower.var(Cleanup->getVarDecl()), 0, 0, At);
  }
}

/// Successors are visited last to first, so that in reverse the body of a loop
/// comes before what follows the loop.
static void postOrder(const CFGBlock *Entry,
                      std::vector<const CFGBlock *> &Order) {
  llvm::DenseSet<const CFGBlock *> Seen = {Entry};
  llvm::SmallVector<std::pair<const CFGBlock *, unsigned>, 32> Stack;
  Stack.push_back({Entry, Entry->succ_size()});
  while (!Stack.empty()) {
    auto &[B, Left] = Stack.back();
    if (Left == 0) {
      Order.push_back(B);
      Stack.pop_back();
      continue;
    }
    const CFGBlock *Succ = (B->succ_begin() + --Left)->getReachableBlock();
    if (Succ && Seen.insert(Succ).second)
      Stack.push_back({Succ, Succ->succ_size()});
  }
}

void GraphBuilder::build(const CFG &Graph) {
  llvm::DenseMap<const CFGBlock *, uint32_t> Number;
  std::vector<const CFGBlock *> Order;
  const CFGBlock *Exit = &Graph.getExit();
  postOrder(&Graph.getEntry(), Order);
  llvm::erase(Order, Exit);
  std::reverse(Order.begin(), Order.end());
  Order.push_back(Exit);
  for (uint32_t I = 0; I != Order.size(); ++I)
    Number[Order[I]] = I;
  F.Blocks.resize(Order.size());
  for (uint32_t I = 0; I != Order.size(); ++I) {
    const CFGBlock *From = Order[I];
    Block &To = F.Blocks[I];
    To.FirstEvent = F.Events.size();
    for (const CFGElement &Element : *From)
      element(Element);
    To.EndEvent = F.Events.size();
    for (const CFGBlock::AdjacentBlock &Succ : From->succs())
      if (const CFGBlock *Reachable = Succ.getReachableBlock())
        if (auto It = Number.find(Reachable); It != Number.end()) {
          To.Succs.push_back(It->second);
          if (It->second <= I)
            F.Blocks[It->second].IsLoopHead = true;
        }
    To.IsSwitch = isa_and_nonnull<SwitchStmt>(From->getTerminatorStmt());
    if (To.Succs.size() == 2 && From->succ_size() == 2 && !To.IsSwitch)
      To.Condition = Lower.lower(
          dyn_cast_or_null<clang::Expr>(From->getTerminatorCondition()));
  }
}

bool lowerFunction(Naming &Names, const FunctionDecl *Decl,
                   const llvm::StringSet<> &Fields, FunctionFacts &Function) {
  Function.Name = Names.Facts.save(Decl->getName());
  Function.At = Names.loc(Decl->getLocation());
  Function.Whole = Names.extent(Decl->getSourceRange());
  Function.Body = Names.extent(Decl->getBody()->getSourceRange());
  Function.IsStatic = !Decl->isExternallyVisible();
  Function.ReturnsPointer = Decl->getReturnType()->isPointerType();
  Function.ReturnsVoid = Decl->getReturnType()->isVoidType();
  Lowering Lower(Names, Function);
  for (const ParmVarDecl *Param : Decl->parameters())
    Lower.var(Param);

  Prepass Reads(Lower, Fields);
  Reads.TraverseStmt(Decl->getBody());

  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true; // for __attribute__((cleanup))
  for (Stmt::StmtClass Class :
       {Stmt::CallExprClass, Stmt::BinaryOperatorClass, Stmt::DeclStmtClass,
        Stmt::CompoundAssignOperatorClass, Stmt::UnaryOperatorClass,
        Stmt::ReturnStmtClass, Stmt::MemberExprClass,
        Stmt::ArraySubscriptExprClass})
    Options.setAlwaysAdd(Class);
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(Decl, Decl->getBody(), &Names.Context, Options);
  if (Graph)
    GraphBuilder(Lower, Reads).build(*Graph);
  buildSkeleton(Lower, Decl->getBody());
  // A large module keeps hundreds of TUs in memory.
  Function.Exprs.shrink_to_fit();
  Function.Calls.shrink_to_fit();
  Function.Events.shrink_to_fit();
  Function.Vars.shrink_to_fit();
  Function.Skeleton.shrink_to_fit();
  return Graph != nullptr;
}

} // namespace devlife
