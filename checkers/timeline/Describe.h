//===- Describe.h - A module's timelines as text --------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TIMELINE_DESCRIBE_H
#define DEVLIFE_TIMELINE_DESCRIBE_H

#include "timeline/Timeline.h"

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace devlife {

/// Prints what the engine has understood of each driver: its phases, the
/// windows and lifetimes while it is bound and after it was unbound, and where
/// they clash. For people who wonder why something was, or was not, reported.
void describe(llvm::raw_ostream &OS, const Timelines &T);

} // namespace devlife

#endif // DEVLIFE_TIMELINE_DESCRIBE_H
