//===- EditsTest.cpp - Edits: merging, writing, patches -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Edits.h"
#include "report/Output.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "gtest/gtest.h"
#include <random>
#include <unistd.h>

using namespace llvm;
using namespace devlife;

namespace {

class EditsTest : public testing::Test {
protected:
  void SetUp() override {
    SmallString<128> Path;
    ASSERT_FALSE(sys::fs::createUniqueDirectory("devlife-edits", Path));
    SmallString<128> Real;
    ASSERT_FALSE(sys::fs::real_path(Path, Real));
    Root = Real.str().str();
  }
  void TearDown() override { sys::fs::remove_directories(Root); }

  std::string path(StringRef File) const { return Root + "/" + File.str(); }

  void write(StringRef File, StringRef Text) {
    sys::fs::create_directories(sys::path::parent_path(path(File)));
    ASSERT_EQ(toString(writeOutput(path(File), Text)), "");
  }

  std::string read(StringRef File) const {
    auto Buffer = MemoryBuffer::getFile(path(File));
    return Buffer ? (*Buffer)->getBuffer().str() : "<unreadable>";
  }

  Edit edit(StringRef File, unsigned Begin, unsigned End,
            StringRef Text) const {
    return {File.str(), path(File), Begin, End, Text.str()};
  }

  Finding finding(std::vector<Edit> Edits) const {
    Finding F;
    F.Check = "devlife-test";
    F.Edits = std::move(Edits);
    return F;
  }

  EditPlan plan(ArrayRef<Finding> Findings, bool ForWriting = false) const {
    std::vector<const Finding *> Pointers;
    for (const Finding &F : Findings)
      Pointers.push_back(&F);
    return planEdits(Pointers, Stamps, Root, ForWriting);
  }

  /// The new text of the only file that a plan changes.
  static std::string after(const EditPlan &Plan) {
    return Plan.Files.size() == 1 ? Plan.Files[0].After : "<not one file>";
  }

