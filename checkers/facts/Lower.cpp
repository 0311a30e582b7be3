//===- Lower.cpp - Expressions --------------------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers C expressions to Expr. What evaluates to its operand disappears:
// parentheses, casts that keep the record, likely()/unlikely(),
// __builtin_choose_expr, the last value of a statement expression.
//
//===----------------------------------------------------------------------===//

#include "facts/Lower.h"

using namespace clang;

namespace devlife {

using ExprNode = devlife::Expr;

Lowering::Lowering(Naming &Names, FunctionFacts &Function)
    : Names(Names), F(Function) {
  F.Exprs.emplace_back(); // [0] is Unknown
}

int32_t Lowering::var(const VarDecl *Decl) {
  if (Decl->isFileVarDecl() || Decl->hasExternalStorage())
    return -1;
  auto [It, New] = VarIndex.try_emplace(Decl, F.Vars.size());
  if (!New)
    return It->second;
  VarFacts V;
  V.Name = Names.Facts.save(Decl->getName());
  V.Record = Names.record(Decl->getType());
  V.Type = Names.Facts.save(Decl->getType().getAsString());
  V.IsPointer = Decl->getType()->isPointerType();
  V.IsStatic = Decl->isStaticLocal();
  V.At = Names.loc(Decl->getLocation());
  if (const auto *Param = dyn_cast<ParmVarDecl>(Decl))
    V.ParamIndex = Param->getFunctionScopeIndex();
  if (const auto *Attr = Decl->getAttr<CleanupAttr>())
    V.Cleanup = Names.Facts.save(Attr->getFunctionDecl()->getName());
  F.Vars.push_back(V);
  return It->second;
}

ExprId Lowering::add(const clang::Expr *E, ExprNode Node) {
  QualType T = E->getType();
  if (Node.Record.empty())
    Node.Record = Names.record(T);
  Node.IsPointer = T->isPointerType();
  Node.IsArray = T->isArrayType();
  if (!T.isNull() && T->isIntegralOrEnumerationType() && !T->isIncompleteType())
    Node.Bits = Names.Context.getTypeSize(T);
  F.Exprs.push_back(Node);
  return F.Exprs.size() - 1;
}

/// The low 64 bits: enough for what the analysis compares.
static int64_t asInt64(llvm::APSInt Value) {
  return Value.extOrTrunc(64).getRawData()[0];
}

ExprId Lowering::lowerInt(const clang::Expr *E, int64_t Value, StringRef Name) {
  ExprNode Node;
  Node.Kind = ExprKind::Int;
  Node.Value = Value;
  Node.Name = Names.Facts.save(Name);
  return add(E, Node);
}

ExprId Lowering::lower(const clang::Expr *E) {
  if (!E)
    return 0;
  E = E->IgnoreParens();
  if (auto It = Ids.find(E); It != Ids.end())
    return It->second;
  ExprId Id = lowerNew(E);
  Ids[E] = Id;
  return Id;
}

ExprId Lowering::lowerNew(const clang::Expr *E) {
  ExprNode Node;
  if (const auto *Cast = dyn_cast<CastExpr>(E))
    return lowerCast(Cast);
  if (const auto *Literal = dyn_cast<IntegerLiteral>(E))
    return lowerInt(E, Literal->getValue().getLimitedValue());
  if (const auto *Literal = dyn_cast<CharacterLiteral>(E))
    return lowerInt(E, Literal->getValue());
  if (const auto *Literal = dyn_cast<clang::StringLiteral>(E)) {
    Node.Kind = ExprKind::String;
    if (Literal->getCharByteWidth() == 1)
      Node.Name = Names.Facts.save(Literal->getString().take_front(120));
    return add(E, Node);
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const ValueDecl *Decl = Ref->getDecl();
    if (const auto *Enum = dyn_cast<EnumConstantDecl>(Decl))
      return lowerInt(E, asInt64(Enum->getInitVal()), Enum->getName());
    Node.Name = Names.Facts.save(Decl->getName());
    if (isa<FunctionDecl>(Decl)) {
      Node.Kind = ExprKind::Function;
    } else if (const auto *Var = dyn_cast<VarDecl>(Decl)) {
      Node.Kind = ExprKind::Var;
      Node.Index = var(Var);
    }
    return add(E, Node);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return lowerMember(Member);
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    Node.Kind = ExprKind::Index;
    Node.Ops[0] = lower(Subscript->getBase());
    Node.Ops[1] = lower(Subscript->getIdx());
    return add(E, Node);
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return lowerUnary(Unary);
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    return lowerBinary(Binary);
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return lowerCall(Call);
  if (const auto *Cond = dyn_cast<AbstractConditionalOperator>(E)) {
    Node.Kind = ExprKind::Conditional;
    Node.Ops[0] = lower(Cond->getCond());
    Node.Ops[1] = lower(Cond->getTrueExpr());
    Node.Ops[2] = lower(Cond->getFalseExpr());
    return add(E, Node);
  }
  if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
    return lower(Opaque->getSourceExpr());
  if (const auto *Choose = dyn_cast<ChooseExpr>(E))
    return lower(Choose->getChosenSubExpr());
  if (const auto *Generic = dyn_cast<GenericSelectionExpr>(E))
    return Generic->isResultDependent() ? 0 : lower(Generic->getResultExpr());
  if (const auto *Block = dyn_cast<StmtExpr>(E)) {
    const CompoundStmt *Body = Block->getSubStmt();
    const auto *Last =
        Body->body_empty() ? nullptr : dyn_cast<clang::Expr>(Body->body_back());
    return lower(Last);
  }
  if (const auto *Init = dyn_cast<InitListExpr>(E))
    return Init->getNumInits() == 1 && !Init->getType()->isRecordType()
               ? lower(Init->getInit(0))
               : add(E, Node);
  if (isa<ImplicitValueInitExpr>(E))
    return lowerInt(E, 0);
  if (isa<UnaryExprOrTypeTraitExpr, OffsetOfExpr>(E)) {
    clang::Expr::EvalResult Result;
    if (E->EvaluateAsInt(Result, Names.Context))
      return lowerInt(E, asInt64(Result.Val.getInt()));
  }
  return add(E, Node);
}

/// What container_of() is told: a pointer, and the path of the member.
namespace {
struct ContainerOfParts {
  const clang::Expr *Pointer = nullptr;
  std::string Member;
};
} // namespace

/// Matches the last line of the kernel's container_of():
///   (type *)(__mptr - offsetof(type, member))
static ContainerOfParts matchContainerOf(const CastExpr *Cast) {
  ContainerOfParts Parts;
  const auto *Minus =
      dyn_cast<BinaryOperator>(Cast->getSubExpr()->IgnoreParenImpCasts());
  if (!Minus || Minus->getOpcode() != BO_Sub)
    return Parts;
  const auto *Offset =
      dyn_cast<OffsetOfExpr>(Minus->getRHS()->IgnoreParenImpCasts());
  if (!Offset)
    return Parts;
  for (unsigned I = 0; I != Offset->getNumComponents(); ++I) {
    const OffsetOfNode &Component = Offset->getComponent(I);
    if (Component.getKind() != OffsetOfNode::Field ||
        Component.getField()->getName().empty())
      continue;
    if (!Parts.Member.empty())
      Parts.Member += '.';
    Parts.Member += Component.getField()->getName();
  }
  Parts.Pointer = Minus->getLHS()->IgnoreParenCasts();
  // The pointer is the statement expression's own variable: take its value.
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Parts.Pointer))
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      if (Var->hasInit() && Var->getName().starts_with("__"))
        Parts.Pointer = Var->getInit();
  return Parts;
}

