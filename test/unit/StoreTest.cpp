//===- StoreTest.cpp - Facts as bytes, and the store of them --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Extract.h"
#include "facts/Serialise.h"
#include "report/Output.h"
#include "tool/FactsStore.h"
#include "tool/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

using namespace llvm;
using namespace devlife;

namespace {

constexpr StringLiteral Source = R"(
#define KBUILD_MODNAME "small"
#define LINUX_VERSION_CODE 396288
#include "small.h"
#define TWICE(d) do { give(d); give(d); } while (0)
struct priv { struct dev *dev; int a[4]; struct { long inner; }; };
static int counter = 3;
int later(struct priv *p);
void close(struct dev **d);
static void isr(void *data) { counter++; }
static int probe(struct dev *d)
{
	static const struct ops table[] = { { .run = isr }, { .run = 0 } };
	struct priv *p = (struct priv *)d;
	__attribute__((cleanup(close))) struct dev *held = d;
	int i, ret = -5;
	if (!d || d->irq < -1)
		return -12;
	else
		p->a[2] = d->irq << 3;
	for (i = 0; i < 4 && ret; i++)
		ret += *p->a ? table[0].run != 0 : p->inner;
	switch (ret) {
	case 1: goto out;
	default: break;
	}
	while (i--)
		later(p);
	TWICE(d);
	table[1].run("text");
out:
	give(held);
	return ret;
}
static const struct driver small = { .probe = probe, .ops = { .run = isr } };
)";

class StoreTest : public testing::Test {
protected:
  void SetUp() override {
    SmallString<128> Path, Real;
    ASSERT_FALSE(sys::fs::createUniqueDirectory("devlife-store", Path));
    ASSERT_FALSE(sys::fs::real_path(Path, Real));
    Root = Real.str().str();
    File = path("small.c");
    write("small.c", Source);
    write("new/empty", "");
    write("old/small.h", R"(
      struct dev { int irq; };
      struct ops { void (*run)(void *); };
      struct driver { int (*probe)(struct dev *); struct ops ops; };
      void give(struct dev *d);)");
    Options.Probes = {"give", "take"};
    Options.Fields = {"dev.irq"};
    Options.TreeRoot = Root;
  }
  void TearDown() override { sys::fs::remove_directories(Root); }

  std::string path(const Twine &Name) const {
    return (Twine(Root) + "/" + Name).str();
  }
  void write(StringRef Name, StringRef Text) {
    sys::fs::create_directories(sys::path::parent_path(path(Name)));
    ASSERT_EQ(toString(writeOutput(path(Name), Text)), "");
  }

  std::unique_ptr<TUFacts> parse() {
    auto Facts = parseFacts(Root, File, Arguments, Options, &Inputs);
    EXPECT_EQ(Facts->FirstError, "");
    return Facts;
  }
  std::string bytes() {
    auto Facts = parse();
    return serialise("key", Inputs, *Facts);
  }
  std::string key() const {
    return FactsStore::key(Root, File, Arguments, Options);
  }

  std::unique_ptr<FactsStore> open() {
    auto Store = FactsStore::open(path("store"));
    EXPECT_TRUE(bool(Store));
    return Store ? std::move(*Store) : nullptr;
  }
  /// As a later run would.
  bool isStored() { return open()->load(key(), File) != nullptr; }
  void fill() {
    auto Facts = parse();
    open()->save(key(), Inputs, *Facts);
    ASSERT_TRUE(isStored());
  }
  std::string entry() const {
    return path("store/" + key().substr(0, 2) + "/" + key().substr(2));
  }

  std::string Root, File;
  std::vector<std::string> Arguments = {"-Inew", "-Iold"};
  ExtractOptions Options;
  std::vector<Input> Inputs;
};

