//===- Serialise.cpp - Facts as bytes -------------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each struct is described once, by a fields() that the writer and the reader
// share: what is written is what is read.
//
//===----------------------------------------------------------------------===//

#include "facts/Serialise.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/raw_ostream.h"
#include <limits>
#include <type_traits>

using namespace llvm;

namespace devlife {

namespace {

//===----------------------------------------------------------------------===//
// The fields of each struct
//===----------------------------------------------------------------------===//

/// T as an archive takes it: the writer does not change it.
template <typename Archive, typename T>
using In = std::conditional_t<Archive::IsReader, T, const T>;

// Bindings must name every field: a struct that gets another one does not
// compile before it is here.
template <typename A> void fields(A &Ar, In<A, Loc> &L) {
  auto &[File, Line, Column, Offset] = L;
  Ar(File, Line, Column, Offset);
}
template <typename A> void fields(A &Ar, In<A, Extent> &E) {
  auto &[File, Begin, End] = E;
  Ar(File, Begin, End);
}
template <typename A> void fields(A &Ar, In<A, Expr> &E) {
  auto &[Kind, Op, IsPointer, IsArray, Arrow, Bits, Index, Name, Record, Base,
         Ops, Value] = E;
  Ar(Kind, Op, IsPointer, IsArray, Arrow, Bits, Index, Name, Record, Base,
     Ops[0], Ops[1], Ops[2], Value);
}
template <typename A> void fields(A &Ar, In<A, VarFacts> &V) {
  auto &[Name, Record, Type, Cleanup, IsPointer, IsStatic, ParamIndex, At, Uses,
         Writes] = V;
  Ar(Name, Record, Type, Cleanup, IsPointer, IsStatic, ParamIndex, At, Uses,
     Writes);
}
template <typename A> void fields(A &Ar, In<A, FieldRead> &R) {
  auto &[Member, Whole, Base] = R;
  Ar(Member, Whole, Base);
}
template <typename A> void fields(A &Ar, In<A, CallFacts> &C) {
  auto &[Callee, Target, Args, Record, At, Name, Whole, ArgText, Stmt, Macro] =
      C;
  Ar(Callee, Target, Args, Record, At, Name, Whole, ArgText, Stmt, Macro);
}
template <typename A> void fields(A &Ar, In<A, Event> &E) {
  auto &[Kind, Index, Target, Value, At] = E;
  Ar(Kind, Index, Target, Value, At);
}
template <typename A> void fields(A &Ar, In<A, Block> &B) {
  auto &[FirstEvent, EndEvent, Condition, IsSwitch, IsLoopHead, Succs] = B;
  Ar(FirstEvent, EndEvent, Condition, IsSwitch, IsLoopHead, Succs);
}
template <typename A> void fields(A &Ar, In<A, StmtNode> &N) {
  auto &[Kind, Parent, Text, Head, Name, Value] = N;
  Ar(Kind, Parent, Text, Head, Name, Value);
}
template <typename A>
void fields(A &Ar, In<A, std::pair<StringRef, Loc>> &Reference) {
  auto &[Name, At] = Reference;
  Ar(Name, At);
}
template <typename A> void fields(A &Ar, In<A, FunctionFacts> &F) {
  auto &[Name, At, Whole, Body, IsStatic, ReturnsPointer, ReturnsVoid, Vars,
         Exprs, Calls, Events, Blocks, Skeleton, FieldReads, References] = F;
  Ar(Name, At, Whole, Body, IsStatic, ReturnsPointer, ReturnsVoid, Vars, Exprs,
     Calls, Events, Blocks, Skeleton, FieldReads, References);
}
template <typename A> void fields(A &Ar, In<A, TableEntry> &E) {
  auto &[Field, Value, Kind, Int, At] = E;
  Ar(Field, Value, Kind, Int, At);
}
template <typename A> void fields(A &Ar, In<A, TableFacts> &T) {
  auto &[Name, Record, IsStatic, IsDefinition, At, Entries] = T;
  Ar(Name, Record, IsStatic, IsDefinition, At, Entries);
}
template <typename A> void fields(A &Ar, In<A, FieldFacts> &F) {
  auto &[Name, Record] = F;
  Ar(Name, Record);
}
template <typename A> void fields(A &Ar, In<A, RecordFacts> &R) {
  auto &[Name, At, Embedded] = R;
  Ar(Name, At, Embedded);
}
template <typename A> void fields(A &Ar, In<A, PrototypeFacts> &P) {
  auto &[Name, Text] = P;
  Ar(Name, Text);
}
template <typename A> void fields(A &Ar, In<A, SourceFile> &F) {
  auto &[Path, FullPath] = F;
  Ar(Path, FullPath);
}
template <typename A> void fields(A &Ar, In<A, InputContent> &C) {
  auto &[State, Size, Hash] = C;
  Ar(State);
  if (State == InputState::Read)
    Ar(Size, Hash);
}
template <typename A> void fields(A &Ar, In<A, Input> &I) {
  auto &[FullPath, Content] = I;
  Ar(FullPath, Content);
}
// It has private members, so nothing but a test sees what is missing.
template <typename A> void fields(A &Ar, In<A, TUFacts> &TU) {
  Ar(TU.Files, TU.Module, TU.Functions, TU.Tables, TU.Records, TU.Prototypes,
     TU.Declared, TU.KernelVersion, TU.NumErrors, TU.FirstError,
     TU.FunctionsLeftOut);
}

constexpr uint64_t last(ExprKind) { return uint64_t(ExprKind::Conditional); }
constexpr uint64_t last(BinaryOp) { return uint64_t(BinaryOp::Other); }
constexpr uint64_t last(EventKind) { return uint64_t(EventKind::ScopeEnd); }
constexpr uint64_t last(StmtKind) { return uint64_t(StmtKind::Other); }
constexpr uint64_t last(InputState) { return uint64_t(InputState::Read); }

//===----------------------------------------------------------------------===//
// The two archives
//===----------------------------------------------------------------------===//

class Writer {
public:
  static constexpr bool IsReader = false;

