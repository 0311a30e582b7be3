//===- Instances.cpp - Which of several objects of a kind -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Instances.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 8; // of expressions followed into each other
} // namespace

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

/// The parameter that \p Id is; -1 when it is none, or set anew.
static int32_t parameter(FunctionRef F, ExprId Id) {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind != ExprKind::Var || E.Index < 0 ||
      !F.F->Vars[E.Index].Writes.empty())
    return -1;
  return F.F->Vars[E.Index].ParamIndex;
}

/// The steps from the outermost object that is known by its type.
void Instances::walk(FunctionRef F, ExprId Id, unsigned Depth,
                     ObjectPath &Out) const {
  const Expr &E = F.F->expr(Id);
  if (!Id || Depth > MaxDepth)
    return;
  switch (E.Kind) {
  case ExprKind::AddrOf:
  case ExprKind::Deref:
  case ExprKind::Cast:
    return walk(F, E.Ops[0], Depth + 1, Out);
  case ExprKind::Index: {
    walk(F, E.Ops[0], Depth + 1, Out);
    const Expr &At = Keys::bare(*F.F, E.Ops[1]);
    if (At.Kind == ExprKind::Int && !Out.Steps.empty())
      Out.Steps.back() += "[" + std::to_string(At.Value) + "]";
    return;
  }
  case ExprKind::Member:
    // A pointer leads to another object, unless it was made an address here.
    if (!E.Arrow || U.Names.isAddress(*F.F, E.Ops[0], Depth))
      walk(F, E.Ops[0], Depth + 1, Out);
    else
      Out.Param = parameter(F, E.Ops[0]);
    if (Out.Steps.empty() && !E.Base.empty())
      Out.Steps.push_back(E.Base.str());
    if (!E.Name.empty())
      Out.Steps.push_back(E.Name.str());
    return;
  case ExprKind::Var:
    if (E.Index < 0 || F.F->Vars[E.Index].IsStatic)
      Out.Steps.push_back(U.Names.of(F, Id).str());
    else if (ExprId Set = U.Names.definition(*F.F, E.Index))
      walk(F, Set, Depth + 1, Out);
    return;
  default:
    return;
  }
}

/// The name of a key, where no expression says more.
static void spell(StringRef Key, ObjectPath &Out) {
  llvm::SmallVector<StringRef, 4> Steps;
  Key.split(Steps, '.');
  Out.Steps.clear();
  for (StringRef Step : Steps)
    Out.Steps.push_back(Step.str());
}

ObjectPath Instances::path(FunctionRef F, ExprId Id) const {
  ObjectPath Out;
  Out.Key = U.Names.of(F, Id);
  if (Out.Key.empty() || Keys::isObject(Out.Key))
    return {};
  walk(F, Id, 0, Out);
  if (Out.Steps.size() < 2)
    spell(Out.Key, Out);
  return Out;
}

ObjectPath Instances::path(const CallRef &Site, ArgRef Arg) const {
  if (Arg.Kind == ArgRef::Arg)
    return path(Site.In, Uses::argument(Site, Arg));
  ObjectPath Out;
  Out.Key = U.key(Site, Arg);
  if (!Out.Key.empty() && !Keys::isObject(Out.Key))
    spell(Out.Key, Out);
  return Out;
}

ObjectPath Instances::atCall(const ObjectPath &Of, const CallRef &Site) const {
  ObjectPath Out = Of;
  Out.Param = -1;
  if (Of.Param < 0 || size_t(Of.Param) >= Site.Call->Args.size())
    return Out;
  ExprId Arg = Site.Call->Args[Of.Param];
  if (U.Names.isAddress(*Site.In.F, Arg)) {
    ObjectPath Outer;
    walk(Site.In, Arg, 0, Outer);
    if (Outer.Steps.empty())
      return Out;
    Outer.Steps.append(Of.Steps.begin() + 1, Of.Steps.end());
    Outer.Key = Of.Key;
    return Outer;
  }
  Out.Param = parameter(Site.In, Arg);
  return Out;
}

/// Elements of an array are told apart only by numbers.
static bool isStep(StringRef A, StringRef B) {
  auto [NameA, NumberA] = A.split('[');
  auto [NameB, NumberB] = B.split('[');
  return NameA == NameB &&
         (NumberA == NumberB || NumberA.empty() || NumberB.empty());
}

/// Whether the two agree as far as both go: a delayed work is one with a work
/// inside it.
static bool agree(llvm::ArrayRef<std::string> A,
                  llvm::ArrayRef<std::string> B) {
  for (size_t I = 0; I != std::min(A.size(), B.size()); ++I)
    if (!isStep(A[I], B[I]))
      return false;
  return !A.empty() && !B.empty();
}

/// Whether the one begins further inside.
static bool endsLike(const ObjectPath &A, const ObjectPath &B) {
  if (A.Steps.size() < B.Steps.size())
    return endsLike(B, A);
  if (!Keys::overlap(A.Key, B.Key) || B.Steps.size() < 2)
    return false;
  for (size_t From = 1; From < A.Steps.size(); ++From)
    if (agree(llvm::ArrayRef(A.Steps).drop_front(From),
              llvm::ArrayRef(B.Steps).drop_front()))
      return true;
  return false;
}

