//===- Cow.h - A value that is copied when it is written to ---------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TIMELINE_COW_H
#define DEVLIFE_TIMELINE_COW_H

#include "llvm/ADT/STLExtras.h"
#include <memory>

namespace devlife {

/// Holds a T that copies share until one of them is edited. Not for threads:
/// copies must stay in the thread that made them.
template <typename T> class Cow {
public:
  Cow() = default;
  Cow(T Value) : Shared(std::make_shared<T>(std::move(Value))) {}

  const T &operator*() const { return Shared ? *Shared : none(); }
  const T *operator->() const { return &**this; }
  T &edit() {
    if (!Shared)
      Shared = std::make_shared<T>();
    else if (Shared.use_count() > 1)
      Shared = std::make_shared<T>(*Shared);
    return *Shared;
  }

  /// Changes the elements that \p Is holds for; without one, nothing is copied.
  template <typename PredicateT, typename ChangeT>
  void change(PredicateT Is, ChangeT Change) {
    if (llvm::none_of(*this, Is))
      return;
    for (auto &Element : edit())
      if (Is(Element))
        Change(Element);
  }
  /// Likewise, erases them from a vector.
  template <typename PredicateT> void eraseIf(PredicateT Is) {
    if (llvm::any_of(*this, Is))
      llvm::erase_if(edit(), Is);
  }

  auto begin() const { return (**this).begin(); }
  auto end() const { return (**this).end(); }
  auto size() const { return (**this).size(); }
  bool empty() const { return (**this).empty(); }
  const auto &operator[](size_t Index) const { return (**this)[Index]; }
  const auto &back() const { return (**this).back(); }

  bool operator==(const Cow &O) const {
    return Shared == O.Shared || **this == *O;
  }
  bool operator!=(const Cow &O) const { return !(*this == O); }

private:
  static const T &none() {
    static const T Empty;
    return Empty;
  }

  std::shared_ptr<T> Shared;
};

} // namespace devlife

#endif // DEVLIFE_TIMELINE_COW_H