/// Loads \p Bytes; whatever they are, that must end well.
bool loads(StringRef Bytes) {
  // Exactly as long, for the sanitizer.
  std::unique_ptr<char[]> Copy(new char[Bytes.size()]);
  llvm::copy(Bytes, Copy.get());
  auto Stored = deserialise(StringRef(Copy.get(), Bytes.size()));
  if (Stored)
    return true;
  EXPECT_NE(toString(Stored.takeError()), "");
  return false;
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

TEST_F(StoreTest, RoundTrip) {
  auto Facts = parse();
  Facts->NumErrors = 2;
  Facts->FirstError = "x.c:1:2: error";
  Facts->FunctionsLeftOut = 7;
  std::string Bytes = serialise("key", Inputs, *Facts);
  auto Stored = deserialise(Bytes);
  ASSERT_TRUE(bool(Stored)) << toString(Stored.takeError());
  const TUFacts &Got = *Stored->Facts;
  // The structs in them are complete by construction.
  EXPECT_EQ(serialise(Stored->Key, Stored->Inputs, Got), Bytes);

  EXPECT_EQ(Stored->Key, "key");
  ASSERT_EQ(Stored->Inputs.size(), Inputs.size());
  for (size_t I = 0; I != Inputs.size(); ++I) {
    EXPECT_EQ(Stored->Inputs[I].FullPath, Inputs[I].FullPath);
    EXPECT_EQ(Stored->Inputs[I].Content.State, Inputs[I].Content.State);
    EXPECT_TRUE(Stored->Inputs[I].Content.holds(Inputs[I].Content));
  }
  ASSERT_EQ(Got.Files.size(), 2u);
  EXPECT_EQ(Got.Files[0].FullPath, File);
  EXPECT_EQ(Got.Files[1].Path, "old/small.h");
  EXPECT_EQ(Got.Module, "small");
  EXPECT_EQ(Got.KernelVersion, 396288u);
  EXPECT_EQ(Got.NumErrors, 2u);
  EXPECT_EQ(Got.FirstError, "x.c:1:2: error");
  EXPECT_EQ(Got.FunctionsLeftOut, 7u);
  EXPECT_TRUE(Got.Declared.contains("give"));
  EXPECT_FALSE(Got.Declared.contains("take"));
  EXPECT_EQ(Got.Tables.size(), Facts->Tables.size());
  EXPECT_EQ(Got.Records.size(), Facts->Records.size());
  EXPECT_EQ(Got.Prototypes.size(), Facts->Prototypes.size());

  ASSERT_EQ(Got.Functions.size(), 2u);
  const FunctionFacts &F = Got.Functions[1], &G = Facts->Functions[1];
  EXPECT_EQ(F.Name, "probe");
  EXPECT_TRUE(F.IsStatic);
  EXPECT_FALSE(F.FieldReads.empty());
  EXPECT_FALSE(F.References.empty());
  EXPECT_TRUE(
      any_of(F.Vars, [](const auto &V) { return V.Cleanup == "close"; }));
  EXPECT_TRUE(
      any_of(F.Calls, [](const auto &C) { return C.Macro == "TWICE"; }));
  ASSERT_EQ(F.Exprs.size(), G.Exprs.size());
  for (size_t I = 0; I != F.Exprs.size(); ++I) {
    EXPECT_EQ(F.Exprs[I].Kind, G.Exprs[I].Kind);
    EXPECT_EQ(F.Exprs[I].Name, G.Exprs[I].Name);
    EXPECT_EQ(F.Exprs[I].Value, G.Exprs[I].Value);
    EXPECT_EQ(F.Exprs[I].Index, G.Exprs[I].Index);
    EXPECT_EQ(ArrayRef(F.Exprs[I].Ops), ArrayRef(G.Exprs[I].Ops));
  }
}

TEST_F(StoreTest, ExtremesOfNumbers) {
  auto Facts = parse();
  std::vector<Expr> &Exprs = Facts->Functions[0].Exprs;
  Exprs[0].Value = INT64_MIN;
  Exprs[1].Value = INT64_MAX;
  Exprs[1].Bits = 255;
  Facts->KernelVersion = UINT32_MAX;
  auto Stored = deserialise(serialise("", {}, *Facts));
  ASSERT_TRUE(bool(Stored)) << toString(Stored.takeError());
  EXPECT_EQ(Stored->Facts->Functions[0].Exprs[0].Value, INT64_MIN);
  EXPECT_EQ(Stored->Facts->Functions[0].Exprs[1].Value, INT64_MAX);
  EXPECT_EQ(Stored->Facts->Functions[0].Exprs[1].Bits, 255);
  EXPECT_EQ(Stored->Facts->KernelVersion, UINT32_MAX);
}

TEST_F(StoreTest, TruncatedAnywhere) {
  std::string Bytes = bytes();
  EXPECT_TRUE(loads(Bytes));
  for (size_t Length = 0; Length != Bytes.size(); ++Length)
    EXPECT_FALSE(loads(StringRef(Bytes).take_front(Length))) << Length;
  EXPECT_FALSE(loads(Bytes + '\0'));
}

TEST_F(StoreTest, FlippedAnywhere) {
  std::string Bytes = bytes();
  for (size_t At = 0; At != Bytes.size(); ++At)
    for (int Bits : {1, 0x80, 0xff}) {
      std::string Damaged = Bytes;
      Damaged[At] ^= Bits;
      EXPECT_FALSE(loads(Damaged)) << At;
    }
}

/// The payload of \p Bytes in a plain envelope whose checksum is right.
std::string plain(StringRef Bytes, function_ref<void(std::string &)> Change) {
  size_t Header = Bytes.size() - Bytes.drop_front(20).size();
  uint64_t Length = support::endian::read64le(Bytes.data() + Header + 1);
  StringRef Packed = Bytes.drop_front(Header + 9);
  std::string Payload = Packed.str();
  if (Bytes[Header]) {
    SmallVector<uint8_t, 0> Raw;
    cantFail(compression::zstd::decompress(arrayRefFromStringRef(Packed), Raw,
                                           Length));
    Payload = toStringRef(Raw).str();
  }
  Change(Payload);
  std::string Result = Bytes.take_front(Header).str() + std::string(9, '\0');
  support::endian::write64le(Result.data() + Header + 1, Payload.size());
  Result += Payload;
  support::endian::write64le(Result.data() + 12,
                             xxh3_64bits(StringRef(Result).drop_front(Header)));
  return Result;
}

TEST_F(StoreTest, HostileWithTheRightChecksum) {
  std::string Bytes = bytes();
  size_t Size = 0;
  EXPECT_TRUE(loads(plain(Bytes, [&](std::string &P) { Size = P.size(); })));
  for (size_t Length = 0; Length != Size; ++Length)
    EXPECT_FALSE(
        loads(plain(Bytes, [&](std::string &P) { P.resize(Length); })));
  // Some of these are facts, of another program.
  for (size_t At = 0; At != Size; ++At)
    for (int Bits : {1, 0x40, 0x80, 0xff})
      loads(plain(Bytes, [&](std::string &P) { P[At] ^= Bits; }));
}

TEST_F(StoreTest, IndicesThatPointNowhere) {
  auto Broken = [&](function_ref<void(FunctionFacts &)> Break) {
    auto Facts = parse();
    Break(Facts->Functions[1]);
    return !loads(serialise("", {}, *Facts));
  };
  auto LastOf = [](FunctionFacts &F, ExprKind Kind) -> Expr & {
    return *llvm::find_if(reverse(F.Exprs),
                          [&](const Expr &E) { return E.Kind == Kind; });
  };
  EXPECT_FALSE(Broken([](FunctionFacts &F) {}));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Exprs.clear(); }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.At.File = 2; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Body.File = 2; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Exprs[3].Ops[1] = 3; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Blocks[0].Succs = {99}; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Blocks[0].EndEvent = 9999; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Calls[0].Args.clear(); }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Calls[0].Stmt = 9999; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.Skeleton[1].Parent = 1; }));
  EXPECT_TRUE(Broken([](FunctionFacts &F) { F.FieldReads[0].Member = 9999; }));
  EXPECT_TRUE(
      Broken([](FunctionFacts &F) { F.References[0].second.File = 9; }));
  EXPECT_TRUE(Broken([&](FunctionFacts &F) {
    LastOf(F, ExprKind::Var).Index = F.Vars.size();
  }));
  EXPECT_TRUE(Broken([&](FunctionFacts &F) {
    // A call that is its own argument.
    Expr &E = LastOf(F, ExprKind::Call);
    F.Calls[E.Index].Args[0] = &E - F.Exprs.data();
  }));
}

