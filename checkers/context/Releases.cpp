//===- Releases.cpp - What functions use after they have released it ------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/ReleaseFlow.h"

namespace devlife {

Releases::Releases(const Uses &U) : U(U), M(U.M) {
  findReleaseFunctions();
  findHomes();
}

void Releases::findHomes() {
  // Only who gets at the inner record can lead from there to the outer one.
  auto MakesPart = [&](FunctionRef F) {
    return llvm::any_of(F.F->Calls, [&](const CallFacts &C) {
      const CallRule *Rule = M.kernelRule({F, &C});
      return Rule && Rule->find(EffectKind::PartOf);
    });
  };
  llvm::StringMap<unsigned> Agree, All;
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions) {
      for (const Event &E : F.Events) {
        const Expr &To = F.expr(E.Target);
        if (E.Kind == EventKind::Store && To.Kind == ExprKind::Member &&
            To.IsPointer && F.expr(E.Value).Kind != ExprKind::Int)
          ++All[(To.Base + "." + To.Name).str()];
      }
      if (MakesPart({TU.get(), &F}))
        for (StringRef Field : Flow(*this, {TU.get(), &F}).homes())
          ++Agree[Field];
    }
  for (const auto &Field : Agree)
    if (All.lookup(Field.getKey()) == Field.second)
      Homes.insert(Field.getKey());
  // They were made without this.
  Done.clear();
}

void Releases::findReleaseFunctions() {
  // The fields by their last name: "release" of a device, and of its type.
  llvm::StringSet<> Names;
  for (const CallRule &Rule : M.Rules.calls())
    if (const Effect *Put = Rule.find(EffectKind::Put))
      for (StringRef Path : Put->Calls)
        Names.insert(Path.rsplit('.').second.empty() ? Path
                                                     : Path.rsplit('.').second);
  auto Add = [&](const TUFacts *TU, StringRef Field, StringRef Function) {
    StringRef Last = Field.contains('.') ? Field.rsplit('.').second : Field;
    FunctionRef F = M.function(TU, Function);
    if (F && Names.contains(Last) && F.F->numParams() == 1 &&
        !llvm::is_contained(ReleaseFunctions, F))
      ReleaseFunctions.push_back(F);
  };
  for (const auto &TU : M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (E.Kind == ExprKind::Function)
          Add(TU.get(), E.Field, E.Value);
    for (const FunctionFacts &F : TU->Functions)
      for (const Event &E : F.Events)
        if (E.Kind == EventKind::Store && E.Value &&
            F.expr(E.Target).Kind == ExprKind::Member)
          if (const Expr &From = Keys::bare(F, E.Value);
              From.Kind == ExprKind::Function)
            Add(TU.get(), F.expr(E.Target).Name, From.Name);
  }
}

/// The record that holds the field whose address \p Arg is, or "".
static StringRef holderOf(const FunctionFacts &F, const Expr &Arg) {
  return Arg.Kind == ExprKind::AddrOf &&
                 F.expr(Arg.Ops[0]).Kind == ExprKind::Member
             ? F.expr(Arg.Ops[0]).Base
             : "";
}

/// Whether the module takes further references to a \p Record in a \p Holder,
/// which one of several puts then gives back.
bool Releases::isTaken(StringRef Record, StringRef Holder) const {
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls) {
        CallRef Site{{TU.get(), &F}, &C};
        const CallRule *Rule = M.kernelRule(Site);
        const Effect *Get = Rule ? Rule->find(EffectKind::Get) : nullptr;
        ExprId Id = Get ? Uses::argument(Site, Get->Object) : 0;
        if (!Id || U.Names.recordOf(Site.In, Id) != Record)
          continue;
        StringRef Other = holderOf(F, Keys::bare(F, Id));
        if (Other.empty() || Holder.empty() || Other == Holder)
          return true;
      }
  return false;
}

bool Releases::isFreedByLast(const CallRef &Site, const Effect &E) const {
  const FunctionFacts &F = *Site.In.F;
  ExprId Id = Uses::argument(Site, E.Object);
  if (!Id || E.Calls.empty())
    return false;
  // Who else lies in the same object has a release function, and a count, of
  // his own: a video_device beside its v4l2_device.
  StringRef Counted = U.Names.recordOf(Site.In, Id);
  // What it lies in, if that is written here.
  const Expr &Arg = Keys::bare(F, Id);
  StringRef Holder = holderOf(F, Arg);
  if (isTaken(Counted, Holder))
    return false;
  bool Frees = false;
  for (FunctionRef Release : ReleaseFunctions) {
    if (Release.F->Vars.front().Record != Counted)
      continue;
    if (!Holder.empty() && llvm::none_of(Release.F->Exprs, [&](const Expr &Of) {
          return (Of.Kind == ExprKind::ContainerOf ||
                  Of.Kind == ExprKind::Call || Of.Kind == ExprKind::Cast) &&
                 Of.Record == Holder;
        }))
      continue;
    const std::optional<Death> &Over = of(Release).Parameters.front().Over;
    if (!Over || !Over->What)
      return false;
    Frees = true;
  }
  return Frees;
}

