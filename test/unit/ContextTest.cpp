//===- ContextTest.cpp - Locks, sleeping and what decides -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Contexts.h"
#include "facts/Extract.h"
#include "facts/Scan.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace devlife;

namespace {

constexpr llvm::StringLiteral Kernel = R"(
struct lock { int v; };
struct raw { int v; };
void spin(struct lock *l); void spin_end(struct lock *l);
void rawspin(struct raw *l); void rawspin_end(struct raw *l);
int try_spin(struct lock *l);
void mutex(struct lock *l); void mutex_end(struct lock *l);
void nap(void); void alloc(int flags); int test_context(void);
struct ops { void (*ring)(void); void (*poll)(void); int may_sleep; };
struct thing { struct lock a, b; struct raw r; };
)";

constexpr llvm::StringLiteral Rows = R"(
subsystem: test
source: test
contexts:
  - { type: raw, kind: raw-spin }
  - { call: [spin, rawspin], lock: { kind: spin, object: arg0 } }
  - { call: [spin_end, rawspin_end], unlock: { kind: spin, object: arg0 } }
  - { call: try_spin, lock: { kind: spin, object: arg0, try: true }, fails: zero }
  - { call: mutex, lock: { kind: mutex, object: arg0 } }
  - { call: mutex_end, unlock: { kind: mutex, object: arg0 } }
  - { call: nap, sleeps: true }
  - { call: alloc, sleeps: { flags: arg0, mask: 4 } }
  - { call: test_context, tests-context: true }
  - { ops: ops.ring, context: atomic, unless: ops.may_sleep }
  - { ops: ops.poll, context: soft-irq }
)";

class ContextTest : public testing::Test {
protected:
  /// Parses \p Code behind the miniature kernel.
  const Contexts &parse(llvm::StringRef Code) {
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
    U = std::make_unique<Uses>(*M);
    C = std::make_unique<Contexts>(*U);
    return *C;
  }
  /// The functions with what sleeps, "f:nap".
  std::string sleeps(llvm::StringRef Code) {
    std::string Text;
    for (const AtomicSleep &S : parse(Code).sleeps())
      Text += (Text.empty() ? "" : " ") +
              S.Sleeps.Path.front().In.F->Name.str() + ":" +
              S.Sleeps.leaf().Call->Callee.str() + (S.OnlyRT ? "(rt)" : "") +
              (S.Sleeps.IsDoubtful ? "?" : "");
    return Text;
  }

  RuleSet Rules;
  std::vector<std::unique_ptr<TUFacts>> TUs;
  std::unique_ptr<Module> M;
  std::unique_ptr<Uses> U;
  std::unique_ptr<Contexts> C;
};

TEST_F(ContextTest, HeldOnEveryPath) {
  EXPECT_EQ(sleeps(R"(
    void all(struct thing *t, int x)
    { if (x) spin(&t->a); else spin(&t->a); nap(); spin_end(&t->a); }
    void one(struct thing *t, int x)
    { if (x) spin(&t->a); nap(); if (x) spin_end(&t->a); }
    void after(struct thing *t)
    { spin(&t->a); spin_end(&t->a); nap(); }
    void other(struct thing *t)
    { spin(&t->a); spin(&t->b); spin_end(&t->a); nap(); spin_end(&t->b); })"),
            "all:nap other:nap");
}

TEST_F(ContextTest, TryLock) {
  EXPECT_EQ(sleeps(R"(
    void failed(struct thing *t) { if (!try_spin(&t->a)) { nap(); return; }
      spin_end(&t->a); }
    void taken(struct thing *t) { int ok = try_spin(&t->a);
      if (ok) { nap(); spin_end(&t->a); } })"),
            "taken:nap");
}

