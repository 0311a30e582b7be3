//===- Knowledge.h - What is known of fields at a point -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Facts about fields, globals and the answers of calls, from branches and from
// what the function sets. A fact stays until the function sets the field again,
// or calls one that does: others may change it, but a driver that asks twice
// mostly means the same.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_KNOWLEDGE_H
#define DEVLIFE_CONTEXT_KNOWLEDGE_H

#include "context/Locks.h"

namespace devlife {

class Knowledge {
public:
  explicit Knowledge(const LockNames &Names) : Names(Names), U(Names.U) {}

  /// Adds to \p Known what follows when \p Id is \p IsTrue.
  void branch(FunctionRef F, ExprId Id, bool IsTrue, FactList &Known) const;
  /// What \p E changes.
  void event(FunctionRef F, const Event &E, FactList &Known) const;

private:
  void learn(FunctionRef F, ExprId Id, bool IsTrue, unsigned Depth,
             FactList &Out) const;
  std::optional<Fact> bit(const CallRef &Site,
                          ContextEffect::KindTy Kind) const;
  std::string question(const CallRef &Site) const;
  StringRef key(FunctionRef F, ExprId Id) const;

  const LockNames &Names;
  const Uses &U;
  mutable llvm::BumpPtrAllocator Allocator;
  mutable llvm::UniqueStringSaver Strings{Allocator};
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_KNOWLEDGE_H
