//===- JsonReader.cpp - A fast reader of JSON -----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/JsonReader.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <algorithm>
#include <optional>

using namespace llvm;

namespace devlife {

/// Tabs, Unicode, ...: rare here, and llvm::json knows them all.
static bool unescapeAny(StringRef &Value, SmallVectorImpl<char> &Buffer) {
  Expected<json::Value> Parsed = json::parse(("\"" + Value + "\"").str());
  if (!Parsed) {
    consumeError(Parsed.takeError());
    return false;
  }
  std::optional<StringRef> Decoded = Parsed->getAsString();
  if (!Decoded)
    return false;
  Buffer.assign(Decoded->begin(), Decoded->end());
  Value = StringRef(Buffer.data(), Buffer.size());
  return true;
}

static bool unescape(StringRef &Value, SmallVectorImpl<char> &Buffer) {
  StringRef Raw = Value;
  Buffer.clear();
  while (true) {
    size_t Plain = std::min(Raw.find('\\'), Raw.size());
    Buffer.append(Raw.begin(), Raw.begin() + Plain);
    Raw = Raw.drop_front(Plain);
    if (Raw.empty())
      break;
    if (Raw.size() < 2)
      return false;
    if (Raw[1] != '"' && Raw[1] != '\\' && Raw[1] != '/')
      return unescapeAny(Value, Buffer);
    Buffer.push_back(Raw[1]);
    Raw = Raw.drop_front(2);
  }
  Value = StringRef(Buffer.data(), Buffer.size());
  return true;
}

std::string JsonReader::message() const {
  StringRef Before = Text.drop_back(Rest.size());
  size_t Line = Before.count('\n') + 1;
  size_t Column = Before.size() - (Before.rfind('\n') + 1) + 1;
  return (Twine(Line) + ":" + Twine(Column) + ": expected " + Mistake).str();
}

bool JsonReader::string(StringRef &Value, SmallVectorImpl<char> &Buffer) {
  if (!take('"', "a string"))
    return false;
  size_t End = 0;
  bool Escaped = false;
  while (End < Rest.size() && Rest[End] != '"') {
    if (static_cast<unsigned char>(Rest[End]) < ' ') {
      Rest = Rest.drop_front(End);
      return fail("no control character in a string");
    }
    if (Rest[End] == '\\') {
      Escaped = true;
      ++End;
    }
    ++End;
  }
  if (End >= Rest.size()) {
    Rest = Rest.take_back(0);
    return fail("the end of a string");
  }
  Value = Rest.take_front(End);
  if (Escaped && !unescape(Value, Buffer))
    return fail("a string with valid escapes");
  Rest = Rest.drop_front(End + 1);
  return true;
}

bool JsonReader::skip() {
  SmallString<64> Buffer;
  StringRef Ignored;
  if (peek('"'))
    return string(Ignored, Buffer);
  if (peek('['))
    return list('[', ']', "an array", [&] { return skip(); });
  if (peek('{'))
    return list('{', '}', "an object", [&] {
      return string(Ignored, Buffer) && take(':', "':'") && skip();
    });
  size_t Length = std::min(Rest.find_first_of(",]} \t\r\n"), Rest.size());
  Expected<json::Value> Scalar = json::parse(Rest.take_front(Length));
  if (!Scalar) {
    consumeError(Scalar.takeError());
    return fail("a value");
  }
  Rest = Rest.drop_front(Length);
  return true;
}

} // namespace devlife