ExprId Lowering::lowerCast(const CastExpr *Cast) {
  const clang::Expr *Sub = Cast->getSubExpr();
  if (isa<ExplicitCastExpr>(Cast) && Cast->getType()->isPointerType())
    if (ContainerOfParts Parts = matchContainerOf(Cast); Parts.Pointer) {
      ExprNode Node;
      Node.Kind = ExprKind::ContainerOf;
      Node.Name = Names.Facts.save(Parts.Member);
      Node.Ops[0] = lower(Parts.Pointer);
      return add(Cast, Node);
    }
  ExprId Inner = lower(Sub);
  if (Cast->getType()->isVoidType())
    return Inner;
  if (Cast->getType()->isPointerType()) {
    StringRef Record = Names.record(Cast->getType());
    if (!Record.empty() && Record != F.Exprs[Inner].Record) {
      ExprNode Node;
      Node.Kind = ExprKind::Cast;
      Node.Ops[0] = Inner;
      return add(Cast, Node);
    }
  }
  return Inner;
}

ExprId Lowering::lowerMember(const MemberExpr *Member) {
  const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
  if (!Field)
    return add(Member, {});
  bool Arrow = Member->isArrow();
  const clang::Expr *Base = Member->getBase();
  // Members of anonymous structs and unions belong to the record around them.
  while (const auto *Outer =
             dyn_cast<MemberExpr>(Base->IgnoreParenImpCasts())) {
    const auto *OuterField = dyn_cast<FieldDecl>(Outer->getMemberDecl());
    if (!OuterField || !OuterField->getName().empty() || Arrow)
      break;
    Arrow = Outer->isArrow();
    Base = Outer->getBase();
  }
  ExprNode Node;
  Node.Kind = ExprKind::Member;
  Node.Name = Names.Facts.save(Field->getName());
  Node.Arrow = Arrow;
  Node.Ops[0] = lower(Base);
  Node.Base = Names.record(Base->getType());
  return add(Member, Node);
}

