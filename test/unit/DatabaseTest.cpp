//===- DatabaseTest.cpp - Reading compile databases -----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Database.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <optional>

using namespace llvm;
using namespace devlife;

namespace {

class DatabaseTest : public testing::Test {
protected:
  void SetUp() override {
    SmallString<128> Path;
    ASSERT_FALSE(sys::fs::createUniqueDirectory("devlife-database", Path));
    Root = Path.str().str();
  }
  void TearDown() override { sys::fs::remove_directories(Root); }

  std::string file() const { return Root + "/compile_commands.json"; }

  void write(StringRef Text) {
    std::error_code EC;
    raw_fd_ostream OS(file(), EC);
    ASSERT_FALSE(EC);
    OS << Text;
  }

  /// Loads \p Text; on an error, fails the test.
  std::optional<Database> load(StringRef Text) {
    write(Text);
    Expected<Database> DB = loadDatabase(Root);
    if (DB)
      return std::move(*DB);
    ADD_FAILURE() << toString(DB.takeError());
    return std::nullopt;
  }

  /// The error for \p Text, without the path of the database.
  std::string errorFor(StringRef Text) {
    write(Text);
    Expected<Database> DB = loadDatabase(Root);
    if (DB)
      return "";
    std::string Message = toString(DB.takeError());
    size_t At = Message.find(file());
    EXPECT_NE(At, std::string::npos) << Message;
    if (At != std::string::npos)
      Message.replace(At, file().size(), "DB");
    EXPECT_EQ(Message.find('\n'), std::string::npos) << Message;
    return Message;
  }

  /// The kept arguments of one command for drivers/a/b.c, less the compiler,
  /// the module's name and the file.
  std::string cleaned(StringRef Arguments) {
    std::optional<Database> DB =
        load((R"([{"directory": "/t", "file": "drivers/a/b.c", "command":)"
              R"("clang -DKBUILD_MODNAME=b )" +
              Arguments + R"( drivers/a/b.c"}])")
                 .str());
    if (!DB || DB->entries().size() != 1)
      return "<no entry>";
    ArrayRef<StringRef> Kept = DB->entries().front().Arguments;
    EXPECT_EQ(Kept.front(), "clang");
    EXPECT_EQ(Kept[1], "-DKBUILD_MODNAME=b");
    EXPECT_EQ(Kept.back(), "drivers/a/b.c");
    return join(Kept.drop_front(2).drop_back(), " ");
  }

  std::string Root;
};

std::string describe(const DatabaseEntry &E) {
  return (E.File + " " + E.Output + " " + E.ModuleName + " " + E.ModuleFile)
      .str();
}

// What `devlife compdb` writes.
TEST_F(DatabaseTest, ReadsArguments) {
  std::optional<Database> DB = load(R"([
{"file":"/s/drivers/a/b.c","directory":"/b","output":"drivers/a/b.o","arguments":["clang-19","-nostdinc","-include","/s/include/linux/kconfig.h","-D__KERNEL__","-DMODULE","-DKBUILD_MODFILE=\"drivers/a/a-b\"","-DKBUILD_MODNAME=\"a_b\"","-D__KBUILD_MODNAME=kmod_a_b","-c","-o","drivers/a/b.o","/s/drivers/a/b.c"]}
]
)");
  ASSERT_TRUE(DB);
  EXPECT_EQ(DB->path(), file());
  ASSERT_EQ(DB->entries().size(), 1u);
  const DatabaseEntry &E = DB->entries().front();
  EXPECT_EQ(describe(E), "/s/drivers/a/b.c drivers/a/b.o a_b drivers/a/a-b");
  EXPECT_EQ(E.Directory, "/b");
  EXPECT_EQ(
      E.commandLine(),
      (std::vector<std::string>{
          "clang-19", "-nostdinc", "-include", "/s/include/linux/kconfig.h",
          "-D__KERNEL__", "-DMODULE", "-DKBUILD_MODFILE=\"drivers/a/a-b\"",
          "-DKBUILD_MODNAME=\"a_b\"", "-D__KBUILD_MODNAME=kmod_a_b",
          "/s/drivers/a/b.c"}));
}