bool Instances::isInSeveral(StringRef Record) const {
  auto It = Places.find(Record);
  return It != Places.end() && It->second.size() > 1;
}

Handled Instances::find(llvm::ArrayRef<Bound> List, const ObjectPath &Of,
                        bool HasMany) const {
  Handled Same, Like;
  bool IsOpen = false; // with a handler that is not known
  for (const Bound &B : List) {
    bool IsSame = agree(B.Of.Steps, Of.Steps);
    if (!IsSame && !endsLike(B.Of, Of))
      continue;
    // Which of several it is that a function gets, its callers know.
    const ObjectPath &Short = B.Of.Steps.size() < Of.Steps.size() ? B.Of : Of;
    bool IsSure = !isInSeveral(Short.Steps.front());
    Handled &To = IsSame || (IsSure && HasMany) ? Same : Like;
    for (FunctionRef F : B.Handlers)
      if (!llvm::is_contained(To.By, F))
        To.By.push_back(F);
    To.IsSure &= IsSure;
    IsOpen |= B.Handlers.empty();
  }
  Handled &Found = Same.By.empty() ? Like : Same;
  Found.IsSure = !IsOpen && (Found.IsSure || Found.By.size() == 1);
  return std::move(Found);
}

//===----------------------------------------------------------------------===//
// What the module says
//===----------------------------------------------------------------------===//

Instances::Instances(const Uses &U) : U(U) {
  for (const auto &TU : U.M.TUs)
    for (const RecordFacts &R : TU->Records)
      for (const FieldFacts &Field : R.Embedded)
        Places[Field.Record].insert((R.Name + "." + Field.Name).str());
  // Initialised where they are defined.
  for (const BoundEntry &Entry : U.entries())
    if (Entry.Key.starts_with("::"))
      Entries.push_back({{{Entry.Key.str()}, Entry.Key, -1}, Entry.Handlers});
  auto Each = [&](auto Visit) {
    for (const auto &TU : U.M.TUs)
      for (const FunctionFacts &F : TU->Functions)
        (this->*Visit)({TU.get(), &F});
  };
  Each(&Instances::bind);
  Each(&Instances::arm);
}

/// The entries that \p F gives handlers to.
void Instances::bind(FunctionRef F) {
  auto Add = [&](ObjectPath Of, std::vector<FunctionRef> Handlers) {
    if (!Of.Steps.empty() && !Handlers.empty())
      Entries.push_back({std::move(Of), std::move(Handlers)});
  };
  for (const Event &E : F.F->Events) {
    if (E.Kind == EventKind::Store) {
      const Expr &To = F.F->expr(E.Target);
      if (To.Kind == ExprKind::Member && U.M.Rules.store(To.Base, To.Name))
        Add(path(F, To.Ops[0]), U.functions(F, E.Value));
      continue;
    }
    if (E.Kind != EventKind::Call)
      continue;
    CallRef Site{F, &F.F->Calls[E.Index]};
    for (const Effect &What : effectsOf(U.M.kernelRule(Site))) {
      bool Has = What.Kind == EffectKind::Bind ||
                 (What.Kind == EffectKind::Arm && What.Object);
      if (!Has || What.Handlers.empty())
        continue;
      std::vector<FunctionRef> Handlers;
      for (ArgRef Handler : What.Handlers)
        llvm::append_range(Handlers,
                           U.functions(F, Uses::argument(Site, Handler)));
      Add(path(Site, What.Object), std::move(Handlers));
    }
  }
}

/// What \p F puts on queues, and the IRQs that it requests.
void Instances::arm(FunctionRef F) {
  for (const CallFacts &C : F.F->Calls) {
    CallRef Site{F, &C};
    for (const Effect &E : effectsOf(U.M.kernelRule(Site))) {
      if (E.Kind != EffectKind::Arm)
        continue;
      if (E.What == "irq" && !E.Handlers.empty()) {
        std::vector<FunctionRef> Handlers = U.M.handlers(Site, E);
        Lines.push_back({path(Site, E.Line), Handlers});
        ObjectPath Cookie;
        Cookie.Key = U.key(Site, E.Data);
        Cookies.push_back({std::move(Cookie), std::move(Handlers)});
      } else if (ObjectPath Queue = path(Site, E.Queue); !Queue.Steps.empty()) {
        if (Handled Put = handlers(path(Site, E.Object));
            Put.IsSure && !Put.By.empty())
          Queued.push_back({std::move(Queue), std::move(Put.By)});
      }
    }
  }
}

std::vector<FunctionRef> Instances::withCookie(StringRef Key) const {
  std::vector<FunctionRef> Found;
  for (const Bound &B : Cookies)
    if (!Key.empty() && B.Of.Key == Key)
      llvm::append_range(Found, B.Handlers);
  return Found;
}

} // namespace devlife
