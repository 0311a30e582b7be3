//===- SourceCache.cpp - The lines that a report quotes -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/SourceCache.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Locale.h"

using namespace llvm;

namespace devlife {

StringRef SourceCache::line(const Place &At) {
  StringRef Rest = Texts.text(At.FullPath);
  for (unsigned Line = 1; Line < At.Line && !Rest.empty(); ++Line)
    Rest = Rest.split('\n').second;
  StringRef Line = Rest.split('\n').first.rtrim('\r');
  // As in clang: longer lines are not for people.
  constexpr size_t MaxLength = 4096;
  bool Shown =
      At.isValid() && At.Column <= Line.size() + 1 && Line.size() <= MaxLength;
  return Shown ? Line : StringRef();
}

ShownLine showLine(StringRef Line, unsigned Column) {
  constexpr unsigned TabStop = 8;
  ShownLine Result;
  unsigned Width = 0;
  size_t At = 0;
  while (At < Line.size()) {
    if (At + 1 <= Column)
      Result.CaretColumn = Width;
    size_t Size = 1;
    std::string Shown;
    if (Line[At] == '\t') {
      Shown.assign(TabStop - Width % TabStop, ' ');
    } else {
      auto *Begin = reinterpret_cast<const UTF8 *>(Line.data()) + At;
      auto *End = reinterpret_cast<const UTF8 *>(Line.end());
      auto *Next = Begin;
      UTF32 Point = 0;
      if (convertUTF8Sequence(&Next, End, &Point, strictConversion) !=
          conversionOK)
        Shown = "<" + utohexstr(*Begin, /*LowerCase=*/false, 2) + ">";
      else if (Size = Next - Begin; sys::locale::isPrint(Point))
        Shown = Line.substr(At, Size).str();
      else
        Shown = "<U+" + utohexstr(Point, /*LowerCase=*/false, 4) + ">";
    }
    int Columns = sys::locale::columnWidth(Shown);
    Width += Columns > 0 ? Columns : 0;
    Result.Text += Shown;
    At += Size;
  }
  if (Column > Line.size())
    Result.CaretColumn = Width;
  return Result;
}

} // namespace devlife
