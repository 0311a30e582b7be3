//===- JsonTest.cpp - Reports: order, fingerprints, JSON, text ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Json.h"
#include "report/Output.h"
#include "report/Picture.h"
#include "report/SourceCache.h"
#include "report/Text.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace devlife;

namespace {

Place place(StringRef File, unsigned Line, unsigned Column,
            StringRef Function = "y_remove") {
  return {File.str(), ("/tree/" + File).str(), Line, Column, 0, Function.str()};
}

Finding finding(StringRef File, unsigned Line, StringRef Module) {
  Finding F;
  F.Check = "devlife-test";
  F.Message = "'kfree' ends the lifetime of 'priv->ring'";
  F.At = place(File, Line, 2);
  F.Module = Module.str();
  F.Identity = "kfree priv->ring";
  return F;
}

Report report(std::vector<Finding> Findings) {
  Report R;
  R.Findings = arrangeFindings(std::move(Findings));
  return R;
}

std::string jsonText(const Report &R) {
  std::string Text;
  raw_string_ostream OS(Text);
  printJson(OS, R);
  return Text;
}

json::Object parsed(const Report &R) {
  auto Value = json::parse(jsonText(R));
  EXPECT_TRUE(bool(Value)) << toString(Value.takeError());
  return Value && Value->getAsObject() ? std::move(*Value->getAsObject())
                                       : json::Object();
}

std::string text(const Report &R, TextOptions Options) {
  std::string Text;
  raw_string_ostream OS(Text);
  printText(OS, R, Options);
  return Text;
}

TEST(Arrange, SortsByPlace) {
  Report R = report({finding("z.c", 1, "a"), finding("y.c", 20, "b"),
                     finding("y.c", 3, "b")});
  ASSERT_EQ(R.Findings.size(), 3u);
  EXPECT_EQ(R.Findings[0].Item.At.Line, 3u);
  EXPECT_EQ(R.Findings[1].Item.At.Line, 20u);
  EXPECT_EQ(R.Findings[2].Item.At.File, "z.c");
}

TEST(Arrange, NumbersEqualFingerprints) {
  Finding Other = finding("y.c", 4, "m");
  Other.Identity = "free_irq";
  Report R = report({finding("y.c", 5, "m"), finding("y.c", 3, "m"), Other,
                     finding("y.c", 9, "m")});
  ASSERT_EQ(R.Findings.size(), 4u);
  std::string First = R.Findings[0].Fingerprint;
  EXPECT_EQ(First.size(), 16u);
  EXPECT_EQ(First, R.Findings[0].Item.fingerprint());
  EXPECT_NE(R.Findings[1].Fingerprint, First);
  EXPECT_EQ(R.Findings[1].Fingerprint.size(), 16u);
  EXPECT_EQ(R.Findings[2].Fingerprint, First + "-2");
  EXPECT_EQ(R.Findings[3].Fingerprint, First + "-3");
}

TEST(Arrange, FoldsTheFindingOfASharedFile) {
  Finding Different = finding("y.c", 3, "c");
  Different.Edits.push_back({"y.c", "/tree/y.c", 0, 1, ""});
  Report R = report({finding("y.c", 3, "a"), Different, finding("y.c", 3, "d"),
                     finding("y.c", 3, "d")});
  ASSERT_EQ(R.Findings.size(), 2u);
  EXPECT_EQ(R.Findings[0].Item.Module, "a");
  EXPECT_EQ(R.Findings[0].AlsoIn, std::vector<std::string>{"d"});
  EXPECT_EQ(R.Findings[1].Item.Module, "c");
  EXPECT_TRUE(R.Findings[1].AlsoIn.empty());
}

TEST(Arrange, KeepsTwoFindingsOfOneModule) {
  EXPECT_EQ(
      report({finding("y.c", 3, "a"), finding("y.c", 3, "a")}).Findings.size(),
      2u);
}

TEST(Json, HasEveryField) {
  Finding F = finding("drivers/x/y.c", 412, "y");
  F.Certainty = Confidence::Medium;
  F.Level = Severity::Bug;
  F.Driver = "y_driver";
  F.Notes.push_back({place("drivers/x/y.h", 7, 1, ""), "window opens"});
  F.Intervals.push_back({Interval::Window,
                         "IRQ handler 'y_isr'",
                         {place("drivers/x/y.c", 301, 8, "y_probe"), "opens"},
                         {Place(), "devres"}});
  F.Edits.push_back({"drivers/x/y.c", "/tree/drivers/x/y.c", 10, 20, "\tx;\n"});
  Report R = report({F});
  R.Contract = "hybrid";
  R.Totals.Modules = 2;
  R.Totals.TUs = 3;
  R.Totals.Drivers = 4;
  R.Totals.Hidden = 5;
  R.Totals.Failed.push_back({"drivers/x/z.c", "z.c:1:1: no"});
  R.Totals.LeftOut.push_back("module z: why");

  json::Object O = parsed(R);
  EXPECT_EQ(O.getInteger("version"), 1);
  EXPECT_EQ(O.getString("contract"), StringRef("hybrid"));
  EXPECT_EQ(O.getObject("tool")->getString("name"), StringRef("devlife"));
  EXPECT_EQ(O.getObject("tool")->getString("version"), devlifeVersion());

  json::Object &J = *(*O.getArray("findings"))[0].getAsObject();
  EXPECT_EQ(J.getString("check"), StringRef("devlife-test"));
  EXPECT_EQ(J.getString("confidence"), StringRef("medium"));
  EXPECT_EQ(J.getString("severity"), StringRef("bug"));
  EXPECT_EQ(J.getString("message"), StringRef(F.Message));
  EXPECT_EQ(J.getString("file"), StringRef("drivers/x/y.c"));
  EXPECT_EQ(J.getInteger("line"), 412);
  EXPECT_EQ(J.getInteger("column"), 2);
  EXPECT_EQ(J.getString("function"), StringRef("y_remove"));
  EXPECT_EQ(J.getString("module"), StringRef("y"));
  EXPECT_EQ(J.get("also_in"), nullptr);
  EXPECT_EQ(J.getString("driver"), StringRef("y_driver"));
  EXPECT_EQ(J.getString("fingerprint"), StringRef(F.fingerprint()));
  json::Object &N = *(*J.getArray("notes"))[0].getAsObject();
  EXPECT_EQ(N.getString("file"), StringRef("drivers/x/y.h"));
  EXPECT_EQ(N.getString("text"), StringRef("window opens"));
  json::Object &I = *(*J.getArray("intervals"))[0].getAsObject();
  EXPECT_EQ(I.getString("kind"), StringRef("window"));
  EXPECT_EQ(I.getString("what"), StringRef("IRQ handler 'y_isr'"));
  EXPECT_EQ(I.getObject("begin")->getInteger("line"), 301);
  EXPECT_EQ(I.getObject("begin")->getString("function"), StringRef("y_probe"));
  EXPECT_EQ(I.getObject("end")->get("line"), nullptr);
  EXPECT_EQ(I.getObject("end")->getString("text"), StringRef("devres"));
  json::Object &E = *(*J.getArray("edits"))[0].getAsObject();
  EXPECT_EQ(E.getString("file"), StringRef("drivers/x/y.c"));
  EXPECT_EQ(E.getInteger("begin"), 10);
  EXPECT_EQ(E.getInteger("end"), 20);
  EXPECT_EQ(E.getString("text"), StringRef("\tx;\n"));

  json::Object &S = *O.getObject("summary");
  EXPECT_EQ(S.getInteger("findings"), 1);
  EXPECT_EQ(S.getInteger("modules"), 2);
  EXPECT_EQ(S.getInteger("tus"), 3);
  EXPECT_EQ(S.getInteger("drivers"), 4);
  EXPECT_EQ(S.getInteger("hidden"), 5);
  json::Object &T = *(*S.getArray("failed"))[0].getAsObject();
  EXPECT_EQ(T.getString("file"), StringRef("drivers/x/z.c"));
  EXPECT_EQ(T.getString("error"), StringRef("z.c:1:1: no"));
  EXPECT_EQ((*S.getArray("left_out"))[0].getAsString(),
            StringRef("module z: why"));
}

TEST(Json, EmptyReportHasItsArrays) {
  json::Object O = parsed(Report());
  EXPECT_EQ(O.get("contract"), nullptr);
  ASSERT_TRUE(O.getArray("findings"));
  EXPECT_TRUE(O.getArray("findings")->empty());
  EXPECT_TRUE(O.getObject("summary")->getArray("failed"));
  EXPECT_TRUE(O.getObject("summary")->getArray("left_out"));
}

TEST(Json, SaysNothingAboutWhereTheTreeIs) {
  Finding F = finding("y.c", 3, "a");
  F.Edits.push_back({"y.c", "/tree/y.c", 0, 1, ""});
  EXPECT_EQ(jsonText(report({F})).find("/tree"), std::string::npos);
}

TEST(Json, HostileTextStaysValidUtf8) {
  Finding F = finding("dr\xffivers/y.c", 3, "a\"b\\c\n\x01");
  F.Message = "M\xfcller";
  F.Edits.push_back({"y.c", "/tree/y.c", 0, 1, "/* M\xfcller */"});
  F.Edits.push_back({"y.c", "/tree/y.c", 1, 2, "/* M\xc3\xbcller */"});
  Report R = report({F});
  std::string Text = jsonText(R);
  EXPECT_TRUE(json::isUTF8(Text));
  json::Object O = parsed(R);
  json::Object &J = *(*O.getArray("findings"))[0].getAsObject();
  EXPECT_EQ(J.getString("module"), StringRef("a\"b\\c\n\x01"));
  EXPECT_EQ(J.getString("message"), StringRef("M\xef\xbf\xbdller"));
  // An edit is never changed on its way.
  json::Object &Bytes = *(*J.getArray("edits"))[0].getAsObject();
  EXPECT_EQ(Bytes.get("text"), nullptr);
  EXPECT_EQ(Bytes.getString("text_base64"), StringRef("LyogTfxsbGVyICov"));
  EXPECT_EQ((*J.getArray("edits"))[1].getAsObject()->getString("text"),
            StringRef("/* M\xc3\xbcller */"));
}

TEST(Text, IsClangs) {
  Finding F = finding("drivers/x/y.c", 412, "y");
  F.Notes.push_back({place("drivers/x/y.c", 120, 9), "used here"});
  F.Notes.push_back({Place(), "released by devres"});
  EXPECT_EQ(text(report({F}), TextOptions()),
            "drivers/x/y.c:412:2: warning: 'kfree' ends the lifetime of "
            "'priv->ring' [devlife-test]\n"
            "drivers/x/y.c:120:9: note: used here\n"
            "note: released by devres\n");
}

TEST(Text, ColoursOnlyWhenAsked) {
  Report R = report({finding("y.c", 1, "y")});
  TextOptions Options;
  EXPECT_EQ(text(R, Options).find('\x1b'), std::string::npos);
  Options.Color = true;
  EXPECT_NE(text(R, Options).find('\x1b'), std::string::npos);
}

TEST(Text, QuotesTheLine) {
  SmallString<128> Path;
  ASSERT_FALSE(sys::fs::createTemporaryFile("devlife", "c", Path));
  FileRemover Remover(Path);
  ASSERT_EQ(toString(writeOutput(Path, "one\n\tif (x)\tkfree(p);\r\n")), "");
  Finding F = finding("y.c", 2, "y");
  F.At.FullPath = Path.str().str();
  F.At.Column = 9;
  std::string Text = text(report({F}), TextOptions());
  EXPECT_NE(Text.find("\n    2 |         if (x)  kfree(p);\n"
                      "      |                 ^\n"),
            std::string::npos)
      << Text;

  // The line is gone: the message remains.
  F.At.Line = 17;
  EXPECT_EQ(text(report({F}), TextOptions()).find(" | "), std::string::npos);
}

TEST(Text, ShownLinesAreHarmless) {
  EXPECT_EQ(showLine("\ta\x1b[31mb", 3).Text, "        a<U+001B>[31mb");
  EXPECT_EQ(showLine("M\xfcller x", 8).Text, "M<FC>ller x");
  EXPECT_EQ(showLine("M\xfcller x", 8).CaretColumn, 10u);
  EXPECT_EQ(showLine("M\xc3\xbcller x", 9).CaretColumn, 7u);
  EXPECT_EQ(showLine("ab", 3).CaretColumn, 2u);
  EXPECT_EQ(showLine("", 1).CaretColumn, 0u);
}

TEST(Picture, DrawsWindowAndLifetime) {
  Finding F = finding("drivers/x/y.c", 412, "y");
  Place Request = place("drivers/x/y.c", 301, 8, "y_probe");
  Place Alloc = place("drivers/x/y.c", 290, 2, "y_probe");
  F.Notes.push_back({Request, "window opens"});
  F.Notes.push_back({F.At, "lifetime ends"});
  F.Intervals.push_back(
      {Interval::Window, "IRQ handler 'y_isr'", {Request, ""}, {Place(), ""}});
  F.Intervals.push_back(
      {Interval::Lifetime, "'y_priv.ring'", {Alloc, ""}, {F.At, ""}});
  SourceCache Sources;
  EXPECT_EQ(drawIntervals(F, Sources),
            "    y_probe()\n"
            "      line 290 .... (A) lifetime of 'y_priv.ring' begins, "
            "y.c:290\n"
            "      line 301 .... (B) window of IRQ handler 'y_isr' begins, "
            "y.c:301\n"
            "    y_remove()\n"
            "      line 412 .... (C) lifetime of 'y_priv.ring' ends, y.c:412\n"
            "    devres ........ (D) window of IRQ handler 'y_isr' ends\n"
            "    between (C) and (D): IRQ handler 'y_isr' can use "
            "'y_priv.ring'\n");
}

TEST(Picture, ClaimsNoOrderThatTheNotesDoNotGive) {
  Finding F = finding("y.c", 412, "y");
  F.Intervals.push_back({Interval::Window,
                         "work 'w'",
                         {place("y.c", 1, 1), ""},
                         {place("y.c", 9, 1), ""}});
  F.Intervals.push_back(
      {Interval::Lifetime, "'r'", {place("y.c", 2, 1), ""}, {F.At, ""}});
  SourceCache Sources;
  EXPECT_EQ(drawIntervals(F, Sources).find("between"), std::string::npos);
}

TEST(Picture, LifetimeThatEndsTwice) {
  Finding F = finding("y.c", 412, "y");
  Place Alloc = place("y.c", 1, 1, "y_probe");
  F.Intervals.push_back(
      {Interval::Lifetime, "IRQ vectors", {Alloc, ""}, {F.At, ""}});
  F.Intervals.push_back(
      {Interval::Lifetime, "IRQ vectors", {Alloc, ""}, {Place(), ""}});
  SourceCache Sources;
  EXPECT_EQ(drawIntervals(F, Sources),
            "    y_probe()\n"
            "      line 1 ...... (A) lifetime of IRQ vectors begins, y.c:1\n"
            "    y_remove()\n"
            "      line 412 .... (B) lifetime of IRQ vectors ends, y.c:412\n"
            "    devres ........ (C) lifetime of IRQ vectors ends\n"
            "    (B) and (C) both end the lifetime of IRQ vectors\n");
}

TEST(Picture, NothingToDraw) {
  SourceCache Sources;
  EXPECT_EQ(drawIntervals(finding("y.c", 1, "y"), Sources), "");
}

} // namespace
