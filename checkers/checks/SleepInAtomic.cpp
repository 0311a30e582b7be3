//===- SleepInAtomic.cpp - devlife-sleep-in-atomic ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What can sleep is called where that is not allowed: under a lock that spins,
// in a section that must not be left, or in a function that the kernel calls
// in atomic context.
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/ContextWording.h"

namespace devlife {

static std::string rootText(const Root &R) {
  std::string Name = "'" + R.F.F->Name.str() + "'";
  switch (*R.Runs) {
  case ContextKind::HardIrq:
    return Name + ", which runs in hard IRQ context";
  case ContextKind::SoftIrq:
    return Name + ", which runs in softirq context";
  case ContextKind::Atomic:
    return Name + ", which can be called in atomic context";
  case ContextKind::Raw:
    return Name + ", which is called with a raw spinlock held";
  }
  return Name;
}

void checkSleepInAtomic(const Timelines &T, std::vector<Finding> &Out) {
  Contexts C(T.Touch);
  ContextWording Say(T.M);
  for (const AtomicSleep &S : C.sleeps()) {
    Finding F = Say.finding("devlife-sleep-in-atomic", S.Sleeps.leaf());
    std::string What = Say.callee(S.Sleeps.leaf());
    std::string Can = S.OnlyRT ? " can sleep with PREEMPT_RT" : " can sleep";
    if (S.Under) {
      F.Message = What + Can + ", and is called from " + rootText(*S.Under);
      F.Identity = What + ":" + S.Under->F.F->Name.str();
      Say.root(*S.Under, F);
    } else {
      F.Message = What + Can + " " + Say.whileHeld(S.Lock.Id);
      F.Identity = What + ":" + Say.whileHeld(S.Lock.Id);
      F.Notes.push_back({T.M.place(S.Lock.At), Say.taken(S.Lock.Id)});
    }
    Say.path(S.Sleeps.Path, F);
    if (S.OnlyRT)
      F.Level = Severity::Hazard;
    if (S.OnlyRT || S.Sleeps.IsDoubtful || (S.Under && S.Under->IsDoubtful))
      F.Certainty = Confidence::Medium;
    Out.push_back(std::move(F));
  }
}

} // namespace devlife
