//===- Text.cpp - Findings for people -----------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Text.h"
#include "report/Picture.h"
#include "report/SourceCache.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace devlife {

namespace {

class Printer {
public:
  Printer(raw_ostream &OS, const TextOptions &Options)
      : OS(OS), Options(Options) {}

  void print(const Finding &F) {
    diagnostic(F.At, "warning: ", raw_ostream::MAGENTA,
               F.Message + " [" + F.Check + "]", /*Bold=*/true);
    for (const Note &N : F.Notes)
      diagnostic(N.At, "note: ", raw_ostream::CYAN, N.Text, /*Bold=*/false);
    if (Options.Explain)
      OS << drawIntervals(F, Sources);
  }

private:
  void color(raw_ostream::Colors Color, bool Bold) {
    if (Options.Color)
      OS.changeColor(Color, Bold);
  }
  void reset() {
    if (Options.Color)
      OS.resetColor();
  }

  void diagnostic(const Place &At, StringRef Kind, raw_ostream::Colors Color,
                  const std::string &Text, bool Bold) {
    if (At.isValid()) {
      color(raw_ostream::SAVEDCOLOR, true);
      OS << At.File << ':' << At.Line << ':' << At.Column << ": ";
      reset();
    }
    color(Color, true);
    OS << Kind;
    reset();
    if (Bold)
      color(raw_ostream::SAVEDCOLOR, true);
    OS << Text;
    if (Bold)
      reset();
    OS << '\n';
    if (Options.Source && At.isValid())
      quote(At);
  }

  void quote(const Place &At) {
    StringRef Line = Sources.line(At);
    if (Line.empty())
      return;
    ShownLine Shown = showLine(Line, At.Column);
    OS << format("%5u", At.Line) << " | " << Shown.Text << '\n';
    std::string Gutter(std::max<size_t>(5, std::to_string(At.Line).size()),
                       ' ');
    OS << Gutter << " | " << std::string(Shown.CaretColumn, ' ');
    color(raw_ostream::GREEN, true);
    OS << '^';
    reset();
    OS << '\n';
  }

  raw_ostream &OS;
  const TextOptions &Options;
  SourceCache Sources;
};

} // namespace

void printText(raw_ostream &OS, const Report &R, const TextOptions &Options) {
  bool HadColors = OS.colors_enabled();
  OS.enable_colors(Options.Color);
  Printer P(OS, Options);
  for (const ReportedFinding &F : R.Findings)
    P.print(F.Item);
  OS.enable_colors(HadColors);
}

} // namespace devlife
