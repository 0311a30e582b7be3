//===- Naming.cpp - Names of types and places of a TU ---------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Lower.h"
#include "support/Paths.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace devlife {

bool isKernelHeader(StringRef Path, StringRef TreeRoot) {
  std::string Relative = relativeTo(TreeRoot, Path);
  Path = Relative;
  if (Path.starts_with("include/"))
    return true;
  size_t At = Path.find("/include/");
  if (At == StringRef::npos)
    return false;
  // A driver's own include folder holds the driver's own code.
  StringRef Before = Path.take_front(At);
  return !Before.contains("drivers/") && !Before.contains("sound/");
}

Naming::Naming(ASTContext &Context, TUFacts &Facts, StringRef TreeRoot)
    : Context(Context), SM(Context.getSourceManager()), Facts(Facts),
      TreeRoot(TreeRoot.rtrim('/')) {
  file(SM.getMainFileID());
}

llvm::SmallString<256> Naming::path(FileID Id) const {
  llvm::SmallString<256> Path;
  if (auto Entry = SM.getFileEntryRefForID(Id))
    Path = Entry->getName();
  SM.getFileManager().makeAbsolutePath(Path);
  llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path;
}

uint32_t Naming::file(FileID Id) {
  auto [It, New] = FileIndex.try_emplace(Id, 0);
  if (!New)
    return It->second;
  llvm::SmallString<256> Path = path(Id);
  // A header that is included twice has two FileIDs.
  for (uint32_t I = 0; I != Facts.Files.size(); ++I)
    if (Facts.Files[I].FullPath == Path)
      return It->second = I;
  Facts.Files.push_back({relativeTo(TreeRoot, Path), std::string(Path)});
  return It->second = Facts.Files.size() - 1;
}

Loc Naming::loc(SourceLocation At) {
  if (At.isInvalid())
    return {};
  auto [Id, Offset] = SM.getDecomposedLoc(SM.getFileLoc(At));
  Loc L;
  L.File = file(Id);
  L.Line = SM.getLineNumber(Id, Offset);
  L.Column = SM.getColumnNumber(Id, Offset);
  L.Offset = Offset;
  return L;
}

Extent Naming::extent(SourceRange Range) {
  if (Range.isInvalid())
    return {};
  CharSourceRange Chars = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(Range), SM, Context.getLangOpts());
  if (Chars.isInvalid())
    return {};
  auto [BeginId, Begin] = SM.getDecomposedLoc(Chars.getBegin());
  auto [EndId, End] = SM.getDecomposedLoc(Chars.getEnd());
  if (BeginId != EndId)
    return {};
  return {file(BeginId), Begin, End};
}

Extent Naming::statement(SourceRange Range) {
  Extent E = extent(Range);
  if (!E.isValid())
    return E;
  CharSourceRange Chars = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(Range), SM, Context.getLangOpts());
  SourceLocation Last = Chars.getEnd().getLocWithOffset(-1);
  auto Next = Lexer::findNextToken(Last, SM, Context.getLangOpts());
  if (Next && Next->is(tok::semi))
    E.End = SM.getFileOffset(Next->getLocation()) + 1;
  return E;
}

StringRef Naming::macro(SourceLocation At) {
  if (!At.isMacroID())
    return "";
  while (At.isMacroID()) {
    if (SM.isMacroArgExpansion(At)) {
      // The text was written as an argument, so it is not hidden by a macro.
      At = SM.getImmediateSpellingLoc(At);
      continue;
    }
    SourceLocation Up = SM.getImmediateExpansionRange(At).getBegin();
    if (!Up.isMacroID())
      return Facts.save(
          Lexer::getImmediateMacroName(At, SM, Context.getLangOpts()));
    At = Up;
  }
  return "";
}

bool Naming::inKernelHeader(SourceLocation At) {
  FileID Id = SM.getFileID(SM.getExpansionLoc(At));
  // What the compiler declares by itself is in no file.
  if (Id.isInvalid() || Id == SM.getMainFileID())
    return false;
  auto [It, New] = KernelHeaders.try_emplace(Id, false);
  if (New)
    It->second = isKernelHeader(path(Id), TreeRoot);
  return It->second;
}

StringRef Naming::record(const RecordDecl *Decl) {
  auto [It, New] = RecordNames.try_emplace(Decl, "");
  if (!New)
    return It->second;
  StringRef Name = Decl->getName();
  if (Name.empty())
    if (const TypedefNameDecl *Typedef = Decl->getTypedefNameForAnonDecl())
      Name = Typedef->getName();
  return It->second = Facts.save(Name);
}

StringRef Naming::record(QualType Type) {
  const clang::Type *T = Type.getCanonicalType().getTypePtrOrNull();
  bool SeenPointer = false;
  while (T) {
    if (const auto *Array = dyn_cast<clang::ArrayType>(T)) {
      T = Array->getElementType().getTypePtr();
    } else if (const auto *Pointer = dyn_cast<PointerType>(T)) {
      if (SeenPointer)
        return "";
      SeenPointer = true;
      T = Pointer->getPointeeType().getTypePtr();
    } else {
      break;
    }
  }
  const auto *Record = dyn_cast_or_null<RecordType>(T);
  return Record ? record(Record->getDecl()) : StringRef();
}

} // namespace devlife