  template <typename... Ts> void operator()(const Ts &...Fields) {
    (value(Fields), ...);
  }

  /// The table of strings, then what was written.
  std::string finish() {
    std::string Result;
    raw_string_ostream OS(Result);
    encodeULEB128(Strings.size(), OS);
    for (StringRef Text : Order) {
      encodeULEB128(Text.size(), OS);
      OS << Text;
    }
    OS << Body;
    return Result;
  }

private:
  template <typename T> void value(const T &Field) {
    if constexpr (std::is_enum_v<T>)
      encodeULEB128(uint64_t(Field), OS);
    else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
      encodeSLEB128(Field, OS);
    else if constexpr (std::is_integral_v<T>)
      encodeULEB128(Field, OS);
    else
      fields(*this, Field);
  }
  void value(StringRef Text) {
    auto [At, New] = Strings.try_emplace(Text, Strings.size());
    if (New)
      Order.push_back(At->getKey());
    encodeULEB128(At->second, OS);
  }
  void value(const std::string &Text) {
    encodeULEB128(Text.size(), OS);
    OS << Text;
  }
  void value(const XXH128_hash_t &Hash) {
    char Bytes[16];
    support::endian::write64le(Bytes, Hash.low64);
    support::endian::write64le(Bytes + 8, Hash.high64);
    OS << StringRef(Bytes, sizeof(Bytes));
  }
  void value(const StringSet<> &Set) {
    std::vector<StringRef> Sorted(Set.keys().begin(), Set.keys().end());
    llvm::sort(Sorted);
    list(Sorted);
  }
  template <typename T> void value(ArrayRef<T> List) { list(List); }
  template <typename T> void value(const std::vector<T> &List) { list(List); }
  template <typename T, unsigned N> void value(const SmallVector<T, N> &List) {
    list(List);
  }
  template <typename List> void list(const List &Items) {
    encodeULEB128(Items.size(), OS);
    for (const auto &Item : Items)
      value(Item);
  }

  StringMap<uint32_t> Strings;
  std::vector<StringRef> Order;
  std::string Body;
  raw_string_ostream OS{Body};
};

/// Reads what a Writer wrote. After the first mistake everything is 0; finish()
/// tells.
class Reader {
public:
  static constexpr bool IsReader = true;

  Reader(StringRef Bytes, TUFacts &Facts)
      : Data(Bytes, /*IsLittleEndian=*/true, /*AddressSize=*/8), At(0) {
    for (uint64_t Left = count(); Left; --Left)
      Strings.push_back(Facts.save(bytes(number())));
  }

  template <typename... Ts> void operator()(Ts &...Fields) {
    (value(Fields), ...);
  }

  Error finish() {
    if (!Problem && At && At.tell() != Data.size())
      Problem = "there is more than facts";
    if (Error E = At.takeError())
      return E;
    return Problem ? createStringError(Problem) : Error::success();
  }

private:
  uint64_t fail(const char *What) {
    if (!Problem)
      Problem = What;
    return 0;
  }
  bool good() { return !Problem && bool(At); }
  uint64_t left() { return Data.size() - At.tell(); }

  uint64_t number() { return good() ? Data.getULEB128(At) : 0; }
  /// A number of things that take a byte or more each.
  uint64_t count() {
    uint64_t N = number();
    return N <= left() ? N : fail("a list is too long");
  }
  StringRef bytes(uint64_t Length) {
    return good() ? Data.getBytes(At, Length) : StringRef();
  }

