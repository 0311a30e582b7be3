//===- TimelineTest.cpp - Facts, states and timelines of small drivers ----===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Timeline.h"
#include "facts/Extract.h"
#include "facts/Scan.h"
#include "timeline/Interpreter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace devlife;

namespace {

/// A kernel in miniature: just what the rules below name.
constexpr llvm::StringLiteral Kernel = R"(
struct device { int id; };
struct bus { struct dev *self; };
struct dev { struct device dev; struct bus *bus; int irq; };
struct driver { int (*probe)(struct dev *); void (*remove)(struct dev *); };
#define container_of(ptr, type, member) ({ \
  void *__mptr = (void *)(ptr); \
  ((type *)(__mptr - __builtin_offsetof(type, member))); })
int enable(struct dev *d);
int take(struct dev *d);
void give(struct dev *d);
int number(struct dev *d, int i);
int request(int irq, void (*handler)(void *), void *data);
int devm_request(struct device *d, int irq, void (*handler)(void *), void *data);
void unrequest(int irq, void *data);
int devm_action(struct device *d, void (*action)(void *), void *data);
int other(void);
)";

constexpr llvm::StringLiteral Rows = R"(
subsystem: test
source: test
resources:
  - { name: vectors, text: vectors }
rules:
  - call: enable
    manages: { resources: [vectors], object: arg0 }
    fails: nonzero
  - call: take
    acquire: { resource: vectors, object: arg0 }
    fails: negative
  - call: give
    release: { resource: vectors, object: arg0 }
  - call: number
    number-of: { resource: vectors, object: arg0, index: arg1 }
  - field: dev.irq
    number-of: { resource: vectors, object: base }
  - call: request
    arm: { entry: irq, line: arg0, handlers: [arg1], data: arg2 }
    fails: nonzero
  - call: devm_request
    managed-by: arg0
    like: request
  - call: unrequest
    quiesce: { entry: irq, line: arg0, data: arg1 }
  - call: devm_action
    action: { function: arg1, data: arg2 }
    managed-by: arg0
    fails: nonzero
drivers:
  - { table: driver, device: dev, begin: [probe], end: [remove] }
)";

class TimelineTest : public testing::Test {
protected:
  /// Parses \p Code behind the miniature kernel.
  void parse(llvm::StringRef Code) {
    llvm::SmallString<128> Path;
    int FD;
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("devlife", "c", FD, Path));
    {
      llvm::raw_fd_ostream OS(FD, /*shouldClose=*/true);
      OS << Kernel << Code;
    }
    TUs.push_back(parseFacts(llvm::sys::path::parent_path(Path), Path,
                             {"-std=gnu11"}, {}));
    llvm::sys::fs::remove(Path);
    ASSERT_EQ(TUs.back()->NumErrors, 0u) << TUs.back()->FirstError;
  }

  const DriverTimeline &timeline() {
    if (!Rules) {
      Rules.emplace();
      EXPECT_EQ(llvm::toString(Rules->add("test.yaml", Rows)), "");
      EXPECT_EQ(llvm::toString(Rules->finish()), "");
      Interest Wanted;
      Wanted.Names.insert("vectors");
      Wanted.Names.insert("irq");
      M.emplace(TUs, *Rules, Wanted);
      All.emplace(*M, Options);
    }
    EXPECT_EQ(All->drivers().size(), 1u);
    return All->drivers().front();
  }

  /// The occurrences of \p Kind in \p Function.
  const Occurrence &only(EffectKind Kind, llvm::StringRef What,
                         llvm::StringRef Function) {
    static const Occurrence None;
    const Occurrence *Found = &None;
    for (const Occurrence &O : timeline().Occurrences)
      if (O.What->Kind == Kind && O.What->What == What &&
          O.Site.In.F->Name == Function) {
        EXPECT_EQ(Found, &None) << "more than one in " << Function.str();
        Found = &O;
      }
    EXPECT_NE(Found, &None) << "none in " << Function.str();
    return *Found;
  }

  const FunctionFacts &function(llvm::StringRef Name) {
    for (const FunctionFacts &F : TUs.front()->Functions)
      if (F.Name == Name)
        return F;
    ADD_FAILURE() << "no function " << Name.str();
    return TUs.front()->Functions.front();
  }

  std::vector<std::unique_ptr<TUFacts>> TUs;
  AnalysisOptions Options;
  std::optional<RuleSet> Rules;
  std::optional<Module> M;
  std::optional<Timelines> All;
};

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