//===----------------------------------------------------------------------===//
// The store
//===----------------------------------------------------------------------===//

TEST_F(StoreTest, NotesWhatWasReadAndWhatWasMissing) {
  parse();
  auto State = [&](StringRef Path) {
    for (const Input &I : Inputs)
      if (I.FullPath == Path)
        return int(I.Content.State);
    return -1;
  };
  EXPECT_EQ(State(File), int(InputState::Read));
  EXPECT_EQ(State(path("old/small.h")), int(InputState::Read));
  EXPECT_EQ(State(path("new/small.h")), int(InputState::Missing));
  EXPECT_EQ(State(path("new")), int(InputState::Present));
}

TEST_F(StoreTest, LoadsWhatItSaved) {
  EXPECT_FALSE(isStored());
  fill();
  auto Stored = open()->load(key(), File);
  auto Parsed = parse();
  EXPECT_EQ(serialise("", {}, *Stored), serialise("", {}, *Parsed));
}

TEST_F(StoreTest, KnowsWhenAFileChanged) {
  fill();
  write("old/small.h", "struct dev { long irq; };");
  EXPECT_FALSE(isStored());
}

TEST_F(StoreTest, KnowsWhenAFileIsGone) {
  fill();
  sys::fs::remove(path("old/small.h"));
  EXPECT_FALSE(isStored());
}

