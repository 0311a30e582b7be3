//===- Locks.cpp - Which locks are held where -----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Locks.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 8; // of expressions followed into each other
} // namespace

bool isReleased(llvm::ArrayRef<LockId> Released, const LockId &Lock) {
  return llvm::any_of(Released, [&](const LockId &R) { return R.mayBe(Lock); });
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

void LockState::take(HeldLock Lock) {
  llvm::erase_if(Held, [&](const HeldLock &H) { return H.Id == Lock.Id; });
  Held.push_back(Lock);
}

void LockState::drop(LockId Lock) {
  auto IsIt = [&](const HeldLock &H) { return H.Id == Lock; };
  if (!Lock.Class.empty() && llvm::any_of(Held, IsIt))
    return llvm::erase_if(Held, IsIt);
  // Without a name it can be any of them.
  size_t Before = Held.size();
  llvm::erase_if(Held, [&](const HeldLock &H) { return H.Id.mayBe(Lock); });
  if (Held.size() == Before && !llvm::is_contained(Released, Lock))
    Released.push_back(Lock);
}

bool LockState::join(const LockState &O) {
  auto Size = [&] {
    return Held.size() + Known.size() + Fields.size() + Results.size();
  };
  size_t Before = Size();
  llvm::erase_if(Held, [&](const HeldLock &H) {
    return llvm::none_of(O.Held,
                         [&](const HeldLock &I) { return H.Id == I.Id; });
  });
  llvm::erase_if(Known, [&](const Condition &C) {
    return !llvm::is_contained(O.Known, C);
  });
  llvm::erase_if(Fields, [&](const FieldCondition &C) {
    return !llvm::is_contained(O.Fields, C);
  });
  llvm::erase_if(Results,
                 [&](auto &R) { return !llvm::is_contained(O.Results, R); });
  bool Changed = Size() != Before;
  for (const LockId &R : O.Released)
    if (!llvm::is_contained(Released, R)) {
      Released.push_back(R);
      Changed = true;
    }
  return Changed;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

const Evaluator &LockNames::values(FunctionRef F) const {
  std::unique_ptr<Evaluator> &Slot = Values[F.F];
  if (!Slot)
    Slot = std::make_unique<Evaluator>(*F.F);
  return *Slot;
}

/// \p Id without the calls that return their argument, and without casts.
ExprId LockNames::through(FunctionRef F, ExprId Id) const {
  for (unsigned Depth = 0; Depth != MaxDepth; ++Depth) {
    const Expr &E = F.F->expr(Id);
    if (E.Kind == ExprKind::Cast) {
      Id = E.Ops[0];
      continue;
    }
    if (E.Kind != ExprKind::Call)
      return Id;
    CallRef Site{F, &F.F->Calls[E.Index]};
    const CallRule *Rule = U.M.rule(Site);
    const Effect *Same = Rule ? Rule->find(EffectKind::Returns) : nullptr;
    bool IsSame = Same && Same->Field.empty();
    ExprId Inner = IsSame ? Uses::argument(Site, Same->Object) : 0;
    if (!Inner)
      return Id;
    Id = Inner;
  }
  return Id;
}

/// Whether the module has the record inside others in more than one place.
bool LockNames::isInSeveral(StringRef Record) const {
  if (Places.empty())
    for (const auto &TU : U.M.TUs)
      for (const RecordFacts &R : TU->Records)
        for (const FieldFacts &Field : R.Embedded)
          Places[Field.Record].insert((R.Name + "." + Field.Name).str());
  auto It = Places.find(Record);
  return It != Places.end() && It->second.size() > 1;
}

StringRef LockNames::lockClass(FunctionRef F, ExprId Id, unsigned Depth) const {
  Id = through(F, Id);
  const Expr &E = F.F->expr(Id);
  if (Depth > MaxDepth)
    return "";
  switch (E.Kind) {
  case ExprKind::AddrOf:
  case ExprKind::Index:
  case ExprKind::Deref:
    return lockClass(F, E.Ops[0], Depth + 1);
  case ExprKind::Member:
    if (E.Base.empty())
      return U.Names.of(F, Id);
    // Which of several objects inside another one, the path tells.
    if (isInSeveral(E.Base)) {
      StringRef Outer = lockClass(F, E.Ops[0], Depth + 1);
      return Outer.empty() ? "" : Strings.save(Outer + "." + E.Name);
    }
    return Strings.save(E.Base + "." + E.Name);
  case ExprKind::Var:
    if (E.Index < 0 || F.F->Vars[E.Index].IsStatic)
      return U.Names.of(F, Id);
    if (ExprId Definition = values(F).definition(E.Index))
      return lockClass(F, Definition, Depth + 1);
    return "";
  default:
    return "";
  }
}

/// The record of the device that \p Id points to: the one that embeds it.
StringRef LockNames::deviceOf(FunctionRef F, ExprId Id, unsigned Depth) const {
  Id = through(F, Id);
  const Expr &E = F.F->expr(Id);
  if (Depth > MaxDepth)
    return "";
  if (E.Kind == ExprKind::AddrOf) {
    const Expr &Of = F.F->expr(E.Ops[0]);
    return Of.Kind == ExprKind::Member && !Of.IsPointer ? Of.Base : "";
  }
  if (E.Kind == ExprKind::Var && E.Index >= 0)
    if (ExprId Definition = values(F).definition(E.Index))
      if (StringRef Device = deviceOf(F, Definition, Depth + 1);
          !Device.empty())
        return Device;
  // What is only known to be some device can be any.
  return E.Record == "device" ? "" : E.Record;
}

LockId LockNames::lock(const CallRef &Site, const ContextEffect &E) const {
  LockId Id{E.Of, ""};
  ExprId Object = Uses::argument(Site, E.Object);
  if (!E.Name.empty()) {
    if (!E.Object)
      Id.Class = Strings.save(lockClassOf(E.Name));
    else if (StringRef Device = deviceOf(Site.In, Object, 0); !Device.empty())
      Id.Class = Strings.save(devlife::lockClass(E.Name, Device));
    return Id;
  }
  if (!Object)
    return Id;
  Id.Class = lockClass(Site.In, Object, 0);
  const Expr &Lock = Site.In.F->expr(through(Site.In, Object));
  if (auto Kind = Rules.lockType(Lock.Record))
    Id.Kind = *Kind;
  return Id;
}

const ContextCall *LockNames::rule(const CallRef &Site) const {
  if (Site.Call->Callee.empty() || U.M.function(Site.In.TU, Site.Call->Callee))
    return nullptr;
  return Rules.call(Site.Call->Callee);
}

FunctionRef LockNames::callee(const CallRef &Site) const {
  if (!Site.Call->Callee.empty())
    return U.M.function(Site.In.TU, Site.Call->Callee);
  const Expr &Target = Site.In.F->expr(Site.Call->Target);
  if (Target.Kind != ExprKind::Member || !U.Names.isOwn(Target.Base))
    return {};
  std::vector<FunctionRef> Targets = U.M.fieldTargets(Target.Base, Target.Name);
  return Targets.size() == 1 ? Targets.front() : FunctionRef();
}

} // namespace devlife