TEST_F(TimelineTest, FactsSeeThroughContainerOfAndLikely) {
  parse(R"(
    struct priv { int a; struct device inner; };
    struct priv *f(struct device *d) {
      if (__builtin_expect(!!(d), 1))
        return container_of(d, struct priv, inner);
      return 0;
    })");
  const FunctionFacts &F = function("f");
  bool Found = false;
  for (const Expr &E : F.Exprs)
    if (E.Kind == ExprKind::ContainerOf) {
      Found = true;
      EXPECT_EQ(E.Record, "priv");
      EXPECT_EQ(E.Name, "inner");
      EXPECT_EQ(F.expr(E.Ops[0]).Name, "d");
    }
  EXPECT_TRUE(Found);
  for (const Block &B : F.Blocks)
    if (B.Condition)
      EXPECT_EQ(F.expr(B.Condition).Kind, ExprKind::Var);
}

TEST_F(TimelineTest, FactsKeepAnchorsOutOfMacros) {
  parse(R"(
    #define TWICE(d) do { give(d); give(d); } while (0)
    void f(struct dev *d) { TWICE(d); give(d); })");
  const FunctionFacts &F = function("f");
  ASSERT_EQ(F.Calls.size(), 3u);
  EXPECT_EQ(F.Calls[0].Macro, "TWICE");
  EXPECT_FALSE(F.Calls[0].Whole.isValid());
  EXPECT_EQ(F.Calls[2].Macro, "");
  EXPECT_TRUE(F.Calls[2].Whole.isValid());
  ASSERT_GE(F.Calls[2].Stmt, 0);
  EXPECT_EQ(F.Skeleton[F.Calls[2].Stmt].Text.End, F.Calls[2].Whole.End + 1);
}

TEST_F(TimelineTest, FactsOrderLoopBodiesBeforeWhatFollows) {
  parse("void f(struct dev *d, int n) { while (n--) take(d); give(d); }");
  const FunctionFacts &F = function("f");
  ASSERT_EQ(F.Calls.size(), 2u);
  EXPECT_EQ(F.Calls[0].Callee, "take");
}

TEST_F(TimelineTest, FactsOfWideNumbers) {
  parse("int f(unsigned __int128 x) { return x == ((unsigned __int128)1 << "
        "100) || "
        "0xffffffffffffffffULL == x; }");
  EXPECT_EQ(function("f").Name, "f");
}

TEST(Naming, KernelHeaders) {
  EXPECT_TRUE(isKernelHeader("/t/linux/include/linux/pci.h", "/t/linux"));
  EXPECT_TRUE(isKernelHeader("/t/linux/arch/x86/include/asm/io.h", "/t/linux"));
  EXPECT_TRUE(
      isKernelHeader("/t/drivers/linux/include/a.h", "/t/drivers/linux"));
  EXPECT_FALSE(
      isKernelHeader("/t/linux/drivers/gpu/include/own.h", "/t/linux"));
  EXPECT_FALSE(isKernelHeader("/t/linux/drivers/a/b.h", "/t/linux"));
  // A build folder beside the tree is not part of it.
  EXPECT_FALSE(isKernelHeader("/t/linux-build/drivers/x/gen.h", "/t/linux"));
}

