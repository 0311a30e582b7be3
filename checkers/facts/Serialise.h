//===- Serialise.h - Facts as bytes ---------------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layout: "devfacts"; version, 4 bytes; checksum of what follows, 8
// bytes; method, 1 byte (0 plain, 1 zstd); length of the payload, 8 bytes; the
// payload. Numbers are little-endian here, and LEB128 in the payload: a table
// of the different strings, then all fields in the order of Facts.h. The
// result does not depend on the machine.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_FACTS_SERIALISE_H
#define DEVLIFE_FACTS_SERIALISE_H

#include "facts/Facts.h"
#include "facts/Inputs.h"
#include "llvm/Support/Error.h"

namespace devlife {

/// Of the layout; it rises when a field comes or goes.
constexpr uint32_t FactsVersion = 2;

/// The facts of a TU, with what they were made of.
struct StoredFacts {
  std::string Key; ///< Of whoever keeps them.
  std::vector<Input> Inputs;
  std::unique_ptr<TUFacts> Facts;
};

std::string serialise(StringRef Key, llvm::ArrayRef<Input> Inputs,
                      const TUFacts &Facts);

/// The opposite. Bytes that serialise() did not write are an error: not only
/// the checksum is tested but every index, so that facts that load can be
/// analysed.
llvm::Expected<StoredFacts> deserialise(StringRef Bytes);

} // namespace devlife

#endif // DEVLIFE_FACTS_SERIALISE_H
