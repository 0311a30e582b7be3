//===- Knowledge.cpp - What is known of fields at a point -----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/Knowledge.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 6; // of conditions inside each other
constexpr size_t MaxFacts = 12;  // that are remembered at a point
} // namespace

/// The name of a field or a global; "" for others, and for what stands in the
/// elements of an array: it is another one each time.
StringRef Knowledge::key(FunctionRef F, ExprId Id) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind != ExprKind::Member && !(E.Kind == ExprKind::Var && E.Index < 0))
    return "";
  for (const Expr *Of = &E; Of->Ops[0]; Of = &F.F->expr(Of->Ops[0]))
    if (Of->Kind == ExprKind::Index)
      return "";
  StringRef Key = U.Names.of(F, Id);
  return Keys::isObject(Key) ? "" : Key;
}

std::optional<Fact> Knowledge::bit(const CallRef &Site,
                                   ContextEffect::KindTy Kind) const {
  for (const ContextEffect &E : effectsOf(Names.rule(Site))) {
    if (E.Kind != Kind)
      continue;
    auto Number =
        Names.values(Site.In).constant(Uses::argument(Site, E.Number));
    StringRef Key = U.key(Site, E.Object);
    if (!Number || *Number < 0 || *Number > 62 || Key.empty() ||
        Keys::isObject(Key))
      return std::nullopt;
    return Fact{Fact::HasBit, Key, int64_t(1) << *Number};
  }
  return std::nullopt;
}

/// The call with what it is asked about: "timer_pending(y_priv.timer)".
std::string Knowledge::question(const CallRef &Site) const {
  if (Site.Call->Callee.empty() ||
      U.M.function(Site.In.TU, Site.Call->Callee) || Site.Call->Args.empty())
    return "";
  std::string Text = (Site.Call->Callee + "(").str();
  for (size_t I = 0; I != Site.Call->Args.size(); ++I) {
    ExprId Arg = Site.Call->Args[I];
    Text += I ? "," : "";
    if (auto Number = Names.values(Site.In).constant(Arg))
      Text += std::to_string(*Number);
    else if (StringRef Key = U.Names.of(Site.In, Arg); !Keys::isObject(Key))
      Text += Key;
    else
      return "";
  }
  return Text + ")";
}

void Knowledge::learn(FunctionRef F, ExprId Id, bool IsTrue, unsigned Depth,
                      FactList &Out) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (Depth > MaxDepth)
    return;
  const Evaluator &Values = Names.values(F);
  auto Add = [&](Fact New, bool Is) {
    Out.push_back(Is ? New : New.opposite());
  };
  auto Inner = [&](unsigned Op, bool Is) {
    learn(F, E.Ops[Op], Is, Depth + 1, Out);
  };
  switch (E.Kind) {
  case ExprKind::Not:
    return Inner(0, !IsTrue);
  case ExprKind::Member:
  case ExprKind::Var:
    if (StringRef Key = key(F, Id); !Key.empty())
      Add({Fact::NotEqual, Key, 0}, IsTrue);
    else if (E.Index >= 0 && E.Kind == ExprKind::Var && !E.IsPointer)
      if (ExprId Set = Values.definition(E.Index))
        learn(F, Set, IsTrue, Depth + 1, Out);
    return;
  case ExprKind::Conditional: {
    // A macro that calls one of two functions, which say the same.
    FactList Yes, No;
    learn(F, E.Ops[1], IsTrue, Depth + 1, Yes);
    learn(F, E.Ops[2], IsTrue, Depth + 1, No);
    for (const Fact &Said : Yes)
      if (llvm::is_contained(No, Said))
        Out.push_back(Said);
    return;
  }
  case ExprKind::Call: {
    CallRef Site{F, &F.F->Calls[E.Index]};
    const ContextCall *Rule = Names.rule(Site);
    if (auto Bit = bit(Site, ContextEffect::TestsBit))
      Add(*Bit, IsTrue);
    else if (Rule && Rule->has(ContextEffect::Last) && IsTrue)
      Out.push_back({Fact::Last, "", 0});
    else if (std::string Asked = question(Site); !Asked.empty() && !Rule)
      Add({Fact::NotEqual, Strings.save(Asked), 0}, IsTrue);
    return;
  }
  case ExprKind::Binary:
    break;
  default:
    return;
  }
  if (E.Op == BinaryOp::And || E.Op == BinaryOp::Or) {
    // See Evaluator::learn().
    if ((E.Op == BinaryOp::And) == IsTrue)
      Inner(0, IsTrue);
    return Inner(1, IsTrue);
  }
  auto Value = Values.constant(E.Ops[1]);
  if (!Value)
    return;
  StringRef Key = key(F, E.Ops[0]);
  const Expr &Left = Keys::bare(*F.F, E.Ops[0]);
  if (Key.empty() && Left.Kind == ExprKind::Var && Left.Index >= 0)
    if (ExprId Set = Values.definition(Left.Index))
      Key = key(F, Set);
  if (E.Op == BinaryOp::EQ || E.Op == BinaryOp::NE) {
    bool IsEqual = (E.Op == BinaryOp::EQ) == IsTrue;
    if (!Key.empty())
      Add({Fact::Equal, Key, *Value}, IsEqual);
    else if (*Value == 0)
      Inner(0, !IsEqual);
  } else if (E.Op == BinaryOp::BitAnd && !Key.empty()) {
    Add({Fact::HasBit, Key, *Value}, IsTrue);
  }
}

