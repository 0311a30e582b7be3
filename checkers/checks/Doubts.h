//===- Doubts.h - Why all may end well nevertheless
//------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the timeline cannot tell, but the rest of the module hints at. A finding
// in doubt has medium confidence.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_DOUBTS_H
#define DEVLIFE_CHECKS_DOUBTS_H

#include "checks/Wording.h"

namespace devlife {

/// Whether the module has many files. What its functions reach goes through
/// tables and helpers of other files then: of the findings about order and ways
/// out that were read there, 41 of 65 were true, elsewhere 205 of 243
/// (docs/accuracy.md).
inline bool isLarge(const Wording &Say) { return Say.T.M.TUs.size() >= 5; }

/// Whether the two releases of \p C may be of two things, or of one that was
/// taken twice.
bool mayBeTwo(const Wording &Say, const Clash &C);

/// Whether end gives the object that holds the entry of \p W to another module,
/// which may stop it.
bool mayStop(const Wording &Say, const Window &W);

/// Whether what end unregisters before \p C runs, if it is in use, code that
/// stops the entry of its window. What arms it again asks, as a rule, whether
/// that is so.
bool isStoppedByCore(const Wording &Say, const Clash &C);

/// Whether \p R, which no end releases on any way that the timeline has taken,
/// may be released all the same: under a condition, one by one, by another
/// module, or with an object that lives longer than the driver.
bool mayEnd(const Wording &Say, const Resource &R);

} // namespace devlife

#endif // DEVLIFE_CHECKS_DOUBTS_H
