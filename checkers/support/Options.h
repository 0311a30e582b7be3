//===- Options.h - What a user can set about the analysis -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_SUPPORT_OPTIONS_H
#define DEVLIFE_SUPPORT_OPTIONS_H

#include <string>

namespace devlife {

/// Who releases a managed device's IRQ vectors in the tree under analysis.
/// Hybrid: pcim_enable_device() makes devres release them, whoever allocated.
/// Transition: likewise, but the tree declares the explicit managed calls.
/// Explicit: only what the explicit managed calls allocated.
enum class VectorContract { Auto, Hybrid, Transition, Explicit };

struct AnalysisOptions {
  VectorContract IrqVectorContract = VectorContract::Auto;
  /// Offer edits with the explicit managed calls even when the tree does not
  /// declare them.
  bool AssumeManagedVectors = false;
  /// Root of the tree, to read what the contract depends on; "" when unknown.
  std::string TreeRoot;
};

} // namespace devlife

#endif // DEVLIFE_SUPPORT_OPTIONS_H
