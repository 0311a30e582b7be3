//===- ContextWording.cpp - What contexts and locks are called ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ContextWording.h"

namespace devlife {

std::string ContextWording::callee(const CallRef &Site) const {
  if (!Site.Call->Macro.empty())
    return quoted(Site.Call->Macro);
  if (!Site.Call->Callee.empty())
    return quoted(Site.Call->Callee);
  return quoted(Site.In.F->expr(Site.Call->Target).Name);
}

static StringRef kindText(LockKind Kind) {
  switch (Kind) {
  case LockKind::Mutex:
    return "lock";
  case LockKind::Spin:
    return "spinlock";
  case LockKind::RawSpin:
    return "raw spinlock";
  case LockKind::Rcu:
    return "the RCU read lock";
  case LockKind::Preempt:
    return "preemption";
  case LockKind::Irq:
    return "interrupts";
  case LockKind::Bh:
    return "bottom halves";
  }
  return "";
}

std::string ContextWording::lock(const LockId &Id) const {
  std::string Kind = kindText(Id.Kind).str();
  if (!isExclusive(Id.Kind))
    return Kind;
  if (Id.Class.empty())
    return "a " + Kind;
  return Kind + " " + quoted(Id.Class.ltrim(':'));
}

std::string ContextWording::whileHeld(const LockId &Id) const {
  if (Id.Kind == LockKind::Preempt || Id.Kind == LockKind::Irq ||
      Id.Kind == LockKind::Bh)
    return "with " + lock(Id) + " off";
  return "while " + lock(Id) + " is held";
}

std::string ContextWording::taken(const LockId &Id) const {
  if (Id.Kind == LockKind::Preempt || Id.Kind == LockKind::Irq ||
      Id.Kind == LockKind::Bh)
    return lock(Id) + " are switched off here";
  return lock(Id) + " is taken here";
}

void ContextWording::root(const Root &R, Finding &F) const {
  std::string Name = quoted(R.F.F->Name);
  if (R.At.At.isValid())
    F.Notes.push_back(
        {M.place(R.At.In, R.At.At), Name + " is set as " + R.As + " here"});
  if (R.NotSet)
    F.Notes.push_back({M.place(R.NotSet.In, R.NotSet.At),
                       quoted(R.Unless) + " says here that it does not sleep"});
  std::string Text = "it begins here";
  if (!R.Holds.empty())
    Text = "the caller of " + Name + " holds " + lock(R.Holds.front());
  F.Notes.push_back({M.place(R.F, R.F.F->At), Text});
}

void ContextWording::path(llvm::ArrayRef<CallRef> Path, Finding &F) const {
  for (const CallRef &Step : Path.drop_back())
    F.Notes.push_back(
        {M.place(Step), "through the call of " + callee(Step) + " here"});
}

Finding ContextWording::finding(StringRef Check, const CallRef &At) const {
  Finding F;
  F.Check = Check.str();
  F.Level = Severity::Bug;
  F.At = M.place(At);
  return F;
}

} // namespace devlife
