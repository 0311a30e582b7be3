//===- Instances.h - Which of several objects of a kind -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A record with a work in it may stand in several fields of others, each with
// a handler of its own. So entries, queues and IRQ lines are compared here by
// the longest path that both sides know: "y_priv.poll.work", not "y_poll.work".
// What may be any of several with different handlers has none.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CONTEXT_INSTANCES_H
#define DEVLIFE_CONTEXT_INSTANCES_H

#include "module/Uses.h"

namespace devlife {

/// "y_priv.poll[0].work", by its steps.
struct ObjectPath {
  llvm::SmallVector<std::string, 4> Steps; ///< The first is the object.
  StringRef Key; ///< What Keys calls it: the innermost record of the module.
  int32_t Param = -1; ///< The parameter that points to the object, if one does.
};

/// Who handles an entry, or what is put on a queue.
struct Handled {
  std::vector<FunctionRef> By;
  bool IsSure = true; ///< False: by one of them, depending on the object.
};

class Instances {
public:
  explicit Instances(const Uses &U);

  /// The name of \p Arg of \p Site; without steps when there is none.
  ObjectPath path(const CallRef &Site, ArgRef Arg) const;
  /// What \p Of, which begins with a parameter, is called where \p Site calls
  /// the function.
  ObjectPath atCall(const ObjectPath &Of, const CallRef &Site) const;

  Handled handlers(const ObjectPath &Of) const { return find(Entries, Of); }
  Handled onQueue(const ObjectPath &Of) const {
    return find(Queued, Of, /*HasMany=*/true);
  }
  /// The IRQ handlers that were requested for this line.
  Handled onLine(const ObjectPath &Of) const { return find(Lines, Of); }
  /// Those that were requested with this cookie.
  std::vector<FunctionRef> withCookie(StringRef Key) const;
  /// Whether records or arrays have several of that record.
  bool isInSeveral(StringRef Record) const;

private:
  /// Something with handlers.
  struct Bound {
    ObjectPath Of;
    std::vector<FunctionRef> Handlers;
  };

  ObjectPath path(FunctionRef F, ExprId Id) const;
  void walk(FunctionRef F, ExprId Id, unsigned Depth, ObjectPath &Out) const;
  void bind(FunctionRef F);
  void arm(FunctionRef F);
  bool isSame(const ObjectPath &A, const ObjectPath &B) const;
  /// Of what \p HasMany handlers, those count as well that were given to the
  /// same object by another name.
  Handled find(llvm::ArrayRef<Bound> List, const ObjectPath &Of,
               bool HasMany = false) const;

  const Uses &U;
  llvm::StringMap<llvm::StringSet<>> Places; ///< Record -> where it stands.
  std::vector<Bound> Entries, Queued, Lines, Cookies;
};

} // namespace devlife

#endif // DEVLIFE_CONTEXT_INSTANCES_H
