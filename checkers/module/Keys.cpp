//===- Keys.cpp - Names for things, whatever leads to them ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "module/Keys.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 6; // of definitions followed into each other
} // namespace

Keys::Keys(const Module &M) : M(M) {
  for (const auto &TU : M.TUs)
    for (const RecordFacts &R : TU->Records)
      if (Own.try_emplace(R.Name, &R).second)
        for (const FieldFacts &Field : R.Embedded)
          Inside.insert(Field.Record);
  findParts();
}

const Expr &Keys::bare(const FunctionFacts &F, ExprId Id) {
  const Expr *E = &F.expr(Id);
  while (E->Kind == ExprKind::Cast)
    E = &F.expr(E->Ops[0]);
  return *E;
}

StringRef Keys::of(FunctionRef F, ExprId Id) const {
  if (!Id)
    return "";
  auto [It, New] = Found.try_emplace({F.F, Id});
  if (!New)
    return It->second;
  StringRef Key = find(F, Id, 0);
  Found[{F.F, Id}] = Key;
  return Key;
}

bool Keys::isAddress(const FunctionFacts &F, ExprId Id, unsigned Depth) const {
  const Expr &E = bare(F, Id);
  if (E.Kind == ExprKind::Var && E.Index >= 0 && Depth < MaxDepth)
    if (ExprId Definition = var(F, E.Index).Definition)
      return isAddress(F, Definition, Depth + 1);
  return E.Kind == ExprKind::AddrOf || E.IsArray;
}

StringRef Keys::find(FunctionRef F, ExprId Id, unsigned Depth) const {
  if (!Id || Depth > MaxDepth)
    return "";
  const Expr &E = F.F->expr(Id);
  switch (E.Kind) {
  case ExprKind::AddrOf:
  case ExprKind::Deref:
  case ExprKind::Index:
  case ExprKind::Cast:
    return find(F, E.Ops[0], Depth + 1);
  case ExprKind::Conditional:
    return find(F, E.Ops[1], Depth + 1);
  case ExprKind::ContainerOf:
    return E.Record;
  case ExprKind::Member: {
    if (isOwn(E.Base))
      return save(E.Base + "." + E.Name);
    // A pointer leads to another object, unless it was made an address here.
    StringRef Outer = E.Arrow && !isAddress(*F.F, E.Ops[0], Depth)
                          ? ""
                          : find(F, E.Ops[0], Depth + 1);
    if (Outer.empty())
      Outer = E.Base;
    return Outer.empty() ? "" : save(Outer + "." + E.Name);
  }
  case ExprKind::Var: {
    if (E.Index < 0)
      return save("::" + E.Name);
    const VarFacts &V = F.F->Vars[E.Index];
    if (V.IsStatic)
      return save("::" + F.F->Name + "." + V.Name);
    const VarInfo &Info = var(*F.F, E.Index);
    if (Info.Definition)
      if (StringRef Key = find(F, Info.Definition, Depth + 1); !Key.empty())
        return Key;
    if (Info.KeptIn && V.IsPointer && V.ParamIndex < 0)
      if (StringRef Key = find(F, Info.KeptIn, Depth + 1); !Key.empty())
        return Key;
    return V.IsPointer && isOwn(V.Record) ? V.Record : "";
  }
  case ExprKind::Call: {
    if (E.IsPointer && isOwn(E.Record))
      return E.Record;
    CallRef Site{F, &F.F->Calls[E.Index]};
    const CallRule *Rule = M.rule(Site);
    const Effect *Same = Rule ? Rule->find(EffectKind::Returns) : nullptr;
    if (Same && Same->Field.empty() && Same->Object.Kind == ArgRef::Arg &&
        Same->Object.Index >= 0 &&
        size_t(Same->Object.Index) < Site.Call->Args.size())
      return find(F, Site.Call->Args[Same->Object.Index], Depth + 1);
    return "";
  }
  default:
    return "";
  }
}

const Keys::VarInfo &Keys::var(const FunctionFacts &F, int32_t Var) const {
  auto [It, New] = VarsOf.try_emplace(&F);
  std::vector<VarInfo> &Vars = It->second;
  if (!New)
    return Vars[Var];
  Vars.resize(F.Vars.size());
  for (const Event &E : F.Events) {
    if (E.Kind != EventKind::Store || !E.Value)
      continue;
    const Expr &From = bare(F, E.Value), &To = F.expr(E.Target);
    if (To.Kind == ExprKind::Var && To.Index >= 0) {
      VarInfo &Info = Vars[To.Index];
      // Setting it to null does not make it something else.
      if (From.Kind == ExprKind::Int && From.Value == 0)
        continue;
      Info.HasSeveral |= Info.Definition != 0;
      Info.Definition = E.Value;
    }
    if (From.Kind == ExprKind::Var && From.Index >= 0 &&
        (To.Kind == ExprKind::Member ||
         (To.Kind == ExprKind::Var && To.Index < 0)) &&
        !Vars[From.Index].KeptIn)
      Vars[From.Index].KeptIn = E.Target;
  }
  for (size_t I = 0; I != Vars.size(); ++I)
    if (Vars[I].HasSeveral || F.Vars[I].ParamIndex >= 0)
      Vars[I].Definition = 0;
  return Vars[Var];
}