const Releases::Changes &Releases::changes(FunctionRef F) const {
  auto &Slot = Sets[F.F];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<Changes>();
  auto Add = [&](const FunctionFacts &Fn, ExprId Id) {
    const Expr &E = Fn.expr(Id);
    if (E.Kind == ExprKind::Member)
      Slot->Fields.insert((E.Base + "." + E.Name).str());
    else if (E.Kind == ExprKind::Var)
      Slot->Fields.insert(("::" + E.Name).str());
  };
  for (FunctionRef Callee : U.calledFrom({F})) {
    const FunctionFacts &Fn = *Callee.F;
    Slot->TakesReference |= U.of(Callee).TakesReference;
    for (const Event &E : Fn.Events)
      if (E.Kind == EventKind::Store)
        Add(Fn, E.Target);
    for (const CallFacts &C : Fn.Calls) {
      Slot->IsUnknown |= C.Target != 0;
      for (ExprId Arg : C.Args)
        if (const Expr &E = Keys::bare(Fn, Arg); E.Kind == ExprKind::AddrOf)
          Add(Fn, E.Ops[0]);
    }
  }
  return *Slot;
}

const Releases::Summary &Releases::of(FunctionRef F) const {
  auto [It, IsNew] = Done.try_emplace(F.F);
  if (IsNew) {
    // What calls itself has done nothing yet.
    It->second = std::make_unique<Summary>();
    Summary Does = Flow(*this, F).summarise();
    *Done[F.F] = std::move(Does);
  }
  return *Done[F.F];
}

std::vector<UseAfterRelease> Releases::find() const {
  std::vector<UseAfterRelease> List;
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions) {
      std::vector<UseAfterRelease> Mine = Flow(*this, {TU.get(), &F}).uses();
      llvm::sort(Mine, [](const auto &A, const auto &B) {
        return A.Use.IsPassed != B.Use.IsPassed
                   ? B.Use.IsPassed
                   : A.Use.At.Offset < B.Use.At.Offset;
      });
      for (UseAfterRelease &Found : Mine)
        if (llvm::none_of(List, [&](const UseAfterRelease &Other) {
              return Other.Over.Path.front() == Found.Over.Path.front();
            }))
          List.push_back(std::move(Found));
    }
  return List;
}

/// Whether a function that takes a reference to a \p Record also names
/// \p Field: it may be to what that points to.
bool Releases::isHeld(StringRef Field, StringRef Record) const {
  auto TakesReference = [&](const TUFacts *TU, const FunctionFacts &F) {
    return llvm::any_of(F.Calls, [&](const CallFacts &C) {
      CallRef Site{{TU, &F}, &C};
      const CallRule *Rule = M.kernelRule(Site);
      return Rule && llvm::any_of(Rule->Effects, [&](const Effect &E) {
               const ResourceRule *What = M.Rules.resource(E.What);
               ExprId Id = Uses::argument(Site, E.Object);
               if (!Id ||
                   (E.Kind != EffectKind::Get && !(What && What->IsReference)))
                 return false;
               // What &pdev->dev counts is pdev.
               const Expr &Arg = Keys::bare(F, Id);
               StringRef Holder = holderOf(F, Arg);
               return (Holder.empty() ? Arg.Record : Holder) == Record;
             });
    });
  };
  auto [Base, Name] = Field.split('.');
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      if (TakesReference(TU.get(), F) &&
          llvm::any_of(F.Exprs, [Base = Base, Name = Name](const Expr &E) {
            return E.Kind == ExprKind::Member && E.Base == Base &&
                   E.Name == Name;
          }))
        return true;
  return false;
}

std::vector<UnheldUse> Releases::unheld() const {
  std::vector<UnheldUse> List;
  for (FunctionRef F : ReleaseFunctions) {
    const std::optional<Death> &Over = of(F).Parameters.front().Over;
    if (!Over || !Over->What)
      continue;
    StringRef Own = F.F->Vars.front().Record;
    std::vector<UnheldUse> Mine = Flow(*this, F).pointees();
    llvm::sort(Mine, [](const UnheldUse &A, const UnheldUse &B) {
      return A.Use.At.Offset < B.Use.At.Offset;
    });
    for (UnheldUse &Found : Mine) {
      bool IsDevice =
          Found.Record == Own ||
          llvm::any_of(M.Rules.drivers(), [&](const DriverRule &Rule) {
            return Rule.Device == Found.Record;
          });
      bool IsKnown = llvm::any_of(List, [&](const UnheldUse &Other) {
        return Other.Field == Found.Field && Other.Use.In == Found.Use.In;
      });
      if (IsDevice && !IsKnown && !Found.Use.IsAgain && !Found.Use.IsPassed &&
          !isHeld(Found.Field, Found.Record))
        List.push_back(std::move(Found));
    }
  }
  return List;
}

} // namespace devlife
