//===- ReleasesTest.cpp - What is used after its release ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Releases.h"
#include "facts/Extract.h"
#include "facts/Scan.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace devlife;

namespace {

constexpr llvm::StringLiteral Kernel = R"(
#define offsetof(t, m) __builtin_offsetof(t, m)
#define container_of(p, t, m) ((t *)((void *)(p) - offsetof(t, m)))
#define NULL ((void *)0)
struct device { struct device *parent; void (*release)(struct device *); };
struct list { struct list *next; };
struct part { int size; char *name; };
struct foo { int count; struct device dev; struct list list; char *name;
             struct part *part; struct part parts[4]; void (*op)(void); };
void *make(int n); void kfree(const void *p); void look(void *p);
void discard(struct device *d); void unlist(struct device *d); void unregister(struct device *d);
void get(struct device *d); void put(struct device *d);
int is_err(const void *p); void *err_ptr(int e); void *priv(struct device *d);
)";

constexpr llvm::StringLiteral Rows = R"(
subsystem: test
source: test
resources:
  - { name: memory, text: memory, memory: true }
  - { name: device, text: device, refcounted: true }
  - { name: allocated, text: allocated device, memory: true }
rules:
  - { call: make, acquire: { resource: memory, object: return }, fails: null-pointer }
  - { call: kfree, release: { resource: memory, object: arg0 } }
  - { call: discard, release: { resource: allocated, object: arg0 } }
  - { call: unlist, release: { resource: device, object: arg0 } }
  - call: unregister
    release: { resource: device, object: arg0 }
    put: { object: arg0, calls: [release] }
  - { call: get, get: { object: arg0 } }
  - { call: put, put: { object: arg0, calls: [release] } }
  - { call: is_err, error-test: { object: arg0 } }
  - { call: err_ptr, error-pointer: { object: arg0 } }
  - { call: priv, part-of: { object: arg0 } }
)";

class ReleasesTest : public testing::Test {
protected:
  /// The functions with what they use too late, "f:foo"; "f:foo?" when it is
  /// only passed on.
  std::string uses(llvm::StringRef Code) {
    std::string Text;
    run(Code, [&](const Releases &R) {
      for (const UseAfterRelease &Found : R.find())
        Text += (Text.empty() ? "" : " ") + Found.Use.In.F->Name.str() + ":" +
                Found.Use.Name.str() + (Found.Use.IsPassed ? "?" : "");
    });
    return Text;
  }
  /// What release functions use without a reference.
  std::string unheld(llvm::StringRef Code) {
    std::string Text;
    run(Code, [&](const Releases &R) {
      for (const UnheldUse &Found : R.unheld())
        Text += (Text.empty() ? "" : " ") + Found.Use.In.F->Name.str() + ":" +
                Found.Use.Name.str();
    });
    return Text;
  }
  void run(llvm::StringRef Code,
           llvm::function_ref<void(const Releases &)> Ask) {
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
    Module M(TUs, Rules, Interest());
    Uses U(M);
    Ask(Releases(U));
  }

  RuleSet Rules;
  std::vector<std::unique_ptr<TUFacts>> TUs;
};

TEST_F(ReleasesTest, Memory) {
  EXPECT_EQ(uses(R"(
    int read(struct foo *f) { kfree(f); return f->count; }
    void write(struct foo *f) { kfree(f); f->count = 1; }
    void field(struct foo *f) { kfree(f->part); f->part->size = 1; }
    void again(struct foo *f) { kfree(f->name); kfree(f->name); }
    void inner(struct foo *f) { kfree(f); look(&f->dev); }
    void cookie(struct foo *f) { kfree(f); look(f); }
    void holder(struct device *d)
    { struct foo *f = container_of(d, struct foo, dev); kfree(f);
      d->parent = NULL; }
    void private(struct device *d)
    { struct part *p = priv(d); kfree(d); p->size = 1; }
    int other(struct foo *f, struct foo *g) { kfree(f); return g->count; }
    int part(struct foo *f) { kfree(f->part); return f->count; })"),
            "read:f write:f field:f->part inner:&f->dev "
            "cookie:f? holder:d private:p");
}

TEST_F(ReleasesTest, SetAnew) {
  EXPECT_EQ(uses(R"(
    void var(struct foo *f) { kfree(f); f = make(1); f->count = 1; }
    void field(struct foo *f)
    { kfree(f->part); f->part = make(1); f->part->size = 1; }
    static void fill(struct foo *f) { f->part = make(1); }
    void helper(struct foo *f) { kfree(f->part); fill(f); f->part->size = 1; }
    void op(struct foo *f) { kfree(f->part); f->op(); f->part->size = 1; }
    void out(struct foo *f) { kfree(f->part); look(&f->part);
      f->part->size = 1; }
    void kept(struct foo *f) { struct part *p = f->part; f->part = make(1);
      kfree(p); f->part->size = 1; }
    void old(struct foo *f) { struct part *p = f->part; f->part = make(1);
      kfree(p); p->size = 1; })"),
            "old:p");
}

