//===- LifetimeRepairs.h - Repairs of the lifetime checks -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each fills in the edits of a finding, when it is certain of them: the code
// compiles as before, the finding is gone, and no other one comes. Otherwise
// the finding has none.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_LIFETIMEREPAIRS_H
#define DEVLIFE_CHECKS_LIFETIMEREPAIRS_H

#include "checks/Finding.h"
#include "timeline/Timeline.h"

namespace devlife {

/// A window that is cancelled becomes one that is quiesced.
void repairSync(const Timelines &T, const DriverTimeline &D, const Clash &C,
                Finding &F);
/// What ends, or quiesces, too early goes behind what it has to wait for.
void repairOrder(const Timelines &T, const DriverTimeline &D, const Clash &C,
                 Finding &F);
/// What is initialised too late goes before what opens the window.
void repairInit(const Timelines &T, const DriverTimeline &D, const Clash &C,
                Finding &F);
/// Where that cannot be, or devres ends the thing first: the managed call that
/// opens the window goes behind.
void postponeArm(const Timelines &T, const Clash &C, Finding &F);
/// A second release goes.
void repairTwice(const Timelines &T, const DriverTimeline &D, const Clash &C,
                 Finding &F);
/// What devres releases is not released by hand, or by the managed call.
void repairManaged(const Timelines &T, const DriverTimeline &D,
                   const Occurrence &O, Finding &F);
/// Each way out of a failing begin releases what it has acquired.
void repairLeak(const Timelines &T, const Clash &C, Finding &F);
/// A pointer to what is released is cleared.
void repairStale(const Timelines &T, const Clash &C, Finding &F);

/// Whether nothing but the functions \p Roots runs \p F, as far as the module
/// can tell: no other entry, and nobody else who has its address.
bool runsOnlyIn(const Uses &U, FunctionRef F,
                llvm::ArrayRef<FunctionRef> Roots);

} // namespace devlife

#endif // DEVLIFE_CHECKS_LIFETIMEREPAIRS_H