TEST(Scan, IgnoresCommentsAndStrings) {
  EXPECT_EQ(identifierOffsets("foo /* foo */ \"foo\" // foo\nfoo", "foo"),
            (std::vector<unsigned>{0, 27}));
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

TEST(StateTest, JoinIsOptimistic) {
  CallFacts Call;
  CallRef Site{{}, &Call};
  State A, B;
  Window W;
  W.Site = Site;
  A.Windows.edit().push_back(W);
  W.Open = false;
  B.Windows.edit().push_back(W);
  Resource R;
  R.Site = Site;
  A.Resources.edit().push_back(R);
  R.State = Life::Released;
  B.Resources.edit().push_back(R);
  A.join(B);
  EXPECT_FALSE((*A.Windows).front().Open) << "a quiesce on any branch counts";
  EXPECT_EQ((*A.Resources).front().State, Life::Maybe);
}

TEST(StateTest, JoinKeepsWhatOneSideHas) {
  CallFacts Call;
  CallRef Site{{}, &Call};
  State A, B;
  Window W;
  W.Site = Site;
  B.Windows.edit().push_back(W);
  B.Heap.edit()["x.y"] = Value::notZero();
  A.Heap.edit()["x.a"] = B.Heap.edit()["x.b"] = Value::integer(1);
  A.Known.edit()["x.z"] = true;
  A.join(B);
  ASSERT_EQ(A.Windows.size(), 1u);
  EXPECT_EQ(A.Heap.edit()["x.y"], Value::notZero());
  EXPECT_FALSE(A.Heap.edit()["x.a"].isKnown()) << "a flag may be as it was";
  EXPECT_FALSE(A.Heap.edit()["x.b"].isKnown()) << "a flag may be as it was";
  EXPECT_TRUE(A.Known.empty()) << "what only one side knows is not known";
}

TEST(StateTest, JoinKeepsWhoseResultAPointerMayBe) {
  CallFacts Call, Another;
  Value There, Failed, Other;
  There.Kind = Value::Succeeded;
  There.Call = {{}, &Call};
  Failed.Kind = Value::Failed;
  Failed.Call = There.Call;
  Other.Kind = Value::Succeeded;
  Other.Call = {{}, &Another};
  auto Joined = [](const Value &A, const Value &B) {
    State One, Two;
    One.Heap.edit()["x.p"] = A;
    Two.Heap.edit()["x.p"] = B;
    One.join(Two);
    return One.Heap->at("x.p");
  };
  Value Cleared = Joined(Value::integer(0), Failed);
  EXPECT_FALSE(Cleared.isKnown());
  EXPECT_EQ(Cleared.Number, 0);
  Value Perhaps = Joined(Cleared, There);
  EXPECT_FALSE(Perhaps.isKnown());
  EXPECT_EQ(Perhaps.Call, There.Call);
  EXPECT_NE(Perhaps.Number, 0);
  EXPECT_EQ(Joined(Perhaps, Other), Value());
  EXPECT_EQ(Joined(There, Value::integer(1)), Value());
}

TEST(StateTest, BranchesContradict) {
  CallFacts Call;
  CallRef Site{{}, &Call};
  State S;
  EXPECT_TRUE(S.learn("dev.is_virtfn", true));
  EXPECT_FALSE(S.learn("dev.is_virtfn", false));
  Window W;
  W.Site = Site;
  W.Given = S.Known;
  S.Windows.edit().push_back(W);
  S.Known.edit().clear();
  EXPECT_TRUE(S.learn("dev.is_virtfn", false));
  EXPECT_TRUE(S.Windows.empty()) << "the window belongs to the other half";
}

TEST(StateTest, UndoLeavesEarlierRounds) {
  CallFacts Call;
  CallRef Site{{}, &Call};
  State S;
  Window W;
  W.Site = Site;
  W.Many = true;
  W.Before = 3;
  W.Since = 5;
  S.Windows.edit().push_back(W);
  S.undo(Site);
  ASSERT_EQ(S.Windows.size(), 1u);
  EXPECT_EQ(S.Windows[0].Since, 3u);
  S.Windows.edit().front().Many = false;
  S.undo(Site);
  EXPECT_TRUE(S.Windows.empty());
}

//===----------------------------------------------------------------------===//
// Timelines
//===----------------------------------------------------------------------===//

constexpr llvm::StringLiteral Table =
    "static struct driver drv = { .probe = probe, .remove = remove };\n"
    "struct driver *keep(void) { return &drv; }\n";

TEST_F(TimelineTest, ManagedWindowIsOpenInRemove) {
  parse((R"(
    static void isr(void *p) {}
    static int probe(struct dev *d) {
      int ret = take(d);
      if (ret < 0) return ret;
      return devm_request(&d->dev, number(d, 0), isr, d);
    }
    static void remove(struct dev *d) { give(d); }
    )" + Table)
            .str());
  const Occurrence &Give = only(EffectKind::Release, "vectors", "remove");
  ASSERT_EQ(Give.Open.size(), 1u);
  EXPECT_EQ(Give.Open.front().W.Handlers.front().Text, "isr");
  EXPECT_TRUE(Give.InEnd);
  EXPECT_FALSE(Give.InLive);
}

TEST_F(TimelineTest, FailedRequestOpensNothing) {
  parse((R"(
    static void isr(void *p) {}
    static int probe(struct dev *d) {
      int ret = take(d);
      if (ret < 0) return ret;
      ret = request(d->irq, isr, d);
      if (ret) { give(d); return ret; }
      return 0;
    }
    static void remove(struct dev *d) { unrequest(number(d, 0), d); }
    )" + Table)
            .str());
  EXPECT_TRUE(only(EffectKind::Release, "vectors", "probe").Open.empty());
}

TEST_F(TimelineTest, UnwindWithTheRequestStillOpen) {
  parse((R"(
    static void isr(void *p) {}
    static int probe(struct dev *d) {
      int ret = take(d);
      if (ret < 0) return ret;
      ret = devm_request(&d->dev, number(d, 0), isr, d);
      if (ret) goto out;
      ret = other();
      if (ret) goto out;
      return 0;
    out:
      give(d);
      return ret;
    }
    static void remove(struct dev *d) {}
    )" + Table)
            .str());
  const Occurrence &Give = only(EffectKind::Release, "vectors", "probe");
  EXPECT_EQ(Give.Open.size(), 1u);
  EXPECT_FALSE(Give.GoesOn);
}

TEST_F(TimelineTest, LoopOfQuiescesCountsThoughItMayRunZeroTimes) {
  parse((R"(
    struct priv { struct dev *d; int n; };
    static void isr(void *p) {}
    static int probe(struct dev *d) {
      for (int i = 0; i < 4; i++) {
        int ret = request(number(d, i), isr, d);
        if (ret) return ret;
      }
      return 0;
    }
    static void stop(struct dev *d, int n) {
      for (int i = 0; i < n; i++)
        unrequest(number(d, i), d);
    }
    static void remove(struct dev *d) { stop(d, other()); give(d); }
    )" + Table)
            .str());
  EXPECT_TRUE(only(EffectKind::Release, "vectors", "remove").Open.empty());
}

TEST_F(TimelineTest, DevresRunsNewestFirst) {
  parse((R"(
    static void isr(void *p) {}
    static void put(void *d) { give(d); }
    static int probe(struct dev *d) {
      int ret = take(d);
      if (ret < 0) return ret;
      ret = devm_request(&d->dev, number(d, 0), isr, d);
      if (ret) return ret;
      return devm_action(&d->dev, put, d);
    }
    static void remove(struct dev *d) {}
    )" + Table)
            .str());
  const Occurrence &Give = only(EffectKind::Release, "vectors", "put");
  EXPECT_TRUE(Give.InAction);
  EXPECT_EQ(Give.Open.size(), 1u) << "the action is newer than the request";
}

TEST_F(TimelineTest, ReleaseBeforeAnotherAllocationIsAStep) {
  parse((R"(
    static int probe(struct dev *d) {
      int ret = take(d);
      if (ret < 0) return ret;
      if (other()) {
        give(d);
        ret = take(d);
        if (ret < 0) return ret;
      }
      return 0;
    }
    static void remove(struct dev *d) {}
    )" + Table)
            .str());
  EXPECT_TRUE(only(EffectKind::Release, "vectors", "probe").Reacquired ||
              only(EffectKind::Release, "vectors", "probe").GoesOn);
}

TEST_F(TimelineTest, ReleaseToGoOnWithout) {
  parse((R"(
    static void isr(void *p) {}
    static int probe(struct dev *d) {
      int ret = take(d);
      if (ret < 0) return ret;
      ret = request(number(d, 0), isr, d);
      if (!ret) return 0;
      give(d);
      return request(d->irq, isr, d);
    }
    static void remove(struct dev *d) {}
    )" + Table)
            .str());
  EXPECT_TRUE(only(EffectKind::Release, "vectors", "probe").GoesOn);
}

TEST_F(TimelineTest, RecordsAreFollowedByValue) {
  parse((R"(
    struct map { int index, virq; };
    struct priv { struct map map; };
    static void isr(void *p) {}
    static struct map pick(struct dev *d) {
      struct map m = { .index = -2 };
      if (take(d) < 0) return m;
      m.virq = number(d, 0);
      return m;
    }
    static struct priv the;
    static int probe(struct dev *d) {
      struct priv *p = &the;
      struct map m = pick(d);
      p->map = m;
      return devm_request(&d->dev, p->map.virq, isr, d);
    }
    static void remove(struct dev *d) { give(d); }
    )" + Table)
            .str());
  EXPECT_EQ(only(EffectKind::Release, "vectors", "remove").Open.size(), 1u);
}

TEST_F(TimelineTest, AnotherDeviceIsNotTheDriversOwn) {
  parse((R"(
    static int probe(struct dev *d) { return take(d->bus->self); }
    static void remove(struct dev *d) { give(d); }
    )" + Table)
            .str());
  EXPECT_TRUE(timeline().find(EffectKind::Acquire, "vectors").empty());
  EXPECT_EQ(timeline().find(EffectKind::Release, "vectors").size(), 1u);
}

TEST_F(TimelineTest, ShutdownThatCallsRemoveIsRemove) {
  parse(R"(
    static int probe(struct dev *d) { return take(d); }
    static void remove(struct dev *d) { give(d); }
    static void shutdown(struct dev *d) { remove(d); }
    struct more { struct driver base; void (*shutdown)(struct dev *); };
    static struct driver drv = { .probe = probe, .remove = remove };
    static struct more more = { .shutdown = shutdown };
    )");
  EXPECT_FALSE(only(EffectKind::Release, "vectors", "remove").InLive);
}

TEST_F(TimelineTest, RecursionEnds) {
  parse((R"(
    static int down(struct dev *d, int n) { return n ? down(d, n - 1) : take(d); }
    static int probe(struct dev *d) { return down(d, other()); }
    static void remove(struct dev *d) { give(d); }
    )" + Table)
            .str());
  EXPECT_FALSE(timeline().Incomplete);
  EXPECT_EQ(timeline().find(EffectKind::Acquire, "vectors").size(), 1u);
}

} // namespace
