//===- Picture.h - The intervals that clash, drawn ----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_REPORT_PICTURE_H
#define DEVLIFE_REPORT_PICTURE_H

#include "checks/Finding.h"
#include <string>

namespace devlife {

class SourceCache;

/// The picture that driver maintainers draw by hand in review: where windows
/// and lifetimes begin and end, in the order of execution.
///
///     y_probe()
///       devm_request_irq() ........ (A) window of IRQ handler 'y_isr' begins
///     y_remove()
///       kfree() ................... (B) lifetime of 'y_priv.ring' ends
///     devres ...................... (C) window of IRQ handler 'y_isr' ends
///     between (B) and (C): IRQ handler 'y_isr' can use 'y_priv.ring'
///
/// The order is that of the notes; what has no note stands in the order of
/// the intervals, and what has no place (devres) last. Only an order that the
/// notes vouch for gets the last line. Empty when there is no interval.
std::string drawIntervals(const Finding &F, SourceCache &Sources);

} // namespace devlife

#endif // DEVLIFE_REPORT_PICTURE_H