ExprId Lowering::lowerUnary(const UnaryOperator *Unary) {
  ExprNode Node;
  const clang::Expr *Sub = Unary->getSubExpr();
  ExprId Inner = lower(Sub);
  switch (Unary->getOpcode()) {
  case UO_AddrOf:
    // &*p and &function are what they point to.
    if (F.Exprs[Inner].Kind == ExprKind::Deref)
      return F.Exprs[Inner].Ops[0];
    if (F.Exprs[Inner].Kind == ExprKind::Function)
      return Inner;
    Node.Kind = ExprKind::AddrOf;
    Node.Ops[0] = Inner;
    return add(Unary, Node);
  case UO_Deref:
    if (F.Exprs[Inner].Kind == ExprKind::AddrOf)
      return F.Exprs[Inner].Ops[0];
    if (F.Exprs[Inner].Kind == ExprKind::Function)
      return Inner;
    Node.Kind = ExprKind::Deref;
    Node.Ops[0] = Inner;
    return add(Unary, Node);
  case UO_LNot:
    Node.Kind = ExprKind::Not;
    Node.Ops[0] = Inner;
    return add(Unary, Node);
  case UO_Minus:
    if (F.Exprs[Inner].Kind == ExprKind::Int)
      return lowerInt(Unary, -F.Exprs[Inner].Value);
    return add(Unary, Node);
  case UO_Extension:
  case UO_PreInc:
  case UO_PreDec:
  case UO_PostInc:
  case UO_PostDec:
    return Inner;
  default:
    return add(Unary, Node);
  }
}

static BinaryOp binaryOp(BinaryOperatorKind Kind) {
  switch (Kind) {
  case BO_EQ:
    return BinaryOp::EQ;
  case BO_NE:
    return BinaryOp::NE;
  case BO_LT:
    return BinaryOp::LT;
  case BO_LE:
    return BinaryOp::LE;
  case BO_GT:
    return BinaryOp::GT;
  case BO_GE:
    return BinaryOp::GE;
  case BO_LAnd:
    return BinaryOp::And;
  case BO_LOr:
    return BinaryOp::Or;
  case BO_Add:
    return BinaryOp::Add;
  case BO_Sub:
    return BinaryOp::Sub;
  case BO_Shl:
    return BinaryOp::Shl;
  case BO_And:
    return BinaryOp::BitAnd;
  case BO_Or:
    return BinaryOp::BitOr;
  default:
    return BinaryOp::Other;
  }
}

ExprId Lowering::lowerBinary(const BinaryOperator *Binary) {
  if (Binary->isAssignmentOp())
    return lower(Binary->getLHS()); // after the store
  if (Binary->getOpcode() == BO_Comma)
    return lower(Binary->getRHS());
  ExprNode Node;
  Node.Kind = ExprKind::Binary;
  Node.Op = binaryOp(Binary->getOpcode());
  Node.Ops[0] = lower(Binary->getLHS());
  Node.Ops[1] = lower(Binary->getRHS());
  if (F.Exprs[Node.Ops[0]].Kind == ExprKind::Int &&
      F.Exprs[Node.Ops[1]].Kind == ExprKind::Int) {
    clang::Expr::EvalResult Result;
    if (Binary->EvaluateAsInt(Result, Names.Context))
      return lowerInt(Binary, asInt64(Result.Val.getInt()));
  }
  return add(Binary, Node);
}

ExprId Lowering::lowerCall(const CallExpr *Call) {
  if (unsigned Builtin = Call->getBuiltinCallee()) {
    if (Builtin == Builtin::BI__builtin_expect ||
        Builtin == Builtin::BI__builtin_expect_with_probability ||
        Builtin == Builtin::BI__builtin_assume_aligned) {
      // likely(x) is __builtin_expect(!!(x), 1).
      ExprId Inner = lower(Call->getArg(0));
      for (ExprId Twice = Inner; F.Exprs[Inner].Kind == ExprKind::Not;) {
        Twice = F.Exprs[Inner].Ops[0];
        if (F.Exprs[Twice].Kind != ExprKind::Not)
          break;
        Inner = F.Exprs[Twice].Ops[0];
      }
      return Inner;
    }
    if (Builtin == Builtin::BI__builtin_constant_p)
      return lowerInt(Call, 0);
  }
  CallFacts C;
  const clang::Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  if (const FunctionDecl *Direct = Call->getDirectCallee())
    C.Callee = Names.Facts.save(Direct->getName());
  else
    C.Target = lower(Callee);
  for (const clang::Expr *Arg : Call->arguments()) {
    C.Args.push_back(lower(Arg));
    C.ArgText.push_back(Names.extent(Arg->getSourceRange()));
  }
  C.Record = Names.record(Call->getType());
  C.At = Names.loc(Callee->getExprLoc());
  C.Macro = Names.macro(Callee->getExprLoc());
  C.Whole = Names.extent(Call->getSourceRange());
  if (C.Macro.empty())
    C.Name = Names.extent(Callee->getSourceRange());
  ExprNode Node;
  Node.Kind = ExprKind::Call;
  Node.Index = F.Calls.size();
  Node.Name = C.Callee;
  CallIndex[Call] = Node.Index;
  F.Calls.push_back(std::move(C));
  return add(Call, Node);
}

} // namespace devlife
