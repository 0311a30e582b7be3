//===- Checks.h - The functions behind the registry -----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each check is one source file named after it, with a page in docs/checks/.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_CHECKS_CHECKS_H
#define DEVLIFE_CHECKS_CHECKS_H

#include "checks/Finding.h"
#include "timeline/Clashes.h"

namespace devlife {

class Timelines;

void checkHybridIrqVectors(const Timelines &T, std::vector<Finding> &Out);
void checkImplicitIrqVectors(const Timelines &T, std::vector<Finding> &Out);
void checkManagedFreed(const Timelines &T, std::vector<Finding> &Out);
void checkEntryBeforeInit(const Timelines &T, std::vector<Finding> &Out);
/// \p Check is one of the four that speak of windows and lifetimes.
void checkOutlivesData(const Timelines &T, llvm::StringRef Check,
                       std::vector<Finding> &Out);
void checkEnds(const Timelines &T, Clash::KindTy Kind,
               std::vector<Finding> &Out);
void checkLegacyMsi(const Timelines &T, std::vector<Finding> &Out);
void checkLockOrder(const Timelines &T, std::vector<Finding> &Out);
void checkNtbDoorbell(const Timelines &T, std::vector<Finding> &Out);
void checkSleepInAtomic(const Timelines &T, std::vector<Finding> &Out);
void checkUseAfterRelease(const Timelines &T, std::vector<Finding> &Out);

} // namespace devlife

#endif // DEVLIFE_CHECKS_CHECKS_H