// What gen_compile_commands.py writes, here for gcc; no "output".
TEST_F(DatabaseTest, ReadsCommands) {
  std::optional<Database> DB = load(R"([
  {
    "command": "gcc -Wp,-MMD,drivers/a/.b.o.d -D__KERNEL__ -DKBUILD_MODFILE='\"drivers/a/b\"' -DKBUILD_MODNAME='\"b\"' -D__KBUILD_MODNAME=kmod_b -DX='\"a b\"' -c -o drivers/a/b.o drivers/a/b.c",
    "directory": "/t",
    "file": "/t/drivers/a/b.c"
  }
])");
  ASSERT_TRUE(DB);
  ASSERT_EQ(DB->entries().size(), 1u);
  const DatabaseEntry &E = DB->entries().front();
  EXPECT_EQ(describe(E), "/t/drivers/a/b.c drivers/a/b.o b drivers/a/b");
  EXPECT_EQ(E.commandLine(),
            (std::vector<std::string>{
                "clang", "-D__KERNEL__", "-DKBUILD_MODFILE=\"drivers/a/b\"",
                "-DKBUILD_MODNAME=\"b\"", "-D__KBUILD_MODNAME=kmod_b",
                "-DX=\"a b\"", "drivers/a/b.c"}));
}

TEST_F(DatabaseTest, ReadsModuleNamesInAllSpellings) {
  for (StringRef Spelling :
       {R"(-DKBUILD_MODNAME=a_b)", R"(-DKBUILD_MODNAME='\"a_b\"')",
        R"(-DKBUILD_MODNAME=\"a_b\")", R"(-DKBUILD_MODNAME=\\\"a_b\\\")",
        R"('-DKBUILD_MODNAME=\"a_b\"')"}) {
    std::optional<Database> DB =
        load((R"([{"directory": "/t", "file": "x.c", "command": "gcc )" +
              Spelling + R"( x.c"}])")
                 .str());
    ASSERT_TRUE(DB) << Spelling.str();
    EXPECT_EQ(DB->entries().front().ModuleName, "a_b") << Spelling.str();
  }
}

TEST_F(DatabaseTest, SplitsFilesOfSeveralModules) {
  std::optional<Database> DB = load(R"([
{"file":"/s/e.c","directory":"/b","output":"d/e.o","arguments":["clang","-DMODULE","-DKBUILD_MODFILE=\"d/fsl-eth d/fsl-switch\"","-DKBUILD_MODNAME=\"fsl_eth:fsl_switch\"","/s/e.c"]},
{"file":"/s/f.c","directory":"/b","output":"d/f.o","arguments":["clang","-DMODULE","-DKBUILD_MODNAME=\"p:q\"","/s/f.c"]}
])");
  ASSERT_TRUE(DB);
  std::vector<std::string> Entries;
  for (const DatabaseEntry &E : DB->entries())
    Entries.push_back(describe(E));
  EXPECT_EQ(Entries,
            (std::vector<std::string>{"/s/e.c d/e.o fsl_eth d/fsl-eth",
                                      "/s/e.c d/e.o fsl_switch d/fsl-switch",
                                      "/s/f.c d/f.o p p", "/s/f.c d/f.o q q"}));
}

