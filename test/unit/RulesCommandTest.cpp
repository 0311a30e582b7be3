//===- RulesCommandTest.cpp - devlife rules -------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/RulesCommand.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace devlife;

namespace {

class RuleDirectory : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("devlife-rules", Path));
  }
  void TearDown() override { sys::fs::remove_directories(Path); }

  void write(StringRef Name, StringRef Text) {
    SmallString<128> File(Path);
    sys::path::append(File, Name);
    std::error_code Code;
    raw_fd_ostream(File, Code) << Text;
    ASSERT_FALSE(Code);
  }

  std::string run(bool Check, int Expected) {
    std::string Text;
    raw_string_ostream Out(Text);
    EXPECT_EQ(rulesMain(Path, Check, Out), Expected);
    return Text;
  }

  SmallString<128> Path;
};

TEST_F(RuleDirectory, Table) {
  write("a.yaml", "subsystem: a\nsource: a.h\n"
                  "resources: [{ name: r, text: thing }]\n"
                  "rules:\n"
                  "  - call: put\n"
                  "    release: { resource: r, object: arg0 }\n"
                  "    since: \"6.1\"\n"
                  "  - call: get\n"
                  "    acquire: { resource: r, object: return, index: arg1 }\n"
                  "    managed-by: arg0\n"
                  "    fails: err-ptr\n");
  write("b.yaml", "subsystem: b\nsource: b.h\n"
                  "drivers:\n"
                  "  - { table: x_driver, device: x, begin: [probe], end: "
                  "[a, b], releases: false }\n");
  write("ignored.txt", "nothing");
  EXPECT_EQ(run(/*Check=*/true, 0), "3 rules in 2 files: ok\n");
  EXPECT_EQ(
      run(/*Check=*/false, 0),
      "FUNCTION  EFFECT     ARGUMENT                                  FAILS    "
      "SOURCE\n"
      "get       acquire r  object=return index=arg1 managed-by=arg0  err-ptr  "
      "a.h\n"
      "put       release r  object=arg0 since=6.1                     never    "
      "a.h\n"
      "x_driver  driver x   begin=probe end=a,b releases=false        -        "
      "b.h\n");
}

TEST_F(RuleDirectory, WrongRules) {
  write("a.yaml", "subsystem: a\nsource: a.h\nrulez: 1\n");
  EXPECT_EQ(run(/*Check=*/true, 2),
            (Path + "/a.yaml:3:1: unknown key 'rulez'\n").str());
  EXPECT_EQ(run(/*Check=*/false, 2),
            (Path + "/a.yaml:3:1: unknown key 'rulez'\n").str());
}

TEST_F(RuleDirectory, NoRules) {
  EXPECT_EQ(run(/*Check=*/true, 2),
            (Path + ": no *.yaml in this directory\n").str());
  sys::fs::remove_directories(Path);
  EXPECT_EQ(run(/*Check=*/true, 2),
            (Path + ": No such file or directory\n").str());
}

} // namespace
