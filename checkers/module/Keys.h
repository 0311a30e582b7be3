//===- Keys.h - Names for things, whatever leads to them ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A *field key* names a field of the module's own records: "y_priv.ring".
// A driver instance is taken to have one object of each record, so the key
// means the same thing in probe, handler and remove. What lies in a kernel
// record inside an own one continues the path: "y_priv.work.timer". Globals
// are "::name". A whole object of an own record is the record: "y_priv".
//
// Keys are found from types and from what a local variable is set to; no data
// flow is needed.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_MODULE_KEYS_H
#define DEVLIFE_MODULE_KEYS_H

#include "module/Module.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/StringSaver.h"

namespace devlife {

class Keys {
public:
  explicit Keys(const Module &M);

  /// What \p Id denotes: the field that holds the pointer, or the field whose
  /// address it is. "" when no name is known. Lives as long as this.
  StringRef of(FunctionRef F, ExprId Id) const;
  /// Where the result of call number \p Call of \p F is kept.
  StringRef ofResult(FunctionRef F, int32_t Call) const;
  /// The record of the object that \p Id points to.
  StringRef recordOf(FunctionRef F, ExprId Id) const;
  /// The record that the result of a call is taken for.
  StringRef recordOfResult(FunctionRef F, int32_t Call) const;

  /// The key of a global.
  StringRef global(StringRef Name) const { return save("::" + Name); }

  /// Whether \p Key names a whole object, and no field or global.
  static bool isObject(StringRef Key) {
    return !Key.contains('.') && !Key.starts_with("::");
  }

  /// \p Id without the casts around it.
  static const Expr &bare(const FunctionFacts &F, ExprId Id);
  /// Whether \p Id is the address of something, made here or kept in a
  /// variable.
  bool isAddress(const FunctionFacts &F, ExprId Id, unsigned Depth = 0) const;

  /// Whether \p Record, or what holds it, is of this module's making.
  bool isPartOfOwn(StringRef Record) const {
    return isOwn(Record) || Inside.contains(Record);
  }
  /// Whether local variable \p Var is given more than one value.
  bool isSetTwice(const FunctionFacts &F, int32_t Var) const {
    return var(F, Var).HasSeveral;
  }

  /// The one value that it is given; 0 when there is none, or several.
  ExprId definition(const FunctionFacts &F, int32_t Var) const {
    return var(F, Var).Definition;
  }

  /// The entry that \p Key is a part of: a delayed work is one with the work
  /// inside it.
  static StringRef entry(StringRef Key) {
    size_t Dot = Key.find('.');
    return Dot == StringRef::npos ? Key : Key.substr(0, Key.find('.', Dot + 1));
  }

  bool isOwn(StringRef Record) const { return Own.contains(Record); }
  /// Whether an object of \p Outer has one of \p Inner inside, at any depth,
  /// its private data included.
  bool contains(StringRef Outer, StringRef Inner) const;
  /// Whether the object of record \p Record holds what \p Key names.
  bool holds(StringRef Record, StringRef Key) const;

  /// Whether \p A and \p B name the same thing, or one is a part of the other.
  static bool overlap(StringRef A, StringRef B);

private:
  /// What a function says about a local variable.
  struct VarInfo {
    ExprId Definition = 0; ///< Its only one; 0 when there are none or several.
    ExprId KeptIn = 0;     ///< A field or global that it is stored to.
    bool HasSeveral = false;
  };

  void findParts();
  std::vector<ExprId> keptIn(FunctionRef F, int32_t Call) const;
  StringRef find(FunctionRef F, ExprId Id, unsigned Depth) const;
  const VarInfo &var(const FunctionFacts &F, int32_t Var) const;
  StringRef save(const llvm::Twine &Text) const { return Strings.save(Text); }

  const Module &M;
  mutable llvm::BumpPtrAllocator Allocator;
  mutable llvm::UniqueStringSaver Strings{Allocator};
  llvm::StringMap<const RecordFacts *> Own;
  llvm::StringSet<> Inside; ///< Records that lie in them.
  /// Record -> those of the module's records that live in its private data.
  llvm::StringMap<llvm::SmallVector<StringRef, 2>> Parts;
  mutable llvm::DenseMap<const FunctionFacts *, std::vector<VarInfo>> VarsOf;
  mutable llvm::DenseMap<std::pair<const FunctionFacts *, ExprId>, StringRef>
      Found;
};

} // namespace devlife

#endif // DEVLIFE_MODULE_KEYS_H
