//===- Extract.cpp - The facts of a translation unit ----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Extract.h"
#include "facts/Lower.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;

namespace devlife {

namespace {

/// The functions that the TU's own code names. Each TU has a copy of the static
/// functions of its headers; one that nothing names is as good as absent.
class NamedFunctions : public RecursiveASTVisitor<NamedFunctions> {
public:
  explicit NamedFunctions(Naming &Names) : Names(Names) {}

  /// Whether \p Function is there only if another names it.
  bool isOptional(const FunctionDecl *Function) const {
    return !Function->isExternallyVisible() &&
           !Names.SM.isInMainFile(
               Names.SM.getExpansionLoc(Function->getLocation()));
  }

  void addRoot(Decl *D) {
    if (const auto *Function = dyn_cast<FunctionDecl>(D))
      if (!Function->doesThisDeclarationHaveABody() || isOptional(Function))
        return;
    if (!Names.inKernelHeader(D->getLocation()))
      TraverseDecl(D);
  }

  bool contains(const FunctionDecl *Function) const {
    return !isOptional(Function) ||
           Found.contains(Function->getCanonicalDecl());
  }

  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl());
    if (Function && Found.insert(Function->getCanonicalDecl()).second)
      if (FunctionDecl *Definition = Function->getDefinition();
          Definition && isOptional(Definition) &&
          !Names.inKernelHeader(Definition->getLocation()))
        TraverseStmt(Definition->getBody());
    return true;
  }

private:
  Naming &Names;
  llvm::DenseSet<const FunctionDecl *> Found;
};

class TUExtractor : public RecursiveASTVisitor<TUExtractor> {
public:
  TUExtractor(ASTContext &Context, TUFacts &Facts,
              const ExtractOptions &Options)
      : Names(Context, Facts, Options.TreeRoot), Named(Names), Facts(Facts) {
    for (const std::string &Number : Options.Numbers)
      Numbers.insert(Number);
    for (const std::string &Probe : Options.Probes)
      Probes.insert(Probe);
    for (const std::string &Field : Options.Fields)
      Fields.insert(Field);
  }

  void unit(const TranslationUnitDecl *TU) {
    for (Decl *D : TU->decls())
      Named.addRoot(D);
    for (const Decl *D : TU->decls())
      declaration(D);
  }

  // Static locals are tables too.
  bool VisitVarDecl(VarDecl *Var) {
    if (Var->isStaticLocal())
      table(Var);
    return true;
  }

private:
  void declaration(const Decl *D);
  void function(const FunctionDecl *Function);
  void alias(const FunctionDecl *Alias, StringRef Aliasee);
  void table(const VarDecl *Var);
  void entries(TableFacts &Table, const clang::Expr *Init,
               const std::string &Field);
  void recordLayout(const RecordDecl *Record);
  void embedded(const RecordDecl *Record, RecordFacts &R);

  Naming Names;
  NamedFunctions Named;
  TUFacts &Facts;
  llvm::StringSet<> Probes, Fields, Numbers;
};

} // namespace

void TUExtractor::declaration(const Decl *D) {
  if (const auto *Function = dyn_cast<FunctionDecl>(D)) {
    if (const auto *Alias = Function->getAttr<AliasAttr>())
      alias(Function, Alias->getAliasee());
    if (Function->getIdentifier() && Probes.contains(Function->getName()))
      Facts.Declared.insert(Function->getName());
    if (Function->doesThisDeclarationHaveABody()) {
      if (!Function->hasSkippedBody())
        function(Function);
    } else if (!Names.inKernelHeader(Function->getLocation())) {
      Facts.Prototypes.push_back({Facts.save(Function->getName()),
                                  Names.statement(Function->getSourceRange())});
    }
  } else if (const auto *Var = dyn_cast<VarDecl>(D)) {
    if (Var->hasInit() && !Names.inKernelHeader(Var->getLocation()))
      table(Var);
  } else if (const auto *Record = dyn_cast<RecordDecl>(D)) {
    if (Record->isCompleteDefinition() &&
        !Names.inKernelHeader(Record->getLocation()))
      recordLayout(Record);
  }
}

void TUExtractor::function(const FunctionDecl *Function) {
  if (Names.inKernelHeader(Function->getLocation()) ||
      !Named.contains(Function))
    return;
  FunctionFacts F;
  if (!lowerFunction(Names, Function, Fields, F))
    ++Facts.FunctionsLeftOut;
  Facts.Functions.push_back(std::move(F));
  TraverseStmt(Function->getBody());
}

/// `int init_module(void) __attribute__((alias("foo_init")))` names the entry
/// of the module: an entry of a table that all such aliases make.
void TUExtractor::alias(const FunctionDecl *Alias, StringRef Aliasee) {
  auto At = llvm::find_if(
      Facts.Tables, [](const TableFacts &T) { return T.Name == "module"; });
  if (At == Facts.Tables.end()) {
    TableFacts Table;
    Table.Name = Table.Record = "module";
    Table.IsStatic = true;
    Table.At = Names.loc(Alias->getLocation());
    At = Facts.Tables.insert(Facts.Tables.end(), std::move(Table));
  }
  TableEntry Entry;
  Entry.Field = Facts.save(Alias->getName());
  Entry.Value = Facts.save(Aliasee);
  Entry.Kind = ExprKind::Function;
  Entry.At = Names.loc(Alias->getLocation());
  At->Entries.push_back(Entry);
}

