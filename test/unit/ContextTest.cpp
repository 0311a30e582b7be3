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
struct work { void (*f)(struct work *w); };
struct queue { int v; };
void init_work(struct work *w, void (*f)(struct work *w));
void cancel(struct work *w);
int has_bit(int n, unsigned long *p); void put_bit(int n, unsigned long *p);
int last(int *count); int pending(struct work *w);
struct task { char *name; }; struct task *me(void);
void *container(struct work *w);
void put_work(struct queue *q, struct work *w); void drain(struct queue *q);
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
  - { call: has_bit, tests-bit: { number: arg0, object: arg1 } }
  - { call: put_bit, sets-bit: { number: arg0, object: arg1 } }
  - { call: last, last-reference: true }
  - { field: task.name, tests-self: true }
  - { call: unregister, waits-for: { ops: [attr.show], object: arg0 } }
resources:
  - { name: memory, text: memory, memory: true }
rules:
  - { call: make, acquire: { resource: memory, object: return } }
  - { call: init_work, bind: { entry: work, object: arg0, handler: arg1 } }
  - { call: cancel, quiesce: { entry: work, object: arg0 } }
  - { call: put_work, arm: { entry: work, object: arg1, queue: arg0 } }
  - { call: drain, drain: { object: arg0 } }
  - { call: request, arm: { entry: irq, line: arg0, handlers: [arg1], data: arg2 } }
  - { call: disable, quiesce: { entry: irq, line: arg0 } }
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

  /// Who waits for whom, "f:handler".
  std::string deadlocks(llvm::StringRef Code) {
    std::string Text;
    for (const Deadlock &D : parse(Code).deadlocks())
      Text += (Text.empty() ? "" : " ") + D.In.F->Name.str() + ":" +
              D.Handler.F->Name.str() + (D.isDoubtful() ? "?" : "");
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

TEST_F(ContextTest, WorksOfOneRecord) {
  EXPECT_EQ(deadlocks(R"(
    struct poll { struct work w; };
    struct priv { struct lock l; struct poll one, two; };
    static void first(struct work *w)
    { struct priv *p = container(w); mutex(&p->l); mutex_end(&p->l); }
    static void second(struct work *w) { nap(); }
    void init(struct priv *p)
    { init_work(&p->one.w, first); init_work(&p->two.w, second); }
    static void stop(struct poll *p) { cancel(&p->w); }
    void ok(struct priv *p)
    { mutex(&p->l); cancel(&p->two.w); stop(&p->two); mutex_end(&p->l); }
    void unknown(struct priv *p, struct poll *of)
    { mutex(&p->l); cancel(&of->w); mutex_end(&p->l); }
    void bad(struct priv *p)
    { mutex(&p->l); cancel(&p->one.w); mutex_end(&p->l); }
    void bad_too(struct priv *p)
    { mutex(&p->l); stop(&p->one); mutex_end(&p->l); })"),
            "bad:first bad_too:first");
}

TEST_F(ContextTest, WorksOfAQueue) {
  EXPECT_EQ(deadlocks(R"(
    struct pair { struct queue *q; struct work w; };
    struct priv { struct lock l; struct pair one, two; };
    static void first(struct work *w)
    { struct priv *p = container(w); mutex(&p->l); mutex_end(&p->l); }
    static void second(struct work *w) { nap(); }
    void init(struct priv *p)
    { init_work(&p->one.w, first); init_work(&p->two.w, second);
      put_work(p->one.q, &p->one.w); put_work(p->two.q, &p->two.w); }
    void ok(struct priv *p) { mutex(&p->l); drain(p->two.q); mutex_end(&p->l); }
    void bad(struct priv *p)
    { mutex(&p->l); drain(p->one.q); mutex_end(&p->l); })"),
            "bad:first");
}

/// A work that takes the lock, and stop(), which waits for it under \p
/// Condition.
static std::string withStop(llvm::StringRef Condition) {
  return (R"(
    struct priv { struct lock l; struct work w; int flag, users, kind;
                  unsigned long bits; void *root; };
    static void run(struct work *w)
    { struct priv *p = container(w); mutex(&p->l); mutex_end(&p->l); }
    void init(struct priv *p) { init_work(&p->w, run); }
    static void stop(struct priv *p, int how)
    { _Bool now = !!(how & 4); )" +
          Condition + " cancel(&p->w); how &= ~4; }")
      .str();
}

TEST_F(ContextTest, CallerHasSetTheFlag) {
  EXPECT_EQ(deadlocks(withStop("if (!p->flag)") + R"(
    void ok(struct priv *p)
    { p->flag = 1; mutex(&p->l); stop(p, 0); mutex_end(&p->l); }
    void bad(struct priv *p)
    { p->flag = 0; mutex(&p->l); stop(p, 0); mutex_end(&p->l); })"),
            "bad:run");
}

TEST_F(ContextTest, CallerHasTestedTheFlag) {
  EXPECT_EQ(deadlocks(withStop("if (p->kind == 2)") + R"(
    void ok(struct priv *p)
    { if (p->kind == 2) return;
      mutex(&p->l); stop(p, 0); mutex_end(&p->l); }
    void bad(struct priv *p)
    { mutex(&p->l); stop(p, 0); mutex_end(&p->l); })"),
            "bad:run");
}

TEST_F(ContextTest, CallerHasSetTheBit) {
  EXPECT_EQ(deadlocks(withStop("if (!has_bit(3, &p->bits))") + R"(
    void ok(struct priv *p)
    { put_bit(3, &p->bits); mutex(&p->l); stop(p, 0); mutex_end(&p->l); }
    void bad(struct priv *p)
    { put_bit(4, &p->bits); mutex(&p->l); stop(p, 0); mutex_end(&p->l); })"),
            "bad:run");
}

TEST_F(ContextTest, CallerHasMadeThePointer) {
  EXPECT_EQ(deadlocks(withStop("if (!p->root)") + R"(
    void ok(struct priv *p)
    { p->root = container(0); mutex(&p->l); stop(p, 0); mutex_end(&p->l); }
    void bad(struct priv *p)
    { mutex(&p->l); stop(p, 0); mutex_end(&p->l); })"),
            "bad:run");
}

TEST_F(ContextTest, OneOfTheCallersKnows) {
  EXPECT_EQ(deadlocks(withStop("if (!p->flag)") + R"(
    static void under(struct priv *p)
    { mutex(&p->l); stop(p, 0); mutex_end(&p->l); }
    void one(struct priv *p) { if (p->flag) under(p); }
    void two(struct priv *p) { under(p); })"),
            "under:run?");
}

TEST_F(ContextTest, StatesThatExcludeEachOther) {
  EXPECT_EQ(deadlocks(R"(
    struct priv { struct lock l; struct work w; int flag; };
    static void run(struct work *w)
    { struct priv *p = container(w); if (p->flag) return;
      mutex(&p->l); mutex_end(&p->l); }
    void init(struct priv *p) { init_work(&p->w, run); }
    static void stop(struct priv *p) { if (p->flag) cancel(&p->w); }
    static void halt(struct priv *p) { if (!p->flag) cancel(&p->w); }
    void maybe(struct priv *p) { mutex(&p->l); stop(p); mutex_end(&p->l); }
    void bad(struct priv *p) { mutex(&p->l); halt(p); mutex_end(&p->l); })"),
            "bad:run maybe:run?");
}

TEST_F(ContextTest, VariableMadeOfAnArgument) {
  EXPECT_EQ(deadlocks(withStop("if (!now)") + R"(
    void ok(struct priv *p)
    { mutex(&p->l); stop(p, p->kind | 4); mutex_end(&p->l); }
    void bad(struct priv *p)
    { mutex(&p->l); stop(p, 1); mutex_end(&p->l); })"),
            "bad:run");
}

TEST_F(ContextTest, ArgumentOfASwitch) {
  EXPECT_EQ(deadlocks(withStop("switch (how) case 5:") + R"(
    void maybe(struct priv *p)
    { mutex(&p->l); stop(p, 5); mutex_end(&p->l); })"),
            "maybe:run?");
}

TEST_F(ContextTest, LastReference) {
  EXPECT_EQ(deadlocks(withStop("if (last(&p->users))") + R"(
    void maybe(struct priv *p)
    { mutex(&p->l); stop(p, 0); mutex_end(&p->l); })"),
            "maybe:run?");
}

TEST_F(ContextTest, HandlerAsksForItself) {
  EXPECT_EQ(deadlocks(R"(
    struct priv { struct work a, b, c; };
    static void maybe(struct work *w)
    { struct priv *p = container(w); if (pending(&p->a)) cancel(&p->a); }
    static void ok(struct work *w)
    { struct priv *p = container(w); if (me()->name) cancel(&p->b); }
    static void bad(struct work *w)
    { struct priv *p = container(w); cancel(&p->c); }
    void init(struct priv *p)
    { init_work(&p->a, maybe); init_work(&p->b, ok); init_work(&p->c, bad); })"),
            "bad:bad maybe:maybe?");
}

TEST_F(ContextTest, OneOfTwoFunctionsUnlocks) {
  EXPECT_EQ(sleeps(R"(
    static void drop(_Bool w, struct lock *l) { (w ? spin_end : mutex_end)(l); }
    void ok(struct thing *t, _Bool w)
    { spin(&t->a); (w ? spin_end : mutex_end)(&t->a); nap(); }
    void unknown(struct thing *t, void (*f)(struct lock *))
    { spin(&t->a); f(&t->a); nap(); }
    void bad(struct thing *t, _Bool w)
    { spin(&t->a); (w ? spin_end : mutex_end)(&t->b); nap(); })"),
            "bad:nap");
}

TEST_F(ContextTest, LinesOfAnArray) {
  EXPECT_EQ(deadlocks(R"(
    struct slot { int irq; };
    struct priv { struct lock l; struct slot slots[4]; };
    void request(int irq, void (*f)(struct priv *), void *data);
    void disable(int irq);
    static void locks(struct priv *p) { mutex(&p->l); mutex_end(&p->l); }
    static void other(struct priv *p) { nap(); }
    void init(struct priv *p, void (*f)(struct priv *))
    { request(p->slots[0].irq, locks, p); request(p->slots[1].irq, other, p);
      request(p->slots[2].irq, locks, p); request(p->slots[2].irq, f, p); }
    void ok(struct priv *p)
    { mutex(&p->l); disable(p->slots[1].irq); mutex_end(&p->l); }
    void unknown(struct priv *p)
    { mutex(&p->l); disable(p->slots[2].irq); mutex_end(&p->l); }
    void bad(struct priv *p)
    { mutex(&p->l); disable(p->slots[0].irq); mutex_end(&p->l); })"),
            "bad:locks");
}

TEST_F(ContextTest, TwoObjectsOfOneRecord) {
  std::string There = R"(
    struct node { struct lock a, b; struct node *parent; };
    void one(struct node *n)
    { mutex(&n->a); mutex(&n->b); mutex_end(&n->b); mutex_end(&n->a); })";
  EXPECT_TRUE(parse(There + R"(
    static void inner(struct node *n) { mutex(&n->a); mutex_end(&n->a); }
    void two(struct node *n)
    { mutex(&n->b); inner(n->parent); mutex_end(&n->b); })")
                  .cycles()
                  .empty());
  TUs.clear();
  Rules = RuleSet();
  EXPECT_EQ(parse(There + R"(
    static void inner(struct node *n) { mutex(&n->a); mutex_end(&n->a); }
    void two(struct node *n)
    { mutex(&n->b); inner(n); mutex_end(&n->b); })")
                .cycles()
                .size(),
            1u);
}

