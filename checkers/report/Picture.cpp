//===- Picture.cpp - The intervals that clash, drawn --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Picture.h"
#include "report/SourceCache.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <tuple>

using namespace llvm;

namespace devlife {

namespace {

/// A begin or an end of an interval.
struct Point {
  const Interval *Of;
  bool IsBegin;
  std::optional<size_t> Rank; ///< The note that stands at the same place.
  std::string Letter;

  const Note &note() const { return IsBegin ? Of->Begin : Of->End; }
  const Place &at() const { return note().At; }
  /// Not in the source: devres, after all that is.
  bool isDevres() const { return !IsBegin && !at().isValid(); }
  std::string label() const {
    return (Of->Kind == Interval::Window ? "window of " : "lifetime of ") +
           Of->What + (IsBegin ? " begins" : " ends");
  }
};

bool sameSpot(const Place &A, const Place &B) {
  return A.isValid() && A.FullPath == B.FullPath && A.Line == B.Line &&
         A.Column == B.Column;
}

/// True when the finding itself says that \p A comes before \p B.
bool isKnownBefore(const Point &A, const Point &B) {
  if (A.isDevres())
    return false;
  return B.isDevres() || (A.Rank && B.Rank && *A.Rank < *B.Rank);
}

/// The name of the call at a place, else the statement, else the line number.
std::string codeAt(const Place &At, SourceCache &Sources) {
  constexpr size_t MaxLength = 36;
  StringRef Line = Sources.line(At);
  if (Line.empty())
    return "line " + std::to_string(At.Line);
  StringRef Rest = Line.substr(At.Column ? At.Column - 1 : 0);
  StringRef Name =
      Rest.take_while([](char C) { return isAlnum(C) || C == '_'; });
  if (!Name.empty() && Rest.substr(Name.size()).starts_with("("))
    return (Name + "()").str();
  std::string Text = showLine(Rest.split(';').first.trim(), 0).Text;
  if (Text.size() > MaxLength)
    Text = Text.substr(0, MaxLength - 3) + "...";
  return Text.empty() ? "line " + std::to_string(At.Line) : Text;
}

class Picture {
public:
  Picture(const Finding &F, SourceCache &Sources) : F(F), Sources(Sources) {}

  std::string draw() {
    collect();
    std::string Text;
    raw_string_ostream OS(Text);
    drawPoints(OS);
    drawBreaches(OS);
    return Text;
  }

private:
  void collect() {
    for (const Interval &I : F.Intervals)
      for (bool IsBegin : {true, false}) {
        Point P{&I, IsBegin, std::nullopt, ""};
        if (IsBegin && !P.at().isValid())
          continue;
        for (const auto &[Index, N] : enumerate(F.Notes))
          if (!P.Rank && sameSpot(N.At, P.at()))
            P.Rank = Index;
        Points.push_back(std::move(P));
      }
    // Begins without a note come first, ends without one after the noted.
    auto Group = [](const Point &P) {
      return P.isDevres() ? 3 : P.Rank ? 1 : P.IsBegin ? 0 : 2;
    };
    std::vector<const Point *> Order;
    for (const Point &P : Points)
      Order.push_back(&P);
    llvm::sort(Order, [&](const Point *A, const Point *B) {
      return std::make_tuple(Group(*A), A->Rank, A) <
             std::make_tuple(Group(*B), B->Rank, B);
    });
    // Two lifetimes of one thing share their begin.
    std::vector<Point> Distinct;
    for (const Point *Next : Order) {
      Point P = *Next;
      auto Same = find_if(Distinct, [&](const Point &O) {
        return O.label() == P.label() && sameSpot(O.at(), P.at());
      });
      if (Same == Distinct.end()) {
        P.Letter = "(" + letters(Distinct.size()) + ")";
        Distinct.push_back(P);
      }
    }
    Points = std::move(Distinct);
  }

  /// A, B, ..., Z, AA, AB, ...
  static std::string letters(size_t Index) {
    std::string Text(1, static_cast<char>('A' + Index % 26));
    return Index < 26 ? Text : letters(Index / 26 - 1) + Text;
  }

  void drawPoints(raw_ostream &OS) {
    struct Row {
      std::string Left, Right;
    };
    std::vector<Row> Rows;
    std::string Function;
    for (const Point &P : Points) {
      std::string Left = "devres";
      std::string Right = P.Letter + " " + P.label();
      if (!P.isDevres()) {
        std::string In = P.at().Function.empty()
                             ? sys::path::filename(P.at().File).str()
                             : P.at().Function + "()";
        if (In != Function)
          Rows.push_back({In, ""});
        Function = In;
        Left = "  " + codeAt(P.at(), Sources);
        Right +=
            (", " + sys::path::filename(P.at().File) + ":" + Twine(P.at().Line))
                .str();
      }
      Rows.push_back({Left, Right});
    }

    size_t Width = 0;
    for (const Row &R : Rows)
      if (!R.Right.empty())
        Width = std::max(Width, R.Left.size());
    for (const Row &R : Rows) {
      OS << "    " << R.Left;
      if (!R.Right.empty())
        OS << ' ' << std::string(Width - R.Left.size() + 4, '.') << ' '
           << R.Right;
      OS << '\n';
    }
  }

  const Point *point(const Interval &I, bool IsBegin) const {
    for (const Point &P : Points)
      if (P.IsBegin == IsBegin &&
          (P.Of == &I || (P.Of->What == I.What && P.Of->Kind == I.Kind &&
                          sameSpot(P.at(), IsBegin ? I.Begin.At : I.End.At))))
        return &P;
    return nullptr;
  }

  void drawBreaches(raw_ostream &OS) {
    for (const Interval &A : F.Intervals)
      for (const Interval &B : F.Intervals) {
        if (A.Kind == Interval::Window && B.Kind == Interval::Lifetime)
          drawOutside(OS, A, B);
        else if (&A < &B && A.Kind == Interval::Lifetime &&
                 B.Kind == Interval::Lifetime && A.What == B.What)
          drawTwice(OS, A, B);
      }
  }

  void drawOutside(raw_ostream &OS, const Interval &Window,
                   const Interval &Lifetime) {
    const Point *Opens = point(Window, true), *Closes = point(Window, false);
    const Point *Starts = point(Lifetime, true), *Ends = point(Lifetime, false);
    if (Ends && Closes && isKnownBefore(*Ends, *Closes))
      OS << "    between " << Ends->Letter << " and " << Closes->Letter << ": "
         << Window.What << " can use " << Lifetime.What << '\n';
    if (Opens && Starts && isKnownBefore(*Opens, *Starts))
      OS << "    between " << Opens->Letter << " and " << Starts->Letter << ": "
         << Window.What << " can run before " << Lifetime.What << " exists\n";
  }

  void drawTwice(raw_ostream &OS, const Interval &A, const Interval &B) {
    const Point *First = point(A, false), *Second = point(B, false);
    if (First && Second && First != Second)
      OS << "    " << First->Letter << " and " << Second->Letter
         << " both end the lifetime of " << A.What << '\n';
  }

  const Finding &F;
  SourceCache &Sources;
  std::vector<Point> Points;
};

} // namespace

std::string drawIntervals(const Finding &F, SourceCache &Sources) {
  return Picture(F, Sources).draw();
}

} // namespace devlife