TEST_F(DatabaseTest, FindsModuleFilesThatKbuildDoesNotName) {
  std::optional<Database> DB = load(R"([
{"file":"drivers/a/core.c","directory":"/b","output":"drivers/a/core.o","arguments":["cc","-DKBUILD_MODNAME=\"core\"","drivers/a/core.c"]},
{"file":"drivers/b/core.c","directory":"/b","output":"/b/drivers/b/core.o","arguments":["cc","-DKBUILD_MODNAME=\"core\"","drivers/b/core.c"]},
{"file":"drivers/c/sub/x.c","directory":"/b","output":"drivers/c/sub/x.o","arguments":["cc","-DMODULE","-DKBUILD_MODFILE=\"\"","-DKBUILD_MODNAME=\"c\"","drivers/c/sub/x.c"]},
{"file":"scripts/kallsyms.c","directory":"/b","output":"scripts/kallsyms","arguments":["cc","-o","scripts/kallsyms","scripts/kallsyms.c"]},
{"file":"x.c","directory":"/b","arguments":["cc","x.c"]}
])");
  ASSERT_TRUE(DB);
  std::vector<std::string> Entries;
  for (const DatabaseEntry &E : DB->entries())
    Entries.push_back(describe(E));
  EXPECT_EQ(Entries,
            (std::vector<std::string>{
                "/b/drivers/a/core.c drivers/a/core.o core drivers/a/core",
                "/b/drivers/b/core.c /b/drivers/b/core.o core drivers/b/core",
                "/b/drivers/c/sub/x.c drivers/c/sub/x.o c c",
                "/b/scripts/kallsyms.c scripts/kallsyms kallsyms "
                "scripts/kallsyms",
                "/b/x.c  x x"}));
}

// drivers/gpu/drm/i915/display is compiled for i915 and for xe.
TEST_F(DatabaseTest, SortsAndKeepsFilesCompiledTwice) {
  std::optional<Database> DB = load(R"([
{"file":"/s/i915/../display/dp.c","directory":"/b","output":"xe/dp.o","arguments":["cc","-DKBUILD_MODNAME=\"xe\"","dp.c"]},
{"file":"/s/./display/dp.c","directory":"/b","output":"i915/dp.o","arguments":["cc","-DKBUILD_MODNAME=\"i915\"","dp.c"]},
{"file":"/s/display/dp.c","directory":"/b","output":"i915/dp.o","arguments":["cc","-DKBUILD_MODNAME=\"i915\"","dp.c"]},
{"file":"/s/a.c","directory":"/b","output":"a.o","arguments":["cc","-DKBUILD_MODNAME=\"a\"","a.c"]}
])");
  ASSERT_TRUE(DB);
  std::vector<std::string> Entries;
  for (const DatabaseEntry &E : DB->entries())
    Entries.push_back(describe(E));
  EXPECT_EQ(Entries,
            (std::vector<std::string>{
                "/s/a.c a.o a a", "/s/display/dp.c i915/dp.o i915 i915/i915",
                "/s/display/dp.c xe/dp.o xe xe/xe"}));
}

TEST_F(DatabaseTest, SkipsOtherLanguages) {
  std::optional<Database> DB = load(R"([
{"file":"a.S","directory":"/b","command":"cc -D__ASSEMBLY__ -DKBUILD_MODNAME=a a.S"},
{"file":"a.rs","directory":"/b","command":"rustc a.rs"},
{"file":"a.c","directory":"/b","command":"cc -DKBUILD_MODNAME=a a.c"}
])");
  ASSERT_TRUE(DB);
  ASSERT_EQ(DB->entries().size(), 1u);
  EXPECT_EQ(DB->entries().front().File, "/b/a.c");
}

TEST_F(DatabaseTest, DropsWhatOnlyGccKnows) {
  EXPECT_EQ(cleaned("-m64 -mpreferred-stack-boundary=3 "
                    "-mindirect-branch=thunk-extern -mindirect-branch-register "
                    "-mindirect-branch-cs-prefix -fconserve-stack "
                    "-fno-allow-store-data-races -fmin-function-alignment=16 "
                    "-fno-ipa-sra -fno-var-tracking-assignments "
                    "-fasan-shadow-offset=0xdffffc0000000000 -fno-common"),
            "-m64 -mindirect-branch-cs-prefix -fno-common");
  EXPECT_EQ(
      cleaned("--param=allow-store-data-races=0 --param asan-globals=1 "
              "-fplugin=./scripts/gcc-plugins/x.so -fplugin-arg-x-y -I a"),
      "-I a");
  EXPECT_EQ(cleaned("-Wall -Wextra -Wno-maybe-uninitialized -Wno-sign-compare "
                    "-Wimplicit-fallthrough=5 -Wframe-larger-than=2048"),
            "-Wall -Wextra -Wno-sign-compare -Wframe-larger-than=2048");
  EXPECT_EQ(cleaned("-fsanitize=kernel-address -fsanitize=bounds-strict "
                    "-fsanitize=shift,bool"),
            "-fsanitize=kernel-address -fsanitize=shift,bool");
}