TEST_F(ContextTest, LockOfANewObject) {
  const Contexts &C = parse(R"(
    struct lock all;
    struct thing *make(void);
    static void inner(struct thing *t) { mutex(&t->a); mutex_end(&t->a); }
    void add(void)
    { struct thing *t = make(); mutex(&all); inner(t); mutex_end(&all); }
    void drop(struct thing *t)
    { mutex(&t->a); mutex(&all); mutex_end(&all); mutex_end(&t->a); }
    void look(struct thing *t)
    { mutex(&all); mutex(&t->b); mutex_end(&t->b); mutex_end(&all); }
    void leave(struct thing *t)
    { mutex(&t->b); mutex(&all); mutex_end(&all); mutex_end(&t->b); })");
  std::vector<LockCycle> Cycles = C.cycles();
  ASSERT_EQ(Cycles.size(), 2u);
  EXPECT_EQ(Cycles[0].There.Inner.Class, "thing.a");
  EXPECT_TRUE(Cycles[0].IsDoubtful);
  EXPECT_FALSE(Cycles[1].IsDoubtful);
}

TEST_F(ContextTest, AttributesOfTheDevice) {
  EXPECT_EQ(deadlocks(R"(
    #define container_of(ptr, type, member)                                    \
      ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))
    struct device { int v; };
    struct attr { void (*show)(struct device *d); };
    struct list { struct list *next; };
    struct slave { struct lock l; struct device dev; struct list in; };
    struct master { struct lock l; struct device dev; struct list slaves; };
    static inline struct master *to_master(struct device *d)
    { return container_of(d, struct master, dev); }
    static void show(struct device *d)
    { struct master *m = to_master(d);
      struct slave *s = container_of(m->slaves.next, struct slave, in);
      mutex(&m->l); mutex_end(&m->l); }
    struct attr a = { .show = show };
    void unregister(struct device *d);
    void ok(struct master *m, struct slave *s)
    { mutex(&m->l); unregister(&s->dev); mutex_end(&m->l); }
    void bad(struct master *m)
    { mutex(&m->l); unregister(&m->dev); mutex_end(&m->l); })"),
            "bad:show");
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