TEST_F(ReleasesTest, Branches) {
  EXPECT_EQ(uses(R"(
    int some(struct foo *f, int x) { if (x) kfree(f); return f->count; }
    int twice(struct foo *f, int x)
    { if (x) kfree(f); if (!x) return f->count; return 0; }
    int both(struct foo *f, int x)
    { if (x) kfree(f); else kfree(f); if (x) return 1; return f->count; }
    int null(struct foo *f) { if (f) kfree(f); if (f) return 1; return 0; }
    int label(struct foo *f, int x)
    { if (x) { kfree(f); goto out; } x = 1; out: return f->count; })"),
            "some:f both:f label:f");
}

TEST_F(ReleasesTest, Loops) {
  EXPECT_EQ(uses(R"(
    void safe(struct foo *f) { struct foo *n; while (f) {
      n = container_of(f->list.next, struct foo, list); kfree(f); f = n; } }
    void walk(struct foo *f) { while (f) { kfree(f);
      f = container_of(f->list.next, struct foo, list); } }
    void elements(struct foo *f) { int i; for (i = 0; i < 4; i++) {
      struct part *p = &f->parts[i]; kfree(p->name); } kfree(f->parts[1].name); }
    void anew(int n) { while (n--) { struct foo *f = make(1); f->count = 1;
      kfree(f); } }
    void field(struct foo *f, int n) { while (n--) { f->part->size = 1;
      kfree(f->part); f->part = make(1); } }
    void stale(struct foo *f, int n) { while (n--) {
      kfree(f->part); f->part->size = 2; } })"),
            "walk:f stale:f->part");
}

TEST_F(ReleasesTest, Calls) {
  EXPECT_EQ(uses(R"(
    static void drop(struct foo *f) { kfree(f->name); kfree(f); }
    static void show(struct foo *f) { look(f->name); }
    static int try(struct foo *f)
    { if (!f->count) { kfree(f); return -1; } return 0; }
    static struct foo *to_foo(struct device *d)
    { return container_of(d, struct foo, dev); }
    int helper(struct foo *f) { drop(f); return f->count; }
    void used(struct foo *f) { kfree(f); show(f); }
    int failed(struct foo *f) { if (try(f)) return f->count; return 0; }
    int succeeded(struct foo *f) { int e = try(f); if (e < 0) return e;
      return f->count; }
    int getter(struct device *d) { struct foo *f = to_foo(d); kfree(f);
      return d->parent != NULL; })"),
            "helper:f used:f failed:f getter:d");
}

TEST_F(ReleasesTest, LastReference) {
  EXPECT_EQ(uses(R"(
    static void release(struct device *d)
    { kfree(container_of(d, struct foo, dev)); }
    int ends(struct foo *f) { unregister(&f->dev); return f->count; }
    int drops(struct foo *f) { unlist(&f->dev); put(&f->dev);
      return f->count; }
    int one_of_many(struct foo *f) { put(&f->dev); return f->count; }
    struct foo *begins(int x)
    { struct foo *f = make(1); f->dev.release = release;
      if (x) { put(&f->dev); f->count = 0; return err_ptr(1); }
      return f; })"),
            "ends:f drops:f begins:f");
}

TEST_F(ReleasesTest, OtherCount) {
  // The release function belongs to another object in the same memory.
  EXPECT_EQ(uses(R"(
    struct node { void (*release)(struct node *); };
    struct bar { struct device dev; struct node node; int count; };
    static void release(struct node *n)
    { kfree(container_of(n, struct bar, node)); }
    int ends(struct bar *b) { b->node.release = release;
      unregister(&b->dev); return b->count; })"),
            "");
}

TEST_F(ReleasesTest, TakenElsewhere) {
  // One of two puts is not the last.
  EXPECT_EQ(uses(R"(
    static void release(struct device *d)
    { kfree(container_of(d, struct foo, dev)); }
    void begin(struct foo *f) { f->dev.release = release; get(&f->dev); }
    int ends(struct foo *f) { unregister(&f->dev); return f->count; })"),
            "");
}

TEST_F(ReleasesTest, Embedded) {
  // What lies in something else goes with that.
  EXPECT_EQ(uses(R"(
    int part(struct foo *f) { discard(&f->dev); return f->count; }
    int whole(struct device *d) { discard(d); return d->parent != NULL; })"),
            "whole:d");
}

TEST_F(ReleasesTest, Unheld) {
  EXPECT_EQ(unheld(R"(
    static void release(struct device *d)
    { d->parent->release = NULL; kfree(container_of(d, struct foo, dev)); }
    static void end(struct device *d)
    { put(d->parent); kfree(container_of(d, struct foo, dev)); }
    void begin(struct foo *f, struct device *parent)
    { f->dev.parent = parent; f->dev.release = release; }
    void other(struct foo *f) { f->dev.release = end; })"),
            "release:d->parent");
}

TEST_F(ReleasesTest, Held) {
  EXPECT_EQ(unheld(R"(
    static void release(struct device *d)
    { d->parent->release = NULL; kfree(container_of(d, struct foo, dev)); }
    void begin(struct foo *f, struct device *parent)
    { f->dev.parent = parent; get(parent); f->dev.release = release; })"),
            "");
}

TEST_F(ReleasesTest, ReleaseFunctionKeepsIt) {
  EXPECT_EQ(uses(R"(
    static void release(struct device *d)
    { kfree(container_of(d, struct foo, dev)->name); }
    void begins(struct foo *f) { f->dev.release = release; }
    int ends(struct foo *f) { unregister(&f->dev); return f->count; })"),
            "");
}

} // namespace
