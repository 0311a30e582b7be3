//===- RangesTest.cpp - Intervals, and counts before their checks ---------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Extract.h"
#include "facts/Scan.h"
#include "module/Counts.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace devlife;

namespace {

constexpr llvm::StringLiteral Kernel = R"(
void hit(int v); unsigned get(void); int parse(unsigned *out);
int first(int dev, int nr); void *make(unsigned long size);
struct drv { int (*probe)(void); void (*remove)(void); };
struct thing { unsigned count, nr; int base; int slots[8]; unsigned long long m; };
extern struct thing *t;
)";

constexpr llvm::StringLiteral Rows = R"(
subsystem: test
source: test
resources:
  - { name: line, text: line }
  - { name: memory, text: memory, memory: true }
rules:
  - { call: make, acquire: { resource: memory, object: return } }
  - { call: first, number-of: { resource: line, object: arg0 } }
drivers:
  - { table: drv, device: thing, begin: [probe], end: [remove] }
)";

class RangesTest : public testing::Test {
protected:
  void parse(llvm::StringRef Code) {
    llvm::SmallString<128> Path;
    int FD;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("devlife", "c", FD, Path));
    {
      llvm::raw_fd_ostream OS(FD, /*shouldClose=*/true);
      OS << Kernel << Code;
    }
    TUs.push_back(parseFacts(llvm::sys::path::parent_path(Path), Path,
                             {"-std=gnu11"}, {}));
    llvm::sys::fs::remove(Path);
    EXPECT_EQ(TUs.back()->NumErrors, 0u) << TUs.back()->FirstError;
    EXPECT_EQ(llvm::toString(Rules.add("test.yaml", Rows)), "");
    EXPECT_EQ(llvm::toString(Rules.finish()), "");
    M = std::make_unique<Module>(TUs, Rules, Interest());
    Touch = std::make_unique<Uses>(*M);
    Of = std::make_unique<Ranges>(*Touch);
  }

  /// What the calls of hit() get, one after the other.
  std::string hits() const {
    std::string Text;
    for (const FunctionFacts &F : TUs.front()->Functions)
      for (uint32_t I = 0; I != F.Events.size(); ++I) {
        const Event &E = F.Events[I];
        if (E.Kind != EventKind::Call || F.Calls[E.Index].Callee != "hit")
          continue;
        Range R = Of->at({TUs.front().get(), &F}, I, F.Calls[E.Index].Args[0]);
        Text += (Text.empty() ? "" : " ") + (R.Low ? R.text() : "?");
      }
    return Text;
  }

  /// The uses of thing.count before it is checked.
  std::string early() {
    std::vector<InputRule> Inputs = {{"get", {ArgRef::Return, 0, false}},
                                     {"parse", {ArgRef::Arg, 0, true}}};
    std::string Text;
    Counts C(*Of, "thing.count", Inputs, {});
    for (const CountUse &U : C.uses()) {
      static constexpr llvm::StringRef Kinds[] = {"loop", "shift", "size"};
      Text += (Text.empty() ? "" : " ") + Kinds[U.Kind].str() +
              (U.OfZero ? "-zero" : "");
    }
    return Text;
  }

  RuleSet Rules;
  std::vector<std::unique_ptr<TUFacts>> TUs;
  std::unique_ptr<Module> M;
  std::unique_ptr<Uses> Touch;
  std::unique_ptr<Ranges> Of;
};

TEST_F(RangesTest, Loops) {
  parse("void f(int n) {\n"
        "  for (int i = 1; i < t->count; i++) hit(i);\n"
        "  for (int i = 0; i <= 7; ++i) hit(i);\n"
        "  for (int i = 9; i >= 2; i--) hit(i);\n"
        "  int k = 3; while (k < n) { hit(k); k++; }\n"
        "  int d = 5; while (d--) hit(d);\n"
        "}\n");
  EXPECT_EQ(hits(), "1..count-1 0..7 2..9 3 and up ?");
}

TEST_F(RangesTest, SumsAndTests) {
  parse("void f(int v) {\n"
        "  hit(v); if (v < 2) return;\n"
        "  hit(v); int w = v - 2; hit(w);\n"
        "  if (w >= t->count - 1) return;\n"
        "  hit(w); v -= 2; hit(v); hit(v & 31);\n"
        "}\n");
  EXPECT_EQ(hits(), "? 2 and up 0 and up 0..count-2 ? 0..31");
}

