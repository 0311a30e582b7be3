//===- ReleaseState.cpp - Objects, and pointers to them -------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/ReleaseFlow.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 12; // of expressions
constexpr unsigned MaxName = 160; // characters
} // namespace

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

bool ObjectState::operator==(const ObjectState &O) const {
  auto SameKeys = [](const auto &A, const auto &B) {
    return A.size() == B.size() &&
           std::equal(A.begin(), A.end(), B.begin(),
                      [](auto &X, auto &Y) { return X.first == Y.first; });
  };
  return Values == O.Values && Versions == O.Versions && Epoch == O.Epoch &&
         Gone == O.Gone && SameKeys(Used, O.Used) && Null == O.Null &&
         Unlisted == O.Unlisted && SameKeys(OnFailure, O.OnFailure);
}

void ObjectState::join(const ObjectState &O, StringRef Token,
                       llvm::UniqueStringSaver &Strings) {
  for (size_t I = 0; I != Values.size(); ++I)
    if (!(Values[I] == O.Values[I]))
      Values[I] = {Strings.save(Token + llvm::Twine(I)), ""};
  auto Version = [](const ObjectState &S, StringRef Field) {
    auto It = S.Versions.find(Field);
    return It == S.Versions.end() ? S.Epoch : It->second;
  };
  std::set<StringRef> Fields;
  for (const ObjectState *Side : {(const ObjectState *)this, &O})
    for (const auto &[Field, Name] : Side->Versions)
      Fields.insert(Field);
  std::map<StringRef, StringRef> Joined;
  for (StringRef Field : Fields) {
    StringRef Mine = Version(*this, Field), Other = Version(O, Field);
    Joined[Field] = Mine == Other ? Mine : Token;
  }
  if (Epoch != O.Epoch)
    Epoch = Token;
  Versions = std::move(Joined);

  // What is not there on a way has no say.
  std::map<StringRef, Death> Both;
  for (const auto &[Object, Over] : Gone)
    Both[Object] = Over;
  for (const auto &[Object, Over] : O.Gone)
    Both.try_emplace(Object, Over);
  for (auto &[Object, Over] : Both)
    for (const ObjectState *Side : {(const ObjectState *)this, &O}) {
      auto It = Side->Gone.find(Object);
      Over.IsSure &= It != Side->Gone.end() ? It->second.IsSure
                                            : Side->Null.count(Object) != 0;
    }
  Gone = std::move(Both);
  std::map<StringRef, ObjectUse> AllUsed = Used;
  AllUsed.insert(O.Used.begin(), O.Used.end());
  for (auto It = AllUsed.begin(); It != AllUsed.end();) {
    auto Has = [&](const ObjectState &S) {
      return S.Used.count(It->first) || S.Null.count(It->first);
    };
    It = Has(*this) && Has(O) ? std::next(It) : AllUsed.erase(It);
  }
  Used = std::move(AllUsed);
  auto Intersect = [](auto &Mine, const auto &Other) {
    for (auto It = Mine.begin(); It != Mine.end();)
      It = Other.count(*It) ? std::next(It) : Mine.erase(It);
  };
  Intersect(Null, O.Null);
  Intersect(Unlisted, O.Unlisted);
  for (auto It = OnFailure.begin(); It != OnFailure.end();)
    It = O.OnFailure.count(It->first) ? std::next(It) : OnFailure.erase(It);
}

void ObjectState::forget(StringRef Token) {
  for (Pointer &P : Values)
    if (P.Object.contains(Token))
      P = {};
  auto EraseKeys = [&](auto &Map) {
    for (auto It = Map.begin(); It != Map.end();)
      It = It->first.contains(Token) ? Map.erase(It) : std::next(It);
  };
  EraseKeys(Gone);
  EraseKeys(Used);
  EraseKeys(OnFailure);
  for (std::set<StringRef> *Set : {&Null, &Unlisted})
    for (auto It = Set->begin(); It != Set->end();)
      It = It->contains(Token) ? Set->erase(It) : std::next(It);
}