// Clang has these options, but for other targets or with other values.
TEST_F(DatabaseTest, AsksClangAboutOptionsOfGcc) {
  std::optional<Database> DB = load(R"([
{"file":"a.c","directory":"/b","command":"x86_64-linux-gnu-gcc -DKBUILD_MODNAME=a -mrecord-mcount -mcmodel=kernel -fzero-call-used-regs=leafy -std=gnu11 -std=gnu1789 -fno-common a.c"}
])");
  ASSERT_TRUE(DB);
  EXPECT_EQ(join(DB->entries().front().Arguments, " "),
            "clang --target=x86_64-linux-gnu -DKBUILD_MODNAME=a "
            "-mcmodel=kernel -std=gnu11 -fno-common a.c");
}

TEST_F(DatabaseTest, DropsWhatHurts) {
  EXPECT_EQ(cleaned("-Wp,-MMD,a/.b.o.d -Wp,-DX -MD -MF x.d -MT x -MMD -c "
                    "-save-temps=obj -o b.o"),
            "-Wp,-DX");
  EXPECT_EQ(cleaned("-Werror -Werror=return-type -Wno-error=unused -Wundef"),
            "-Wundef");
  EXPECT_EQ(cleaned("-mllvm -asan-globals=1 -Wa,-gdwarf-4 -Wl,-r "
                    "-frandomize-layout-seed-file=./scripts/seed -std=gnu11"),
            "-std=gnu11");
}

TEST_F(DatabaseTest, KeepsValuesWithTheirOptions) {
  EXPECT_EQ(cleaned("-include -c -isystem x -D A=1 -Xclang -fno-validate-pch"),
            "-include -c -isystem x -D A=1 -Xclang -fno-validate-pch");
}

TEST_F(DatabaseTest, NamesTheCompiler) {
  std::optional<Database> DB = load(R"([
{"file":"a.c","directory":"/b","command":"ccache aarch64-linux-gnu-gcc-12 -DKBUILD_MODNAME=a a.c"},
{"file":"b.c","directory":"/b","command":"/usr/bin/x86_64-linux-gnu-gcc -DKBUILD_MODNAME=b b.c"},
{"file":"c.c","directory":"/b","command":"ccache /opt/bin/clang-19 --target=arm -DKBUILD_MODNAME=c c.c"},
{"file":"d.c","directory":"/b","command":"gcc-12 -DKBUILD_MODNAME=d d.c"}
])");
  ASSERT_TRUE(DB);
  ASSERT_EQ(DB->entries().size(), 4u);
  auto Front = [&](size_t I) {
    return join(DB->entries()[I].Arguments.take_front(2), " ");
  };
  EXPECT_EQ(Front(0), "clang --target=aarch64-linux-gnu");
  EXPECT_EQ(Front(1), "clang --target=x86_64-linux-gnu");
  EXPECT_EQ(Front(2), "/opt/bin/clang-19 --target=arm");
  EXPECT_EQ(Front(3), "clang -DKBUILD_MODNAME=d");
}

TEST_F(DatabaseTest, ReadsAllOfJson) {
  std::optional<Database> DB = load(
      "\t[ {\r\n\"file\" : \"a\\u0062\\/\\u00e9.c\", \"other\": [1, -2.5e3, "
      "{\"x\": null, \"y\": [], \"z\": {}}, true, \"]\\\"\"],\n\"directory\":"
      "\"/b\",\"arguments\":[\"cc\",\"-DKBUILD_MODNAME=a\",\"-DT=\\t\"] } ] ");
  ASSERT_TRUE(DB);
  ASSERT_EQ(DB->entries().size(), 1u);
  const DatabaseEntry &E = DB->entries().front();
  EXPECT_EQ(E.File, "/b/ab/\xc3\xa9.c");
  EXPECT_EQ(E.Arguments.back(), "-DT=\t");
}

