//===- Protected.cpp - Work that may crash ------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Protected.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/thread.h"
#include <csignal>
#include <optional>
#include <vector>

using namespace llvm;

namespace devlife {

void enableProtection() {
  CrashRecoveryContext::Enable();
  // LLVM's handlers run on the stack that overflowed: move them.
  for (int Signal : {SIGSEGV, SIGBUS}) {
    struct sigaction Action;
    if (sigaction(Signal, nullptr, &Action))
      continue;
    Action.sa_flags |= SA_ONSTACK;
    sigaction(Signal, &Action, nullptr);
  }
}

std::string runProtected(function_ref<void()> Work) {
  constexpr unsigned StackSize = 16 << 20;
  constexpr size_t HandlerStackSize = 64 << 10;
  CrashRecoveryContext Context;
  bool Survived = false;
  thread Thread(std::optional<unsigned>(StackSize), [&] {
    std::vector<char> Memory(HandlerStackSize);
    stack_t HandlerStack = {}, Before = {};
    HandlerStack.ss_sp = Memory.data();
    HandlerStack.ss_size = Memory.size();
    sigaltstack(&HandlerStack, &Before);
    Survived = Context.RunSafely(Work);
    sigaltstack(&Before, nullptr);
  });
  Thread.join();
  if (Survived)
    return "";
  return "crashed (signal " + std::to_string(Context.RetCode - 128) + ")";
}

} // namespace devlife