TEST_F(ContextTest, CalleeDropsTheLock) {
  EXPECT_EQ(sleeps(R"(
    static void drop(struct thing *t)
    { spin_end(&t->a); nap(); spin(&t->a); }
    void ok(struct thing *t) { spin(&t->a); drop(t); spin_end(&t->a); }
    void bad(struct thing *t) { spin(&t->b); drop(t); spin_end(&t->b); })"),
            "bad:nap");
}

TEST_F(ContextTest, ArgumentsDecide) {
  EXPECT_EQ(sleeps(R"(
    static void get(int flags) { alloc(flags | 1); }
    void ok(struct thing *t) { spin(&t->a); get(2); spin_end(&t->a); }
    void bad(struct thing *t) { spin(&t->b); get(4); spin_end(&t->b); }
    void unknown(struct thing *t, int (*f)(void))
    { spin(&t->b); get(f()); spin_end(&t->b); })"),
            "bad:alloc");
}

TEST_F(ContextTest, ConditionsOnParameters) {
  EXPECT_EQ(sleeps(R"(
    static void settle(_Bool can_sleep) { if (can_sleep) nap(); }
    void ok(struct thing *t) { spin(&t->a); settle(0); spin_end(&t->a); }
    void bad(struct thing *t) { spin(&t->b); settle(1); spin_end(&t->b); })"),
            "bad:nap");
}

TEST_F(ContextTest, FieldsExclude) {
  EXPECT_EQ(sleeps(R"(
    static void rest(struct ops *o) { if (o->may_sleep) nap(); }
    static void rest_for(struct ops *o) { if (o->may_sleep & 4) nap(); }
    void f(struct thing *t, struct ops *o) {
      int can = o->may_sleep;
      if (can) { mutex(&t->a); rest(o); mutex_end(&t->a); }
      else { spin(&t->b); rest(o); spin_end(&t->b); } }
    void g(struct thing *t, struct ops *o) {
      if (o->may_sleep & 4) return;
      spin(&t->a); rest_for(o); spin_end(&t->a); })"),
            "");
}

// Another bit says nothing, nor what was asked before it was set.
TEST_F(ContextTest, FieldsDoNotExclude) {
  EXPECT_EQ(sleeps(R"(
    static void rest(struct ops *o) { if (o->may_sleep) nap(); }
    static void rest_for(struct ops *o) { if (o->may_sleep & 4) nap(); }
    void f(struct thing *t, struct ops *o) {
      if (o->may_sleep & 2) return;
      spin(&t->a); rest_for(o); spin_end(&t->a); }
    void g(struct thing *t, struct ops *o) {
      if (o->may_sleep) return;
      o->may_sleep = 1;
      spin(&t->b); rest(o); spin_end(&t->b); })"),
            "f:nap g:nap");
}

TEST_F(ContextTest, WhoAsksKnows) {
  EXPECT_EQ(sleeps(R"(
    static void asks(void) { if (!test_context()) nap(); }
    void ok(struct thing *t) { spin(&t->a); asks(); spin_end(&t->a); }
    void bad(struct thing *t) { spin(&t->a); nap(); spin_end(&t->a); })"),
            "bad:nap");
}

TEST_F(ContextTest, OnlyWithRealTime) {
  EXPECT_EQ(sleeps(R"(
    void f(struct thing *t)
    { rawspin(&t->r); spin(&t->a); spin_end(&t->a); rawspin_end(&t->r); })"),
            "f:spin(rt)");
}

TEST_F(ContextTest, TableFunctions) {
  EXPECT_EQ(sleeps(R"(
    static void ring(void) { nap(); }
    static void poll(void) { nap(); }
    struct ops o = { .ring = ring, .poll = poll };)"),
            "poll:nap"); // The numbers in tables are not known.
}

TEST_F(ContextTest, TablesThatAreFilled) {
  EXPECT_EQ(sleeps(R"(
    static void ring(void) { nap(); }
    void init(struct ops *p) { p->ring = ring; })"),
            "ring:nap");
}