TEST_F(DatabaseTest, TakesFolderOrFile) {
  write(R"([{"directory":"/t","file":"x.c",)"
        R"("command":"cc -DKBUILD_MODNAME=x x.c"}])");
  EXPECT_EQ(toString(loadDatabase(Root).takeError()), "");
  EXPECT_EQ(toString(loadDatabase(file()).takeError()), "");
}

TEST_F(DatabaseTest, SaysWhatIsMissing) {
  EXPECT_EQ(toString(loadDatabase(Root).takeError()),
            "no compile_commands.json in '" + Root +
                "'; 'devlife compdb' makes one");
  EXPECT_EQ(toString(loadDatabase(Root + "/x.json").takeError()),
            "cannot read compile database '" + Root +
                "/x.json': No such file or directory");
}

TEST_F(DatabaseTest, SaysWhatIsWrong) {
  EXPECT_EQ(errorFor("[]"), "compile database 'DB' is empty");
  EXPECT_EQ(errorFor(" [ ]\n"), "compile database 'DB' is empty");
  EXPECT_EQ(errorFor(""), "DB:1:1: expected an array of compile commands");
  EXPECT_EQ(errorFor("{}"), "DB:1:1: expected an array of compile commands");
  EXPECT_EQ(errorFor("[\n 1]"), "DB:2:2: expected a compile command");
  EXPECT_EQ(errorFor("[{},]"),
            "DB:1:4: expected 'directory', 'file' and 'command' or "
            "'arguments' before");
  StringRef Entry = R"({"directory":"/t","file":"x.c","arguments":["cc"]})";
  EXPECT_EQ(errorFor(("[" + Entry + "]").str()),
            "compile database 'DB' is not of a kernel: no command for a .c "
            "file defines KBUILD_MODNAME");
  EXPECT_EQ(errorFor(("[" + Entry).str()), "DB:1:52: expected ',' or ']'");
  EXPECT_EQ(errorFor(("[" + Entry + ",]").str()),
            "DB:1:53: expected a compile command");
  EXPECT_EQ(errorFor(("[" + Entry + "] x").str()),
            "DB:1:54: expected the end of the file");
  EXPECT_EQ(errorFor(R"([{"file":"a)"),
            "DB:1:12: expected the end of a string");
  EXPECT_EQ(errorFor(R"([{"file":"a\)"),
            "DB:1:13: expected the end of a string");
  EXPECT_EQ(errorFor("[{\"file\":\"a\nb\"}]"),
            "DB:1:12: expected no control character in a string");
  EXPECT_EQ(errorFor(R"([{"file":"\q"}])"),
            "DB:1:11: expected a string with valid escapes");
  EXPECT_EQ(errorFor(R"([{"file":1}])"), "DB:1:10: expected a string");
  EXPECT_EQ(errorFor(R"([{"file" "a"}])"), "DB:1:10: expected ':'");
  EXPECT_EQ(errorFor(R"([{"x":nul}])"), "DB:1:7: expected a value");
}

// Whatever part of a database is read, it is an error, not a smaller database.
TEST_F(DatabaseTest, RefusesTruncatedFiles) {
  StringRef Text = R"([{"directory":"/t","file":"x.c",)"
                   R"("arguments":["cc","-DKBUILD_MODNAME=\"x\"","x.c"]},)"
                   R"({"directory":"/t","file":"y.c",)"
                   R"("command":"cc -DKBUILD_MODNAME='\"y\"' y.c"}])";
  ASSERT_TRUE(load(Text));
  for (size_t Size = 0; Size < Text.size(); ++Size)
    EXPECT_NE(errorFor(Text.take_front(Size)), "") << Size;
}

} // namespace