static void forget(FactList &Known, StringRef Key) {
  llvm::erase_if(Known, [&](const Fact &K) {
    return Keys::overlap(K.Key, Key) || K.Key.contains(Key);
  });
}

void Knowledge::branch(FunctionRef F, ExprId Id, bool IsTrue,
                       FactList &Known) const {
  FactList Learned;
  learn(F, Id, IsTrue, 0, Learned);
  for (Fact &New : Learned) {
    New.IsOwn = llvm::any_of(
        Known, [&](const Fact &K) { return K.IsOwn && K.concerns(New); });
    llvm::erase_if(Known, [&](const Fact &K) { return K.excludes(New); });
    if (!llvm::is_contained(Known, New) && Known.size() < MaxFacts)
      Known.push_back(New);
  }
}

void Knowledge::event(FunctionRef F, const Event &E, FactList &Known) const {
  if (E.Kind == EventKind::Store) {
    StringRef Key = key(F, E.Target);
    if (Key.empty())
      return;
    forget(Known, Key);
    if (Known.size() >= MaxFacts)
      return;
    Fact New{Fact::Is, Key, 0, /*IsOwn=*/true};
    if (auto Value = Names.values(F).constant(E.Value); Value && E.Value) {
      New.Kind = Fact::Equal;
      New.Value = *Value;
    } else if (F.F->expr(E.Target).IsPointer && E.Value &&
               Keys::bare(*F.F, E.Value).Kind == ExprKind::Call) {
      New.Kind = Fact::NotEqual; // what was just made is there
    }
    Known.push_back(New);
    return;
  }
  if (E.Kind != EventKind::Call)
    return;
  CallRef Site{F, &F.F->Calls[E.Index]};
  if (FunctionRef Callee = Names.callee(Site)) {
    auto Sets = [&](FunctionRef G, const Fact &K) {
      return U.of(G).Stored.contains(K.Key);
    };
    llvm::erase_if(Known, [&](const Fact &K) {
      return Sets(Callee, K) ||
             llvm::any_of(Callee.F->Calls, [&](const CallFacts &C) {
               FunctionRef Next = U.M.function(Callee.TU, C.Callee);
               return Next && Sets(Next, K);
             });
    });
    return;
  }
  for (auto Kind : {ContextEffect::SetsBit, ContextEffect::ClearsBit})
    if (auto Bit = bit(Site, Kind)) {
      if (Kind == ContextEffect::ClearsBit)
        Bit = Bit->opposite();
      Bit->IsOwn = true;
      llvm::erase_if(Known, [&](const Fact &K) { return K.concerns(*Bit); });
      if (Known.size() < MaxFacts)
        Known.push_back(*Bit);
      return;
    }
  if (bit(Site, ContextEffect::TestsBit))
    return;
  for (ExprId Arg : Site.Call->Args) {
    const Expr &Passed = F.F->expr(Arg);
    if (Passed.Kind == ExprKind::AddrOf || Passed.IsArray)
      if (StringRef Key = U.Names.of(F, Arg); !Keys::isObject(Key))
        forget(Known, Key);
  }
}

} // namespace devlife