TEST_F(RangesTest, OrAndNotEqual) {
  parse("void f(void) {\n"
        "  for (int i = 0; i < 8; i++) {\n"
        "    if (i == 0) continue;\n"
        "    hit(i);\n"
        "    if (i == 1 || i > 6) continue;\n"
        "    hit(i);\n"
        "  }\n"
        "}\n");
  EXPECT_EQ(hits(), "1..7 2..6");
}

TEST_F(RangesTest, CallersAndFields) {
  parse("static void h(int v) { hit(v); }\n"
        "void f(void) { h(4); h(6); t->nr = 3; }\n"
        "void g(void) { hit(t->nr); }\n"
        "static void cb(int v) { hit(v); }\n"
        "void (*p)(int) = cb;\n"
        "void k(void) { cb(1); }\n");
  EXPECT_EQ(hits(), "4..6 3 ?");
}

TEST_F(RangesTest, NumberOfTheFirst) {
  parse("void f(int irq) { hit(irq - first(1, 0)); hit(irq - t->base); }\n"
        "void g(int irq) { hit(irq - t->count); t->base = first(1, 0); }\n");
  EXPECT_EQ(hits(), "0 and up 0 and up ?");
}

constexpr llvm::StringLiteral Driver =
    "static void remove(void) {}\n"
    "static struct drv table = { .probe = probe, .remove = remove };\n";

TEST_F(RangesTest, UseBeforeCheck) {
  parse(("static int fill(void) {\n"
         "  for (int i = 0; i < t->count; i++) t->slots[i] = 1;\n"
         "  return 0; }\n"
         "static int check(void) {\n"
         "  if (!t->count || t->count > 8) return -22;\n"
         "  return 0; }\n"
         "static int probe(void) {\n"
         "  t->count = get(); fill();\n"
         "  if (check()) return -22;\n"
         "  t->m = (1ull << (t->count - 1)) - 1; return fill(); }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "loop");
}

TEST_F(RangesTest, BoundedTwice) {
  parse(("static int probe(void) { int i;\n"
         "  t->count = get();\n"
         "  for (i = 0; i < 8; i++) t->slots[i] = 1;\n"
         "  for (i = 0; i < t->count; i++) hit(i);\n"
         "  for (i = 0; i < t->count && i < 8; i++) t->slots[i] = 1;\n"
         "  return 0; }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "");
}

// Macros of the kernel do this to silence warnings.
TEST_F(RangesTest, SetToItself) {
  parse(("static int probe(void) { unsigned n = n; int k = k + 1;\n"
         "  t->count = n; t->nr = k; hit(n); hit(k); return 0; }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "");
  EXPECT_EQ(hits(), "? ?");
}

TEST_F(RangesTest, Sizes) {
  parse(("static int probe(void) {\n"
         "  unsigned long size = t->count * 4; t->count = get();\n"
         "  make(size);\n"
         "  for (int i = 0; i < t->count; i++) t->slots[i] = 1;\n"
         "  return 0; }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "loop size");
}

TEST_F(RangesTest, FailsAtOneLabel) {
  parse(("static int probe(void) { int ret = -22;\n"
         "  t->count = get();\n"
         "  if (t->count < 1 || t->count > 8) goto out;\n"
         "  t->m = (1ull << (t->count - 1)) - 1; ret = 0;\n"
         "out: return ret; }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "");
}

TEST_F(RangesTest, StoredByOthers) {
  parse(("int store(void) { unsigned v; if (parse(&v)) return -22;\n"
         "  t->count = v; return 0; }\n"
         "static int probe(void) {\n"
         "  t->m = (1ull << (t->count - 1)) - 1;\n"
         "  return 0; }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "shift shift-zero");
}

TEST_F(RangesTest, CheckedBeforeStored) {
  parse(("int store(void) { unsigned v; if (parse(&v)) return -22;\n"
         "  if (v < 1 || v > 8) return -22;\n"
         "  t->count = v; return 0; }\n"
         "static int probe(void) {\n"
         "  t->m = (1ull << (t->count - 1)) - 1; return 0; }\n" +
         Driver)
            .str());
  EXPECT_EQ(early(), "");
}

} // namespace
