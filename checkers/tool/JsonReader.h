//===- JsonReader.h - A fast reader of JSON -------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TOOL_JSONREADER_H
#define DEVLIFE_TOOL_JSONREADER_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace devlife {

/// A cursor over JSON text that builds no values; Database.cpp says why. After
/// a mistake all functions fail; message() says what and where the first one
/// was.
class JsonReader {
public:
  explicit JsonReader(llvm::StringRef Text) : Text(Text), Rest(Text) {}

  bool failed() const { return Mistake != nullptr; }

  /// "LINE:COLUMN: expected ...".
  std::string message() const;

  bool fail(const char *What) {
    if (!Mistake)
      Mistake = What;
    return false;
  }

  bool atEnd() {
    skipSpace();
    return Rest.empty() || fail("the end of the file");
  }

  bool peek(char C) {
    skipSpace();
    return !Rest.empty() && Rest.front() == C;
  }

  bool take(char C, const char *What) {
    if (failed() || !peek(C))
      return fail(What);
    Rest = Rest.drop_front();
    return true;
  }

  /// Reads a list in \p Open and \p Close, calling \p Element for each of its
  /// elements.
  template <typename Function>
  bool list(char Open, char Close, const char *What, Function Element) {
    if (!take(Open, What))
      return false;
    if (peek(Close))
      return take(Close, What);
    do {
      if (!Element())
        return false;
    } while (peek(',') && take(',', What));
    return take(Close, Close == ']' ? "',' or ']'" : "',' or '}'");
  }

  /// Reads a string. \p Value points into the text or, if there are escapes,
  /// into \p Buffer.
  bool string(llvm::StringRef &Value, llvm::SmallVectorImpl<char> &Buffer);

  /// Reads over a value of any kind.
  bool skip();

private:
  void skipSpace() { Rest = Rest.ltrim(" \t\r\n"); }

  llvm::StringRef Text;
  llvm::StringRef Rest;
  const char *Mistake = nullptr;
};

} // namespace devlife

#endif // DEVLIFE_TOOL_JSONREADER_H
