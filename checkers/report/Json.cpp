//===- Json.cpp - Findings for machines ---------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Json.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace devlife {

namespace {

/// JSON is UTF-8; sources and paths need not be.
std::string utf8(StringRef Text) {
  return json::isUTF8(Text) ? Text.str() : json::fixUTF8(Text);
}

class Writer {
public:
  explicit Writer(raw_ostream &OS) : J(OS, /*IndentSize=*/2) {}

  void write(const Report &R) {
    J.object([&] {
      J.attribute("version", JsonVersion);
      J.attributeObject("tool", [&] {
        string("name", "devlife");
        string("version", devlifeVersion());
      });
      if (!R.Contract.empty())
        string("contract", R.Contract);
      J.attributeArray("findings", [&] {
        for (const ReportedFinding &F : R.Findings)
          J.object([&] { finding(F); });
      });
      J.attributeObject("summary", [&] { summary(R); });
    });
  }

private:
  void string(StringRef Key, StringRef Value) { J.attribute(Key, utf8(Value)); }

  void strings(StringRef Key, ArrayRef<std::string> Values) {
    J.attributeArray(Key, [&] {
      for (const std::string &Value : Values)
        J.value(utf8(Value));
    });
  }

  void place(const Place &At) {
    string("file", At.File);
    J.attribute("line", int64_t(At.Line));
    J.attribute("column", int64_t(At.Column));
    string("function", At.Function);
  }

  void note(const Note &N) {
    if (N.At.isValid())
      place(N.At);
    string("text", N.Text);
  }

  void finding(const ReportedFinding &R) {
    const Finding &F = R.Item;
    string("check", F.Check);
    string("confidence", toString(F.Certainty));
    string("severity", toString(F.Level));
    string("message", F.Message);
    place(F.At);
    string("module", F.Module);
    if (!R.AlsoIn.empty())
      strings("also_in", R.AlsoIn);
    string("driver", F.Driver);
    J.attributeArray("notes", [&] {
      for (const Note &N : F.Notes)
        J.object([&] { note(N); });
    });
    J.attributeArray("intervals", [&] {
      for (const Interval &I : F.Intervals)
        J.object([&] { interval(I); });
    });
    J.attributeArray("edits", [&] {
      for (const Edit &E : F.Edits)
        J.object([&] { edit(E); });
    });
    string("fingerprint", R.Fingerprint);
  }

  void interval(const Interval &I) {
    string("kind", I.Kind == Interval::Window ? "window" : "lifetime");
    string("what", I.What);
    J.attributeObject("begin", [&] { note(I.Begin); });
    J.attributeObject("end", [&] { note(I.End); });
  }

  void edit(const Edit &E) {
    string("file", E.File);
    J.attribute("begin", int64_t(E.Begin));
    J.attribute("end", int64_t(E.End));
    // An edit is bytes: a replacement character would end up in the source.
    if (json::isUTF8(E.Text))
      string("text", E.Text);
    else
      J.attribute("text_base64", encodeBase64(E.Text));
  }

  void summary(const Report &R) {
    const Summary &S = R.Totals;
    J.attribute("findings", int64_t(R.Findings.size()));
    J.attribute("hidden", int64_t(S.Hidden));
    J.attribute("modules", int64_t(S.Modules));
    J.attribute("tus", int64_t(S.TUs));
    J.attribute("drivers", int64_t(S.Drivers));
    J.attributeArray("failed", [&] {
      for (const FailedTU &T : S.Failed)
        J.object([&] {
          string("file", T.File);
          string("error", T.Error);
        });
    });
    strings("left_out", S.LeftOut);
  }

  json::OStream J;
};

} // namespace

void printJson(raw_ostream &OS, const Report &R) {
  Writer(OS).write(R);
  OS << '\n';
}

} // namespace devlife
