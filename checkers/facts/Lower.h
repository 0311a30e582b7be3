//===- Lower.h - One function: from Clang's AST to FunctionFacts ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to facts/: what the steps of the extraction share.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_FACTS_LOWER_H
#define DEVLIFE_FACTS_LOWER_H

#include "facts/Extract.h"
#include "facts/Facts.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/DenseMap.h"

namespace devlife {

/// Names types and places for one TU.
class Naming {
public:
  Naming(clang::ASTContext &Context, TUFacts &Facts, StringRef TreeRoot);

  Loc loc(clang::SourceLocation At);
  /// The text of \p Range in its file, or an invalid extent when no
  /// contiguous file text spells it.
  Extent extent(clang::SourceRange Range);
  /// Likewise up to and with the semicolon that follows.
  Extent statement(clang::SourceRange Range);
  /// "foo" for struct foo, struct foo * and arrays of these; "" for others.
  StringRef record(clang::QualType Type);
  StringRef record(const clang::RecordDecl *Decl);
  /// Outermost macro whose expansion holds \p At, or "".
  StringRef macro(clang::SourceLocation At);
  bool inKernelHeader(clang::SourceLocation At);

  clang::ASTContext &Context;
  const clang::SourceManager &SM;
  TUFacts &Facts;

private:
  llvm::SmallString<256> path(clang::FileID Id) const;
  uint32_t file(clang::FileID Id);

  std::string TreeRoot;
  llvm::DenseMap<clang::FileID, uint32_t> FileIndex;
  llvm::DenseMap<clang::FileID, bool> KernelHeaders;
  llvm::DenseMap<const clang::RecordDecl *, StringRef> RecordNames;
};

/// Lowers the expressions of one function, or of the initialiser of a table.
class Lowering {
public:
  Lowering(Naming &Names, FunctionFacts &Function);

  ExprId lower(const clang::Expr *E);
  int32_t var(const clang::VarDecl *Decl);

  Naming &Names;
  FunctionFacts &F;
  /// Calls by their expression, to find the node of the skeleton they are in.
  llvm::DenseMap<const clang::CallExpr *, int32_t> CallIndex;

private:
  ExprId lowerNew(const clang::Expr *E);
  ExprId add(const clang::Expr *E, Expr Node);
  ExprId lowerCall(const clang::CallExpr *Call);
  ExprId lowerMember(const clang::MemberExpr *Member);
  ExprId lowerUnary(const clang::UnaryOperator *Unary);
  ExprId lowerBinary(const clang::BinaryOperator *Binary);
  ExprId lowerCast(const clang::CastExpr *Cast);
  ExprId lowerContainerOf(const clang::CastExpr *Cast);
  ExprId lowerInt(const clang::Expr *E, int64_t Value, StringRef Name = "");

  llvm::DenseMap<const clang::Expr *, ExprId> Ids;
  llvm::DenseMap<const clang::VarDecl *, int32_t> VarIndex;
};

/// Fills everything of \p Function. False when no graph could be built.
bool lowerFunction(Naming &Names, const clang::FunctionDecl *Decl,
                   const llvm::StringSet<> &Fields, FunctionFacts &Function);

/// Fills F.Skeleton and CallFacts::Stmt.
void buildSkeleton(Lowering &Lower, const clang::Stmt *Body);

} // namespace devlife

#endif // DEVLIFE_FACTS_LOWER_H