/// The places that the result of \p Call goes to, through variables without a
/// record of their own, such as the `_res` of alloc_hooks().
std::vector<ExprId> Keys::keptIn(FunctionRef F, int32_t Call) const {
  std::vector<ExprId> Found;
  llvm::SmallVector<int32_t, 4> Vars;
  for (const Event &E : F.F->Events) {
    if (E.Kind != EventKind::Store || !E.Value)
      continue;
    const Expr &From = bare(*F.F, E.Value), &To = F.F->expr(E.Target);
    bool Holds = From.Kind == ExprKind::Call
                     ? From.Index == Call
                     : From.Kind == ExprKind::Var &&
                           llvm::is_contained(Vars, From.Index);
    if (!Holds)
      continue;
    bool IsPlain = To.Kind == ExprKind::Var && To.Index >= 0 &&
                   F.F->Vars[To.Index].Record.empty() &&
                   !F.F->Vars[To.Index].IsStatic;
    if (IsPlain)
      Vars.push_back(To.Index);
    Found.push_back(E.Target);
  }
  return Found;
}

StringRef Keys::ofResult(FunctionRef F, int32_t Call) const {
  for (ExprId Target : keptIn(F, Call)) {
    const Expr &To = F.F->expr(Target);
    if (To.Kind != ExprKind::Var || To.Index < 0 ||
        F.F->Vars[To.Index].IsStatic)
      return find(F, Target, 0);
    if (ExprId Kept = var(*F.F, To.Index).KeptIn)
      return find(F, Kept, 0);
    const VarFacts &V = F.F->Vars[To.Index];
    if (V.IsPointer && isOwn(V.Record))
      return V.Record;
  }
  return "";
}

StringRef Keys::recordOf(FunctionRef F, ExprId Id) const {
  const Expr *E = &F.F->expr(Id);
  while (E->Kind == ExprKind::Cast && E->Record.empty())
    E = &F.F->expr(E->Ops[0]);
  if (E->Kind == ExprKind::AddrOf)
    return F.F->expr(E->Ops[0]).IsPointer ? "" : F.F->expr(E->Ops[0]).Record;
  return E->IsPointer ? E->Record : "";
}

StringRef Keys::recordOfResult(FunctionRef F, int32_t Call) const {
  for (ExprId Target : keptIn(F, Call))
    if (StringRef Record = recordOf(F, Target); !Record.empty())
      return Record;
  return F.F->Calls[Call].Record;
}

/// Where the module's records live in the private data of a kernel object.
void Keys::findParts() {
  auto Learn = [&](StringRef Outer, StringRef Inner) {
    auto &List = Parts[Outer];
    if (isOwn(Inner) && !Outer.empty() && Outer != Inner &&
        !llvm::is_contained(List, Inner))
      List.push_back(Inner);
  };
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &Fn : TU->Functions) {
      FunctionRef F{TU.get(), &Fn};
      for (const Event &E : Fn.Events) {
        if (E.Kind != EventKind::Store || !E.Value)
          continue;
        StringRef Inner = recordOf(F, E.Target);
        const Expr *From = &bare(Fn, E.Value);
        if (From->Kind == ExprKind::Call) {
          CallRef Site{F, &Fn.Calls[From->Index]};
          const CallRule *Rule = M.rule(Site);
          const Effect *Part = Rule ? Rule->find(EffectKind::PartOf) : nullptr;
          if (Part && Part->Object.Kind == ArgRef::Arg &&
              size_t(Part->Object.Index) < Site.Call->Args.size())
            Learn(recordOf(F, Site.Call->Args[Part->Object.Index]), Inner);
        } else if (From->Kind == ExprKind::Member) {
          const FieldRule *Rule = M.Rules.field(From->Base, From->Name);
          for (const Effect &Means : effectsOf(Rule))
            if (Means.Kind == EffectKind::PartOf)
              Learn(From->Base, Inner);
        }
      }
    }
}

bool Keys::contains(StringRef Outer, StringRef Inner) const {
  llvm::SmallVector<StringRef, 8> Work = {Outer};
  llvm::StringSet<> Seen;
  while (!Work.empty()) {
    StringRef Name = Work.pop_back_val();
    if (!Seen.insert(Name).second)
      continue;
    if (auto Part = Parts.find(Name); Part != Parts.end())
      for (StringRef Private : Part->second) {
        if (Private == Inner)
          return true;
        Work.push_back(Private);
      }
    auto It = Own.find(Name);
    if (It == Own.end())
      continue;
    for (const FieldFacts &Field : It->second->Embedded) {
      if (Field.Record == Inner)
        return true;
      Work.push_back(Field.Record);
    }
  }
  return false;
}

bool Keys::holds(StringRef Record, StringRef Key) const {
  StringRef Owner = Key.split('.').first;
  return Owner == Record || (!Owner.empty() && contains(Record, Owner));
}

bool Keys::overlap(StringRef A, StringRef B) {
  if (A.size() > B.size())
    std::swap(A, B);
  return !A.empty() && B.starts_with(A) &&
         (A.size() == B.size() || B[A.size()] == '.');
}

} // namespace devlife