void TUExtractor::table(const VarDecl *Var) {
  if (!Var->hasInit())
    return;
  // A variable that is no record can still hold a function.
  TableFacts Table;
  Table.Name = Facts.save(Var->getName());
  if (!Var->getType()->isPointerType())
    Table.Record = Names.record(Var->getType());
  Table.IsStatic = !Var->isExternallyVisible();
  Table.At = Names.loc(Var->getLocation());
  entries(Table, Var->getInit(), "");
  if (!Table.Entries.empty())
    Facts.Tables.push_back(std::move(Table));
}

void TUExtractor::entries(TableFacts &Table, const clang::Expr *Init,
                          const std::string &Field) {
  Init = Init->IgnoreParenImpCasts();
  if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(Init))
    Init = Literal->getInitializer();
  if (const auto *List = dyn_cast<InitListExpr>(Init)) {
    const auto *Record = List->getType()->getAs<RecordType>();
    unsigned Index = 0;
    auto Under = [&](const FieldDecl *Member) {
      StringRef Name = Member->getName();
      return Name.empty()    ? Field
             : Field.empty() ? Name.str()
                             : Field + "." + Name.str();
    };
    if (!Record) {
      for (const clang::Expr *Element : List->inits())
        entries(Table, Element, Field);
    } else if (Record->getDecl()->isUnion()) {
      if (const FieldDecl *Member = List->getInitializedFieldInUnion();
          Member && List->getNumInits())
        entries(Table, List->getInit(0), Under(Member));
    } else {
      for (const FieldDecl *Member : Record->getDecl()->fields()) {
        if (Index == List->getNumInits())
          break;
        const clang::Expr *Value = List->getInit(Index++);
        if (!isa<ImplicitValueInitExpr>(Value))
          entries(Table, Value, Under(Member));
      }
    }
    return;
  }
  // pm_sleep_ptr(f) is `1 ? f : NULL`, or `0 ? f : NULL`.
  if (const auto *Either = dyn_cast<ConditionalOperator>(Init)) {
    clang::Expr::EvalResult Test;
    if (Either->getCond()->EvaluateAsInt(Test, Names.Context))
      entries(Table,
              Test.Val.getInt() != 0 ? Either->getTrueExpr()
                                     : Either->getFalseExpr(),
              Field);
    return;
  }
  TableEntry Entry;
  clang::Expr::EvalResult Number;
  if (Numbers.contains((Table.Record + "." + Field).str()) &&
      Init->EvaluateAsInt(Number, Names.Context)) {
    Entry.Kind = ExprKind::Int;
    Entry.Int = Number.Val.getInt().getExtValue();
    Entry.Field = Facts.save(Field);
    Entry.At = Names.loc(Init->getExprLoc());
    Table.Entries.push_back(Entry);
    return;
  }
  // The address may hide in a number: .driver_data = (kernel_ulong_t)&chip.
  for (const clang::Expr *Inner = Init; Inner; Init = Inner) {
    Inner = Init->IgnoreParenCasts();
    const auto *Unary = dyn_cast<UnaryOperator>(Inner);
    if (Unary && Unary->getOpcode() == UO_AddrOf)
      Inner = Unary->getSubExpr();
    else if (Inner == Init)
      break;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Init)) {
    if (isa<FunctionDecl>(Ref->getDecl()))
      Entry.Kind = ExprKind::Function;
    else if (isa<VarDecl>(Ref->getDecl()))
      Entry.Kind = ExprKind::Var;
    else
      return;
    Entry.Value = Facts.save(Ref->getDecl()->getName());
  } else {
    return; // numbers and strings: nothing that runs
  }
  Entry.Field = Facts.save(Field);
  Entry.At = Names.loc(Init->getExprLoc());
  Table.Entries.push_back(Entry);
}

void TUExtractor::recordLayout(const RecordDecl *Record) {
  RecordFacts R;
  R.Name = Names.record(Record);
  if (R.Name.empty())
    return;
  R.At = Names.loc(Record->getLocation());
  embedded(Record, R);
  Facts.Records.push_back(std::move(R));
}

void TUExtractor::embedded(const RecordDecl *Record, RecordFacts &R) {
  for (const FieldDecl *Field : Record->fields()) {
    if (Field->isAnonymousStructOrUnion()) {
      embedded(Field->getType()->getAsRecordDecl(), R);
      continue;
    }
    // Most fields embed nothing; their records need no name.
    if (!Field->getType()->getBaseElementTypeUnsafe()->isRecordType())
      continue;
    if (StringRef Name = Names.record(Field->getType()); !Name.empty())
      R.Embedded.push_back({Facts.save(Field->getName()), Name});
  }
}

/// The value of an object-like macro, as its first token spells it.
static StringRef macroText(const Preprocessor &PP, StringRef Name) {
  const IdentifierInfo *Identifier = PP.getIdentifierInfo(Name);
  const MacroInfo *Macro = Identifier ? PP.getMacroInfo(Identifier) : nullptr;
  if (!Macro || Macro->getNumTokens() == 0)
    return "";
  const Token &First = Macro->getReplacementToken(0);
  if (First.isLiteral())
    return StringRef(First.getLiteralData(), First.getLength());
  return First.getIdentifierInfo() ? First.getIdentifierInfo()->getName() : "";
}

std::unique_ptr<TUFacts> extractFacts(ASTContext &Context,
                                      const Preprocessor *PP,
                                      const ExtractOptions &Options) {
  auto Facts = std::make_unique<TUFacts>();
  if (PP) {
    Facts->Module = macroText(*PP, "KBUILD_MODNAME").trim('"').str();
    macroText(*PP, "LINUX_VERSION_CODE").getAsInteger(0, Facts->KernelVersion);
  }
  TUExtractor Extractor(Context, *Facts, Options);
  Extractor.unit(Context.getTranslationUnitDecl());
  return Facts;
}

} // namespace devlife
