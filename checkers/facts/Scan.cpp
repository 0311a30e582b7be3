//===- Scan.cpp - Questions to a source file that is not parsed -----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Scan.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace clang;

namespace devlife {

std::optional<bool> functionMentions(StringRef Path, StringRef Function,
                                     StringRef Identifier) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return std::nullopt;
  LangOptions Options;
  Lexer Lex(SourceLocation(), Options, (*Buffer)->getBufferStart(),
            (*Buffer)->getBufferStart(), (*Buffer)->getBufferEnd());
  Token T;
  unsigned Depth = 0;
  bool Named = false, Inside = false;
  for (Lex.LexFromRawLexer(T); T.isNot(tok::eof); Lex.LexFromRawLexer(T)) {
    switch (T.getKind()) {
    case tok::l_brace:
      Inside |= Named && Depth == 0;
      Named = false;
      ++Depth;
      break;
    case tok::r_brace:
      if (Depth && --Depth == 0)
        Inside = false;
      break;
    case tok::semi:
      if (Depth == 0)
        Named = false;
      break;
    case tok::raw_identifier:
      if (Depth == 0)
        Named |= T.getRawIdentifier() == Function;
      else if (Inside && T.getRawIdentifier() == Identifier)
        return true;
      break;
    default:
      break;
    }
  }
  return false;
}

std::vector<unsigned> identifierOffsets(StringRef Text, StringRef Identifier) {
  std::vector<unsigned> Offsets;
  LangOptions Options;
  std::string Terminated = Text.str(); // the lexer wants a NUL behind the end
  const char *Begin = Terminated.c_str();
  Lexer Lex(SourceLocation(), Options, Begin, Begin, Begin + Terminated.size());
  Token T;
  for (Lex.LexFromRawLexer(T); T.isNot(tok::eof); Lex.LexFromRawLexer(T))
    if (T.is(tok::raw_identifier) && T.getRawIdentifier() == Identifier)
      Offsets.push_back(Lex.getBufferLocation() - Begin - T.getLength());
  return Offsets;
}

} // namespace devlife