  template <typename T> void value(T &Field) {
    if constexpr (std::is_enum_v<T>) {
      uint64_t N = number();
      Field = T(N <= last(T()) ? N : fail("no such kind"));
    } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
      int64_t N = good() ? Data.getSLEB128(At) : 0;
      bool Fits = N >= std::numeric_limits<T>::min() &&
                  N <= std::numeric_limits<T>::max();
      Field = Fits ? N : fail("a number is too large");
    } else if constexpr (std::is_integral_v<T>) {
      uint64_t N = number();
      Field = N <= std::numeric_limits<T>::max()
                  ? N
                  : fail("a number is too large");
    } else {
      fields(*this, Field);
    }
  }
  void value(StringRef &Text) {
    uint64_t N = number();
    if (N < Strings.size())
      Text = Strings[N];
    else
      fail("no such string");
  }
  void value(std::string &Text) { Text = bytes(number()).str(); }
  void value(XXH128_hash_t &Hash) {
    if (StringRef Bytes = bytes(16); Bytes.size() == 16)
      Hash = {support::endian::read64le(Bytes.data()),
              support::endian::read64le(Bytes.data() + 8)};
  }
  void value(StringSet<> &Set) {
    StringRef Name;
    for (uint64_t Left = count(); Left && good(); --Left) {
      value(Name);
      Set.insert(Name);
    }
  }
  template <typename T> void value(std::vector<T> &List) { list(List); }
  template <typename T, unsigned N> void value(SmallVector<T, N> &List) {
    list(List);
  }
  template <typename List> void list(List &Items) {
    uint64_t N = count();
    Items.reserve(N);
    for (; N && good(); --N)
      value(Items.emplace_back());
  }

  DataExtractor Data;
  DataExtractor::Cursor At;
  std::vector<StringRef> Strings;
  const char *Problem = nullptr;
};

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

/// Whether every index means something, and no expression is part of itself.
class Verifier {
public:
  explicit Verifier(const TUFacts &TU) : TU(TU) {}

  bool run() const {
    return !TU.Files.empty() && all_of(TU.Functions, [&](const auto &F) {
      return function(F);
    }) && all_of(TU.Tables, [&](const TableFacts &T) {
      return ok(T.At) &&
             all_of(T.Entries, [&](const TableEntry &E) { return ok(E.At); });
    }) && all_of(TU.Records, [&](const RecordFacts &R) {
      return ok(R.At);
    }) && all_of(TU.Prototypes, [&](const PrototypeFacts &P) {
      return ok(P.Text);
    });
  }

private:
  /// -1 counts as none.
  template <typename List> static bool within(int32_t Index, const List &Of) {
    return Index >= -1 && (Index < 0 || size_t(Index) < Of.size());
  }
  bool ok(const Loc &L) const { return L.File < TU.Files.size(); }
  bool ok(const Extent &E) const { return E.File < TU.Files.size(); }

  bool function(const FunctionFacts &F) const {
    auto Known = [&](ExprId Id) { return Id < F.Exprs.size(); };
    if (F.Exprs.empty() || !ok(F.At) || !ok(F.Whole) || !ok(F.Body))
      return false;
    for (ExprId Id = 0; Id != F.Exprs.size(); ++Id)
      if (!expr(F, Id))
        return false;
    for (const VarFacts &V : F.Vars)
      if (!ok(V.At) || V.ParamIndex < -1)
        return false;
    for (const CallFacts &C : F.Calls)
      if (!Known(C.Target) || !all_of(C.Args, Known) || !ok(C.At) ||
          !ok(C.Name) || !ok(C.Whole) || C.ArgText.size() != C.Args.size() ||
          !all_of(C.ArgText, [&](const Extent &E) { return ok(E); }) ||
          !within(C.Stmt, F.Skeleton))
        return false;
    for (const Event &E : F.Events)
      if (!Known(E.Target) || !Known(E.Value) || !ok(E.At) || !event(F, E))
        return false;
    for (const Block &B : F.Blocks)
      if (B.FirstEvent > B.EndEvent || B.EndEvent > F.Events.size() ||
          !Known(B.Condition) ||
          !all_of(B.Succs, [&](uint32_t S) { return S < F.Blocks.size(); }))
        return false;
    for (size_t I = 0; I != F.Skeleton.size(); ++I) {
      const StmtNode &N = F.Skeleton[I];
      if (!within(N.Parent, ArrayRef(F.Skeleton).take_front(I)) ||
          !ok(N.Text) || !ok(N.Head) || !Known(N.Value))
        return false;
    }
    for (const FieldRead &R : F.FieldReads)
      if (!Known(R.Member) || !ok(R.Whole) || !ok(R.Base))
        return false;
    return all_of(F.References, [&](const auto &R) { return ok(R.second); });
  }