void ObjectState::doubt() {
  for (auto It = Gone.begin(); It != Gone.end();)
    It = It->second.IsSure ? std::next(It) : Gone.erase(It);
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

Pointer Releases::Flow::inside(const Pointer &P, const llvm::Twine &Step) {
  if (P.Object.empty() || P.Inner.size() > MaxName)
    return {};
  return {P.Object, save(P.Inner + Step)};
}

Pointer Releases::Flow::partOf(const Pointer &P) {
  StringRef Inner = P.Inner;
  return Inner.consume_back("<$") ? Pointer{P.Object, Inner} : inside(P, "$");
}

Pointer Releases::Flow::load(const ObjectState &S, const Place &From,
                             StringRef Record) {
  // One of several elements, or somewhere behind the pointer.
  bool IsOne =
      From.IsExact && From.At.Inner.find_first_of("[?") == StringRef::npos;
  if (From.At.Object.empty() || !IsOne || From.At.Object.size() > MaxName)
    return {};
  if (R.Homes.contains(From.Field)) {
    StringRef Inner = From.At.Inner.rsplit('.').first;
    return Inner.consume_back("$") ? Pointer{From.At.Object, Inner}
                                   : inside({From.At.Object, Inner}, "<$");
  }
  auto It = S.Versions.find(From.Field);
  StringRef Version = It == S.Versions.end() ? S.Epoch : It->second;
  StringRef Object = save(From.At.Object + From.At.Inner + "*" + Version);
  if (From.At.Object == "p0")
    Pointees[Object] = {From.Field, Record};
  return {Object, ""};
}

Releases::Flow::Place Releases::Flow::place(const ObjectState &S, ExprId Id,
                                            unsigned Depth) {
  const Expr &E = expr(Id);
  if (!Id || Depth > MaxDepth)
    return {};
  switch (E.Kind) {
  case ExprKind::Var: {
    bool IsLocal = E.Index >= 0 && !F.F->Vars[E.Index].IsStatic;
    StringRef Name = save((IsLocal ? "&" : "::") + E.Name);
    return {{Name, ""}, Name};
  }
  case ExprKind::Member: {
    Place Base = E.Arrow ? Place{value(S, E.Ops[0], Depth + 1), ""}
                         : place(S, E.Ops[0], Depth + 1);
    StringRef Inner = Base.At.Inner;
    // Out of what holds the field, and back into it.
    if (Inner.consume_back(E.Name) && Inner.consume_back("<"))
      Base.At.Inner = Inner;
    else
      Base.At = inside(Base.At, "." + E.Name);
    Base.Field = save(E.Base + "." + E.Name);
    return Base;
  }
  case ExprKind::Deref:
    return {value(S, E.Ops[0], Depth + 1), "*", false};
  case ExprKind::Index: {
    Place Base = expr(E.Ops[0]).IsArray
                     ? place(S, E.Ops[0], Depth + 1)
                     : Place{value(S, E.Ops[0], Depth + 1), ""};
    // Which element cannot be told.
    return {inside(Base.At, "[]"), "[]", false};
  }
  case ExprKind::Cast:
    return place(S, E.Ops[0], Depth + 1);
  default:
    return {};
  }
}

Pointer Releases::Flow::value(const ObjectState &S, ExprId Id, unsigned Depth) {
  const Expr &E = expr(Id);
  if (!Id || Depth > MaxDepth)
    return {};
  switch (E.Kind) {
  case ExprKind::Var:
    if (E.IsArray)
      return place(S, Id, Depth + 1).At;
    if (E.Index >= 0 && !F.F->Vars[E.Index].IsStatic)
      return S.Values[E.Index];
    return load(S, place(S, Id, Depth + 1), E.Record);
  case ExprKind::Member:
  case ExprKind::Deref:
  case ExprKind::Index: {
    Place At = place(S, Id, Depth + 1);
    if (E.IsArray)
      return At.At;
    if (const FieldRule *Rule = R.M.Rules.field(E.Base, E.Name))
      for (const Effect &Means : Rule->Effects)
        if (Means.Kind == EffectKind::PartOf)
          return partOf(At.At);
    return load(S, At, E.Record);
  }
  case ExprKind::AddrOf:
    return place(S, E.Ops[0], Depth + 1).At;
  case ExprKind::ContainerOf: {
    Pointer P = value(S, E.Ops[0], Depth + 1);
    StringRef Inner = P.Inner;
    if (Inner.consume_back(E.Name) && Inner.consume_back("."))
      return {P.Object, Inner};
    return inside(P, "<" + E.Name);
  }
  case ExprKind::Cast:
    return value(S, E.Ops[0], Depth + 1);
  case ExprKind::Call:
    return S.Values[F.F->Vars.size() + E.Index];
  case ExprKind::Conditional: {
    Pointer A = value(S, E.Ops[1], Depth + 1);
    return A == value(S, E.Ops[2], Depth + 1) ? A : Pointer();
  }
  case ExprKind::Binary:
    if (E.IsPointer && (E.Op == BinaryOp::Add || E.Op == BinaryOp::Sub))
      return inside(value(S, E.Ops[0], Depth + 1), "?");
    return {};
  default:
    return {};
  }
}

std::string Releases::Flow::text(ExprId Id) const {
  const Expr &E = expr(Id);
  switch (E.Kind) {
  case ExprKind::Var:
  case ExprKind::Function:
    return E.Name.str();
  case ExprKind::Member:
    return text(E.Ops[0]) + (E.Arrow ? "->" : ".") + E.Name.str();
  case ExprKind::AddrOf:
    return "&" + text(E.Ops[0]);
  case ExprKind::Deref:
    return "*" + text(E.Ops[0]);
  case ExprKind::Index:
    return text(E.Ops[0]) + "[]";
  case ExprKind::Cast:
  case ExprKind::ContainerOf:
    return text(E.Ops[0]);
  default:
    return "";
  }
}

} // namespace devlife