TEST_F(ContextTest, TablesThatMaySleep) {
  EXPECT_EQ(sleeps(R"(
    static void ring(void) { nap(); }
    void init(struct ops *p) { p->ring = ring; p->may_sleep = 1; })"),
            "");
}

TEST_F(ContextTest, BothOrders) {
  const Contexts &C = parse(R"(
    static void inner(struct thing *t) { mutex(&t->b); mutex_end(&t->b); }
    void one(struct thing *t) { mutex(&t->a); inner(t); mutex_end(&t->a); }
    void two(struct thing *t)
    { mutex(&t->b); mutex(&t->a); mutex_end(&t->a); mutex_end(&t->b); })");
  std::vector<LockCycle> Cycles = C.cycles();
  ASSERT_EQ(Cycles.size(), 1u);
  EXPECT_EQ(Cycles[0].There.Outer.Class, "thing.a");
  EXPECT_EQ(Cycles[0].There.Inner.Class, "thing.b");
  ASSERT_TRUE(Cycles[0].Back);
  EXPECT_EQ(Cycles[0].Back->In.F->Name, "two");
}

TEST_F(ContextTest, ThirdLockKeepsApart) {
  EXPECT_TRUE(parse(R"(
    struct lock gate;
    static void one(struct thing *t)
    { mutex(&t->a); mutex(&t->b); mutex_end(&t->b); mutex_end(&t->a); }
    static void two(struct thing *t)
    { mutex(&t->b); mutex(&t->a); mutex_end(&t->a); mutex_end(&t->b); }
    void f(struct thing *t) { mutex(&gate); one(t); mutex_end(&gate); }
    void g(struct thing *t) { mutex(&gate); two(t); mutex_end(&gate); })")
                  .cycles()
                  .empty());
}

TEST_F(ContextTest, SameRecordInTwoPlaces) {
  EXPECT_TRUE(parse(R"(
    struct part { struct lock l; };
    struct whole { struct part one, two; struct lock other; };
    void f(struct whole *w)
    { mutex(&w->one.l); mutex(&w->other); mutex_end(&w->other);
      mutex_end(&w->one.l); }
    void g(struct whole *w)
    { mutex(&w->other); mutex(&w->two.l); mutex_end(&w->two.l);
      mutex_end(&w->other); })")
                  .cycles()
                  .empty());
}

TEST_F(ContextTest, GeneratedRowsGiveWay) {
  auto Load = [](llvm::StringRef First, llvm::StringRef Second) {
    RuleSet Set;
    llvm::Error E = Set.add("a.yaml", First);
    if (!E)
      E = Set.add("b.yaml", Second);
    if (E)
      return llvm::toString(std::move(E));
    cantFail(Set.finish());
    const ContextCall *Rule = Set.contexts().call("f");
    return std::string(Rule->has(ContextEffect::Lock) ? "lock" : "sleeps");
  };
  std::string Head = "subsystem: t\nsource: t\n";
  std::string ByHand =
      Head + "contexts:\n  - { call: f, lock: { kind: spin, object: arg0 } }\n";
  std::string Generated =
      Head + "generated: true\ncontexts:\n  - { call: f, sleeps: true }\n";
  EXPECT_EQ(Load(ByHand, Generated), "lock");
  EXPECT_EQ(Load(Generated, ByHand), "lock");
  EXPECT_EQ(Load(ByHand, ByHand), "b.yaml:4:13: second row of 'f'");
  // Of f() and __f(), often one only takes the lock.
  RuleSet Set;
  cantFail(Set.add("a.yaml", Generated));
  cantFail(Set.finish());
  EXPECT_TRUE(Set.contexts().call("f"));
  EXPECT_FALSE(Set.contexts().call("__f"));
  EXPECT_EQ(Load(Head + "contexts:\n  - { call: f }\n", ByHand),
            "a.yaml:4:7: the row says nothing about 'f'");
}

} // namespace