  /// What an expression is made of comes before it.
  static bool expr(const FunctionFacts &F, ExprId Id) {
    auto Before = [&](ExprId Part) { return Part == 0 || Part < Id; };
    const Expr &E = F.Exprs[Id];
    if (!all_of(E.Ops, Before))
      return false;
    if (E.Kind == ExprKind::Var)
      return within(E.Index, F.Vars);
    if (E.Kind != ExprKind::Call)
      return true;
    if (E.Index < 0 || !within(E.Index, F.Calls))
      return false;
    const CallFacts &C = F.Calls[E.Index];
    return Before(C.Target) && all_of(C.Args, Before);
  }

  static bool event(const FunctionFacts &F, const Event &E) {
    switch (E.Kind) {
    case EventKind::Call:
      return E.Index >= 0 && within(E.Index, F.Calls);
    case EventKind::ScopeEnd:
      return E.Index >= 0 && within(E.Index, F.Vars);
    case EventKind::Store:
    case EventKind::Use:
    case EventKind::Return:
      return true;
    }
    llvm_unreachable("not a kind of event");
  }

  const TUFacts &TU;
};

//===----------------------------------------------------------------------===//
// Around the payload
//===----------------------------------------------------------------------===//

constexpr StringLiteral Magic("devfacts");
constexpr size_t HeaderSize = Magic.size() + 4 + 8;
/// More than any TU needs; a wrong length must not take all memory.
constexpr uint64_t MaxPayload = 1 << 30;

enum Method : uint8_t { Plain, Zstd };

Expected<std::string> unseal(StringRef Bytes) {
  auto Mistake = [](const char *What) { return createStringError(What); };
  StringRef Sealed = Bytes;
  if (!Sealed.consume_front(Magic))
    return Mistake("these are no facts");
  if (Bytes.size() < HeaderSize + 1 + 8)
    return Mistake("the facts are truncated");
  if (support::endian::read32le(Bytes.data() + 8) != FactsVersion)
    return Mistake("the facts have another version");
  Sealed = Bytes.drop_front(HeaderSize);
  if (support::endian::read64le(Bytes.data() + 12) != xxh3_64bits(Sealed))
    return Mistake("the facts are damaged");
  uint8_t How = Sealed[0];
  uint64_t Length = support::endian::read64le(Sealed.data() + 1);
  StringRef Payload = Sealed.drop_front(9);
  if (How == Plain && Length == Payload.size())
    return Payload.str();
  if (How != Zstd || Length > MaxPayload || !compression::zstd::isAvailable())
    return Mistake("the facts are stored in an unknown way");
  std::string Result(Length, '\0');
  size_t Got = Length;
  if (Error E = compression::zstd::decompress(
          arrayRefFromStringRef(Payload),
          reinterpret_cast<uint8_t *>(Result.data()), Got))
    return std::move(E);
  if (Got != Length)
    return Mistake("the facts are shorter than they say");
  return Result;
}

std::string seal(StringRef Payload) {
  SmallVector<uint8_t, 0> Packed;
  Method How = compression::zstd::isAvailable() ? Zstd : Plain;
  if (How == Zstd)
    compression::zstd::compress(arrayRefFromStringRef(Payload), Packed);
  std::string Result(HeaderSize + 1 + 8, '\0');
  llvm::copy(Magic, Result.begin());
  support::endian::write32le(Result.data() + 8, FactsVersion);
  Result[HeaderSize] = How;
  support::endian::write64le(Result.data() + HeaderSize + 1, Payload.size());
  Result += How == Zstd ? toStringRef(Packed) : Payload;
  support::endian::write64le(
      Result.data() + 12,
      xxh3_64bits(StringRef(Result).drop_front(HeaderSize)));
  return Result;
}

} // namespace

std::string serialise(StringRef Key, ArrayRef<Input> Inputs,
                      const TUFacts &Facts) {
  Writer Out;
  Out(Key.str(), Inputs, Facts);
  return seal(Out.finish());
}

Expected<StoredFacts> deserialise(StringRef Bytes) {
  Expected<std::string> Payload = unseal(Bytes);
  if (!Payload)
    return Payload.takeError();
  StoredFacts Result;
  Result.Facts = std::make_unique<TUFacts>();
  Reader In(*Payload, *Result.Facts);
  In(Result.Key, Result.Inputs, *Result.Facts);
  if (Error E = In.finish())
    return std::move(E);
  if (!Verifier(*Result.Facts).run())
    return createStringError("an index in the facts points nowhere");
  return Result;
}

} // namespace devlife