  std::string Root;
  FileStamps Stamps;
};

TEST_F(EditsTest, AppliesEditsOfSeveralFindings) {
  write("y.c", "aa bb cc dd");
  Finding F[] = {finding({edit("y.c", 6, 8, "CCC"), edit("y.c", 0, 2, "A")}),
                 finding({edit("y.c", 3, 6, "")})};
  EditPlan Plan = plan(F);
  EXPECT_EQ(after(Plan), "A CCC dd");
  EXPECT_EQ(Plan.Done.size(), 2u);
  EXPECT_TRUE(Plan.LeftOut.empty());
  EXPECT_TRUE(Plan.Errors.empty());
}

TEST_F(EditsTest, FindingsWithoutEditsDoNotCount) {
  Finding F[] = {finding({})};
  EditPlan Plan = plan(F);
  EXPECT_TRUE(Plan.Files.empty() && Plan.Done.empty() && Plan.LeftOut.empty());
}

TEST_F(EditsTest, EditThatChangesNothingIsNoFile) {
  write("y.c", "same");
  Finding F[] = {finding({edit("y.c", 0, 4, "same")})};
  EditPlan Plan = plan(F);
  EXPECT_TRUE(Plan.Files.empty());
  EXPECT_EQ(Plan.Done.size(), 1u);
}

TEST_F(EditsTest, IdenticalEditsAreOne) {
  write("y.c", "free(x); free(y);");
  Finding F[] = {finding({edit("y.c", 0, 9, "")}),
                 finding({edit("y.c", 0, 9, ""), edit("y.c", 9, 13, "kfree")}),
                 finding({edit("y.c", 17, 17, "\n")}),
                 finding({edit("y.c", 17, 17, "\n")})};
  EditPlan Plan = plan(F);
  EXPECT_EQ(after(Plan), "kfree(y);\n");
  EXPECT_EQ(Plan.Done.size(), 4u);
}

TEST_F(EditsTest, OfOverlappingEditsTheLaterFindingIsLeftOutWhole) {
  write("y.c", "0123456789");
  write("z.c", "0123456789");
  Finding F[] = {
      finding({edit("y.c", 2, 6, "X")}),
      finding({edit("z.c", 0, 1, "Z"), edit("y.c", 5, 8, "Y")}),
      finding({edit("y.c", 2, 6, "other")}),
      finding({edit("y.c", 6, 7, "next")}),
  };
  EditPlan Plan = plan(F);
  EXPECT_EQ(after(Plan), "01Xnext789");
  ASSERT_EQ(Plan.LeftOut.size(), 2u);
  EXPECT_EQ(Plan.LeftOut[0].Of, &F[1]);
  EXPECT_EQ(Plan.LeftOut[0].Why,
            "its edits of 'y.c' overlap with those of an earlier finding");
  EXPECT_EQ(Plan.LeftOut[1].Of, &F[2]);
  EXPECT_TRUE(Plan.Errors.empty());
}

TEST_F(EditsTest, OverlapWithinAFinding) {
  write("y.c", "0123456789");
  Finding F[] = {finding({edit("y.c", 2, 6, "X"), edit("y.c", 5, 8, "Y")}),
                 finding({edit("y.c", 2, 6, "X"), edit("y.c", 2, 6, "X")})};
  EditPlan Plan = plan(F);
  EXPECT_EQ(after(Plan), "01X6789");
  ASSERT_EQ(Plan.LeftOut.size(), 1u);
  EXPECT_EQ(Plan.LeftOut[0].Why, "its edits of 'y.c' overlap");
}

TEST_F(EditsTest, InsertionsBesideAndInsideAReplacement) {
  write("y.c", "0123456789");
  Finding F[] = {
      finding({edit("y.c", 3, 6, "x")}), finding({edit("y.c", 3, 3, "<")}),
      finding({edit("y.c", 6, 6, ">")}), finding({edit("y.c", 4, 4, "inside")}),
      finding({edit("y.c", 6, 6, "which first?")})};
  EditPlan Plan = plan(F);
  EXPECT_EQ(after(Plan), "012<x>6789");
  ASSERT_EQ(Plan.LeftOut.size(), 2u);
  EXPECT_EQ(Plan.LeftOut[0].Of, &F[3]);
  EXPECT_EQ(Plan.LeftOut[1].Of, &F[4]);
}

TEST_F(EditsTest, HostileRangesAreAnErrorAndNothingIsWritten) {
  write("short.c", "0123");
  write("turned.c", "0123");
  write("good.c", "0123");
  Finding F[] = {
      finding({edit("short.c", 2, 5, "X"), edit("good.c", 0, 1, "bad")}),
      finding({edit("short.c", 0, 1, "X")}),
      finding({edit("turned.c", 3, 2, "X")}),
      finding({edit("turned.c", 4294967295u, 4294967295u, "X")}),
      finding({edit("missing.c", 0, 0, "X")}),
      finding({edit("good.c", 0, 1, "G")}),
  };
  EditPlan Plan = plan(F);
  EXPECT_EQ(after(Plan), "G123");
  EXPECT_EQ(Plan.LeftOut.size(), 5u);
  ASSERT_EQ(Plan.Errors.size(), 3u);
  EXPECT_EQ(Plan.Errors[0],
            "missing.c: cannot be read, not edited: No such file or directory");
  EXPECT_EQ(Plan.Errors[1],
            "short.c: changed since it was analysed, not edited");
  EXPECT_EQ(Plan.Errors[2],
            "turned.c: changed since it was analysed, not edited");
}

TEST_F(EditsTest, NothingOutsideTheTreeIsEdited) {
  write("y.c", "0123");
  write("tree/y.c", "0123");
  write("tree2/y.c", "0123");
  write("elsewhere/z.c", "0123");
  std::string Outer = Root;
  ASSERT_FALSE(
      sys::fs::create_link(Outer + "/elsewhere", Outer + "/tree/link"));
  ASSERT_FALSE(sys::fs::create_link(Outer + "/tree", Outer + "/alias"));
  Finding F[] = {finding({edit("y.c", 0, 1, "X")}),
                 finding({edit("tree2/y.c", 0, 1, "X")}),
                 finding({edit("tree/../y.c", 2, 3, "X")}),
                 finding({edit("tree/y.c", 0, 1, "X")}),
                 finding({edit("tree/link/z.c", 0, 1, "X")})};
  for (StringRef Tree : {"/tree", "/alias"}) {
    Root = Outer + Tree.str();
    EditPlan Plan = plan(F);
    // Below "/alias" the link leads out of the tree under another name.
    EXPECT_EQ(Plan.Files.size(), Tree == "/tree" ? 2u : 1u);
    EXPECT_EQ(Plan.Files.back().File, "tree/y.c");
    ASSERT_FALSE(Plan.Errors.empty());
    EXPECT_EQ(Plan.Errors.back(),
              "y.c: outside the tree '" + Root + "', not edited");
  }
  Root = Outer;
}

TEST_F(EditsTest, FolderIsNotAFile) {
  ASSERT_FALSE(sys::fs::create_directory(path("y.c")));
  Finding F[] = {finding({edit("y.c", 0, 0, "X")})};
  EditPlan Plan = plan(F);
  EXPECT_TRUE(Plan.Files.empty());
  EXPECT_EQ(Plan.Errors.size(), 1u);
}

TEST_F(EditsTest, FileThatChangedSinceItsStampIsNotTouched) {
  write("y.c", "0123");
  Stamps[path("y.c")] = *FileStamp::of(path("y.c"));
  Finding F[] = {finding({edit("y.c", 0, 1, "X")})};
  EXPECT_EQ(after(plan(F)), "X123");

  write("y.c", "4567"); // The same size, another file.
  EditPlan Plan = plan(F);
  EXPECT_TRUE(Plan.Files.empty());
  ASSERT_EQ(Plan.Errors.size(), 1u);
  EXPECT_EQ(Plan.Errors[0], "y.c: changed since it was analysed, not edited");
}

TEST_F(EditsTest, PlacesMustBeWhereTheyWere) {
  write("y.c", "one\r\ntwo\n\tthree\n");
  Finding F = finding({edit("y.c", 10, 15, "3")});
  F.At = {"y.c", path("y.c"), 3, 2, 10, "f"};
  EXPECT_EQ(after(plan({F})), "one\r\ntwo\n\t3\n");

  // Notes count as well, those in other files do not.
  Finding G = F;
  G.Notes.push_back({{"x.c", path("x.c"), 1, 1, 100, ""}, "elsewhere"});
  EXPECT_EQ(after(plan({G})), "one\r\ntwo\n\t3\n");
  G.Notes.push_back({{"y.c", path("y.c"), 2, 2, 5, ""}, "moved"});
  EXPECT_EQ(plan({G}).Errors.size(), 1u);

  write("y.c", "one\r\ntwo\n\n\tthree\n");
  EXPECT_EQ(plan({F}).Errors.size(), 1u);
  write("y.c", "on\n\n\ntwo\n\tthree\n"); // The right column of line 5.
  EXPECT_EQ(plan({F}).Errors.size(), 1u);
  write("y.c", "one\r\nt\n\tthr\n three\n");
  EXPECT_EQ(plan({F}).Errors.size(), 1u);
}

TEST_F(EditsTest, TwoNamesOfAFileAreOneFile) {
  write("y.c", "0123");
  ASSERT_FALSE(sys::fs::create_link(path("y.c"), path("link.c")));
  Finding F[] = {finding({edit("y.c", 0, 1, "X")}),
                 finding({edit("link.c", 2, 3, "Y")})};
  EditPlan Plan = plan(F, /*ForWriting=*/true);
  EXPECT_EQ(after(Plan), "X1Y3");
  EXPECT_EQ(toString(writeFiles(Plan.Files)), "");
  EXPECT_EQ(read("y.c"), "X1Y3");
  bool IsLink = false;
  EXPECT_FALSE(sys::fs::is_symlink_file(path("link.c"), IsLink));
  EXPECT_TRUE(IsLink);
}

TEST_F(EditsTest, WritingKeepsTheModeAndLeavesNothingBehind) {
  write("y.c", "0123");
  auto Mode = sys::fs::perms(0751);
  ASSERT_FALSE(sys::fs::setPermissions(path("y.c"), Mode));
  Finding F[] = {finding({edit("y.c", 0, 4, "new\n")})};
  EXPECT_EQ(toString(writeFiles(plan(F, true).Files)), "");
  EXPECT_EQ(read("y.c"), "new\n");
  EXPECT_EQ(*sys::fs::getPermissions(path("y.c")), Mode);
  std::error_code EC;
  unsigned NumFiles = 0;
  for (sys::fs::directory_iterator I(Root, EC), E; I != E; I.increment(EC))
    ++NumFiles;
  EXPECT_EQ(NumFiles, 1u);
}

TEST_F(EditsTest, WhenOneFileCannotBePreparedNoneIsChanged) {
  write("a.c", "0123");
  std::vector<FileChange> Files = {
      {"a.c", path("a.c"), "0123", "new"},
      {"gone/b.c", path("gone/b.c"), "0123", "new"}};
  std::string Message = toString(writeFiles(Files));
  EXPECT_NE(Message.find("nothing was changed"), std::string::npos) << Message;
  EXPECT_NE(Message.find("gone/b.c"), std::string::npos) << Message;
  EXPECT_EQ(read("a.c"), "0123");
}

TEST_F(EditsTest, NoPermissionToWrite) {
  if (getuid() == 0)
    GTEST_SKIP() << "root may write everywhere";
  write("y.c", "0123");
  write("sub/z.c", "0123");
  ASSERT_FALSE(sys::fs::setPermissions(path("y.c"), sys::fs::all_read));
  ASSERT_FALSE(sys::fs::setPermissions(
      path("sub"), sys::fs::perms(sys::fs::all_read | sys::fs::all_exe)));
  Finding F[] = {finding({edit("y.c", 0, 1, "X")}),
                 finding({edit("sub/z.c", 0, 1, "X")})};
  EXPECT_EQ(plan(F, /*ForWriting=*/false).Files.size(), 2u);
  EditPlan Plan = plan(F, /*ForWriting=*/true);
  EXPECT_TRUE(Plan.Files.empty());
  ASSERT_EQ(Plan.Errors.size(), 2u);
  EXPECT_EQ(Plan.Errors[1],
            "y.c: cannot be written, not edited: Permission denied");
  ASSERT_FALSE(sys::fs::setPermissions(path("sub"), sys::fs::all_all));
}

TEST_F(EditsTest, PatchIsWhatGitApplies) {
  auto Git = sys::findProgramByName("git");
  if (!Git)
    GTEST_SKIP() << "no git";
  struct {
    std::string File, Before, After;
  } Cases[] = {
      {"drivers/x/y.c", "int a;\nint b;\n", "int a;\nlong b;\n"},
      {"drivers/x/latin1.c", "/* M\xfcller */\nint b;\n",
       "/* M\xfcller */\nint c;\n"},
      {"drivers/x/no newline.c", "int a;\nint b;", "int a;\n"},
      {"drivers/x/zero.c", std::string("a\0b\n", 4), "c\n"},
      {"empty.c", "int a;\n", ""},
  };
  std::vector<FileChange> Files;
  for (auto &C : Cases) {
    write(C.File, C.Before);
    Files.push_back({C.File, path(C.File), C.Before, C.After});
  }
  auto Patch = makePatch(Files);
  ASSERT_TRUE(bool(Patch)) << toString(Patch.takeError());
  EXPECT_NE(Patch->find("--- a/drivers/x/y.c\n+++ b/drivers/x/y.c\n"),
            std::string::npos)
      << *Patch;
  EXPECT_EQ(Patch->find(Root), std::string::npos) << *Patch;
  write("the.patch", *Patch);
  std::string Input = path("the.patch");
  StringRef Argv[] = {*Git, "-C", Root, "apply", "-p1", Input};
  ASSERT_EQ(sys::ExecuteAndWait(*Git, Argv), 0) << *Patch;
  for (auto &C : Cases)
    if (C.After.empty())
      EXPECT_TRUE(!sys::fs::exists(path(C.File)) || read(C.File).empty());
    else
      EXPECT_EQ(read(C.File), C.After);

  auto Again = makePatch(Files);
  ASSERT_TRUE(bool(Again)) << toString(Again.takeError());
  EXPECT_EQ(*Again, *Patch);

  // Nothing of one file is left in the patch of the next.
  std::string Sum;
  for (const FileChange &Change : Files)
    if (auto One = makePatch(Change))
      Sum += *One;
    else
      ADD_FAILURE() << toString(One.takeError());
  EXPECT_EQ(Sum, *Patch);
}

TEST_F(EditsTest, PatchStaysInsideTheTree) {
  for (StringRef Name : {"/etc/passwd", "../y.c", "a\nb.c", ""}) {
    FileChange Change{Name.str(), path("y.c"), "a\n", "b\n"};
    auto Patch = makePatch({Change});
    EXPECT_FALSE(bool(Patch)) << Name.str();
    consumeError(Patch.takeError());
  }
  auto Nothing = makePatch({});
  ASSERT_TRUE(bool(Nothing)) << toString(Nothing.takeError());
  EXPECT_EQ(*Nothing, "");
}

/// Random edits against the obvious model: each byte may be replaced by one
/// finding, and each gap may be filled by one text.
TEST_F(EditsTest, RandomEditsAgreeWithTheModel) {
  const std::string Text = "abcdefghijklmnop";
  write("y.c", Text);
  std::mt19937 Random(1);
  for (unsigned Round = 0; Round < 300; ++Round) {
    std::vector<Finding> Findings;
    for (unsigned I = 0; I < 6; ++I) {
      unsigned A = Random() % (Text.size() + 1), B = Random() % 4;
      unsigned End = std::min<unsigned>(A + B, Text.size());
      Findings.push_back(
          finding({edit("y.c", A, End, std::to_string(Random() % 3))}));
    }

    std::vector<int> Owner(Text.size(), -1);
    std::vector<Edit> Accepted;
    for (size_t I = 0; I < Findings.size(); ++I) {
      const Edit &E = Findings[I].Edits[0];
      bool Known = llvm::is_contained(Accepted, E), Free = true;
      for (unsigned At = E.Begin; At < E.End; ++At)
        Free &= Owner[At] < 0;
      for (const Edit &O : Accepted) {
        if (E.Begin == E.End && O.Begin == O.End)
          Free &= E.Begin != O.Begin;
        if (E.Begin == E.End)
          Free &= !(O.Begin < E.Begin && E.Begin < O.End);
        if (O.Begin == O.End)
          Free &= !(E.Begin < O.Begin && O.Begin < E.End);
      }
      if (Known || !Free)
        continue;
      for (unsigned At = E.Begin; At < E.End; ++At)
        Owner[At] = I;
      Accepted.push_back(E);
    }
    std::string Expected;
    for (unsigned At = 0; At <= Text.size(); ++At) {
      for (const Edit &E : Accepted)
        if (E.Begin == At && E.End == At)
          Expected += E.Text;
      for (const Edit &E : Accepted)
        if (E.Begin == At && E.End > At)
          Expected += E.Text;
      if (At < Text.size() && Owner[At] < 0)
        Expected += Text[At];
    }

    EditPlan Plan = plan(Findings);
    std::string Result = Plan.Files.empty() ? Text : after(Plan);
    ASSERT_EQ(Result, Expected) << "round " << Round;
    ASSERT_EQ(Plan.Done.size() + Plan.LeftOut.size(), Findings.size());
  }
}

} // namespace
