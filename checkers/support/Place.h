//===- Place.h - A spot in the source tree --------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_SUPPORT_PLACE_H
#define DEVLIFE_SUPPORT_PLACE_H

#include <string>

namespace devlife {

/// A spot in the tree.
struct Place {
  std::string File;     ///< Relative to the tree's root.
  std::string FullPath; ///< Absolute.
  unsigned Line = 0;    ///< 1-based.
  unsigned Column = 0;  ///< 1-based, in bytes.
  unsigned Offset = 0;  ///< In bytes from the start of the file.
  std::string Function; ///< Enclosing function, or "".

  bool isValid() const { return Line != 0; }
};

struct Note {
  Place At;
  std::string Text;
};

} // namespace devlife

#endif // DEVLIFE_SUPPORT_PLACE_H