TEST_F(StoreTest, KnowsWhenAHeaderHidesAnother) {
  fill();
  write("new/small.h", "struct dev { long irq; };");
  EXPECT_FALSE(isStored());
}

TEST_F(StoreTest, ReadsTheMainFileAnew) {
  fill();
  auto Store = open();
  EXPECT_TRUE(Store->load(key(), File));
  write("small.c", (Source + "\n").str());
  EXPECT_FALSE(Store->load(key(), File));
}

TEST_F(StoreTest, SameContentIsEnough) {
  fill();
  write("old/other.h", "");
  write("small.c", "");
  write("small.c", Source);
  EXPECT_TRUE(isStored());
}

TEST_F(StoreTest, KeysTellCommandsApart) {
  std::vector<std::string> Keys = {key()};
  auto Add = [&] { Keys.push_back(key()); };
  Arguments.push_back("-DX");
  Add();
  Arguments.back() = "-D";
  Arguments.push_back("X");
  Add();
  Options.Probes.pop_back();
  Add();
  Options.Fields.clear();
  Add();
  Options.TreeRoot = "";
  Add();
  File += "c";
  Add();
  llvm::sort(Keys);
  EXPECT_EQ(llvm::unique(Keys), Keys.end());
}

TEST_F(StoreTest, DamagedEntriesAreWrittenAnew) {
  fill();
  auto Buffer = MemoryBuffer::getFile(entry());
  ASSERT_TRUE(bool(Buffer));
  std::string Bytes = (*Buffer)->getBuffer().str();
  for (StringRef Damaged :
       {StringRef(Bytes).drop_back(), StringRef(), StringRef(Source)}) {
    ASSERT_EQ(toString(writeOutput(entry(), Damaged)), "");
    EXPECT_FALSE(isStored());
    fill();
  }
}

TEST_F(StoreTest, AnEntryUnderAnotherNameIsNone) {
  fill();
  std::string Old = entry();
  Arguments.push_back("-DX");
  sys::fs::create_directories(sys::path::parent_path(entry()));
  ASSERT_FALSE(sys::fs::copy_file(Old, entry()));
  EXPECT_FALSE(isStored());
}

TEST_F(StoreTest, SaysWhatItCannotWrite) {
  auto Nowhere = FactsStore::open(File + "/store");
  ASSERT_FALSE(bool(Nowhere));
  Error E = Nowhere.takeError();
  EXPECT_TRUE(E.isA<UsageError>());
  EXPECT_EQ(toString(std::move(E)),
            "the store " + File + "/store cannot be written: Not a directory");

  auto Facts = parse();
  auto Store = open();
  write("store/" + key().substr(0, 2), "in the way");
  EXPECT_EQ(Store->problem(), "");
  Store->save(key(), Inputs, *Facts);
  EXPECT_NE(Store->problem(), "");
}

} // namespace
