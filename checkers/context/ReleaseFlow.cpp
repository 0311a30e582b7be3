//===- ReleaseFlow.cpp - Follows the objects of one function --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "context/ReleaseFlow.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 12;        // of expressions
constexpr unsigned MaxVisitsABlock = 16; // until the function is left out
} // namespace

Releases::Flow::Flow(const Releases &R, FunctionRef F)
    : R(R), F(F), Exposed(F.F->Vars.size()), Before(F.F->Blocks.size()) {
  for (const Expr &E : F.F->Exprs)
    if (E.Kind == ExprKind::AddrOf && expr(E.Ops[0]).Kind == ExprKind::Var &&
        expr(E.Ops[0]).Index >= 0)
      Exposed.set(expr(E.Ops[0]).Index);
}

//===----------------------------------------------------------------------===//
// Uses and ends
//===----------------------------------------------------------------------===//

void Releases::Flow::use(ObjectState &S, const Pointer &P, ObjectUse Use) {
  if (P.Object.empty())
    return;
  if (auto It = S.Gone.find(P.Object);
      It != S.Gone.end() && Found && !Use.IsAgain)
    Found->push_back({It->second, Use});
  if (auto It = Pointees.find(P.Object); It != Pointees.end() && Found)
    PointeeUses.push_back({It->second.first, It->second.second, Use});
  // Only what parameters held to begin with matters to callers.
  if (!Use.IsPassed && P.Object.starts_with("p") && !P.Object.contains('*'))
    S.Used.try_emplace(P.Object, std::move(Use));
}

void Releases::Flow::ends(ObjectState &S, StringRef Object, Death Over) {
  if (Object.empty() || Object.starts_with("&") || S.Null.count(Object))
    return;
  S.Gone[Object] = std::move(Over);
}

/// The memory at \p Id is read or written: pointers on the way are followed.
void Releases::Flow::touch(ObjectState &S, ExprId Id, Loc At) {
  for (unsigned Depth = 0; Id && Depth != MaxDepth; ++Depth) {
    const Expr &E = expr(Id);
    bool Follows = (E.Kind == ExprKind::Member && E.Arrow) ||
                   E.Kind == ExprKind::Deref ||
                   (E.Kind == ExprKind::Index && !expr(E.Ops[0]).IsArray);
    if (Follows) {
      use(S, value(S, E.Ops[0]), {F, At, save(text(E.Ops[0])), {}});
      return; // the pointer was read by an event of its own
    }
    bool IsPart = E.Kind == ExprKind::Member || E.Kind == ExprKind::Index ||
                  E.Kind == ExprKind::Cast;
    Id = IsPart ? E.Ops[0] : 0;
  }
}

/// Whether the function has the reference of the object's owner: it has made
/// the object, or taken it off the kernel's lists.
bool Releases::Flow::isOwner(const ObjectState &S, StringRef Object) const {
  if (S.Unlisted.count(Object))
    return true;
  unsigned Index = 0;
  if (!Object.consume_front("{c") || !Object.consume_back("}") ||
      Object.getAsInteger(10, Index))
    return false;
  const CallRule *Rule = R.M.kernelRule({F, &F.F->Calls[Index]});
  const Effect *Makes = Rule ? Rule->find(EffectKind::Acquire) : nullptr;
  const ResourceRule *What = Makes ? R.M.Rules.resource(Makes->What) : nullptr;
  return What && What->IsMemory && Makes->Object.Kind == ArgRef::Return;
}

/// What \p E takes off a list, the links of others no longer lead to.
void Releases::Flow::unlink(ObjectState &S, const CallRef &Site,
                            const Effect &E) {
  StringRef Link = Keys::bare(*F.F, Uses::argument(Site, E.Object)).Record;
  StringRef Token =
      save("{c" + llvm::Twine(Site.Call - F.F->Calls.data()) + "}");
  for (const Expr &Id : F.F->Exprs)
    if (Id.Kind == ExprKind::Member && !Link.empty() && Id.Base == Link)
      S.Versions[save(Id.Base + "." + Id.Name)] = Token;
}

void Releases::Flow::callKernel(ObjectState &S, const CallRef &Site,
                                const CallRule *Rule) {
  const CallFacts &Call = *Site.Call;
  Pointer &Result = S.Values[F.F->Vars.size() + (&Call - F.F->Calls.data())];
  auto Argument = [&](const Effect &E) {
    ExprId Id = Uses::argument(Site, E.Object);
    return E.Object.Kind == ArgRef::Arg && Id ? value(S, Id) : Pointer();
  };
  auto IsMemory = [&](const Effect &E) {
    const ResourceRule *What = R.M.Rules.resource(E.What);
    return E.Kind == EffectKind::Release && What && What->IsMemory &&
           !What->IsReference;
  };
  for (size_t I = 0; I != Call.Args.size(); ++I) {
    const Expr &Arg = Keys::bare(*F.F, Call.Args[I]);
    Pointer P = value(S, Call.Args[I]);
    if (P.Object.empty() || S.Null.count(P.Object))
      continue;
    ObjectUse Use{F, Call.At, save(text(Call.Args[I])), {}};
    // Whatever is done with it, a part of an object is no mere cookie.
    bool IsUse =
        (Arg.Kind == ExprKind::AddrOf || Arg.IsArray) && !P.Inner.empty();
    bool IsSaid = false;
    for (const Effect &E : effectsOf(Rule)) {
      IsSaid |= E.Kind != EffectKind::Acquire;
      if (E.Object.Kind != ArgRef::Arg ||
          !(Uses::argument(Site, E.Object) == Call.Args[I]))
        continue;
      Use.IsAgain |= IsMemory(E);
      Use.IsPut |= E.Kind == EffectKind::Put;
      IsUse |= IsMemory(E) || E.Kind == EffectKind::Release ||
               E.Kind == EffectKind::Quiesce || E.Kind == EffectKind::Access;
    }
    Use.IsPassed = !IsUse;
    if (IsUse || !IsSaid)
      use(S, P, Use);
  }
  for (const Effect &E : effectsOf(Rule)) {
    const ResourceRule *What = R.M.Rules.resource(E.What);
    switch (E.Kind) {
    case EffectKind::PartOf:
      Result = partOf(Argument(E));
      break;
    case EffectKind::Returns:
      Result = Argument(E);
      break;
    case EffectKind::Release:
      if (What && What->IsRefcounted)
        S.Unlisted.insert(Argument(E).Object);
      if (What && What->IsPublished)
        unlink(S, Site, E);
      // What lies in something else goes with that.
      if (IsMemory(E) && Rule->Fails == FailKind::Never &&
          !Argument(E).Inner.contains('.'))
        ends(S, Argument(E).Object, {{Site}, What});
      break;
    case EffectKind::Put:
      if (StringRef Object = Argument(E).Object; isOwner(S, Object) &&
                                                 !R.changes(F).TakesReference &&
                                                 R.isFreedByLast(Site, E))
        ends(S, Object, {{Site}, nullptr});
      break;
    default:
      break;
    }
  }
}

void Releases::Flow::callOwn(ObjectState &S, const CallRef &Site,
                             FunctionRef Target) {
  const CallFacts &Call = *Site.Call;
  const Changes &Sets = R.changes(Target);
  const Summary &Does = R.of(Target);
  size_t Index = &Call - F.F->Calls.data();
  Pointer &Result = S.Values[F.F->Vars.size() + Index];
  StringRef Token = save("{c" + llvm::Twine(Index) + "}");
  std::vector<Pointer> Args;
  for (ExprId Arg : Call.Args)
    Args.push_back(value(S, Arg));
  if (Does.Returns >= 0 && size_t(Does.Returns) < Args.size())
    Result = inside(Args[Does.Returns], "~");
  auto Through = [&](std::vector<CallRef> Path) {
    Path.insert(Path.begin(), Site);
    return Path;
  };
  for (size_t I = 0; I != Args.size() && I < Does.Parameters.size(); ++I)
    if (const std::optional<ObjectUse> &Use = Does.Parameters[I].Use)
      use(S, Args[I],
          {F, Call.At, save(text(Call.Args[I])), Through(Use->Path),
           Use->IsAgain});
  if (Sets.IsUnknown) {
    S.Versions.clear();
    S.Epoch = Token;
  }
  for (const auto &Field : Sets.Fields)
    S.Versions[save(Field.getKey())] = Token;
  for (size_t I = 0; I != Args.size() && I < Does.Parameters.size(); ++I) {
    const Parameter &P = Does.Parameters[I];
    bool IsCounted = P.Over && !P.Over->What;
    if (P.Over && !(IsCounted && R.changes(F).TakesReference))
      ends(S, Args[I].Object, {Through(P.Over->Path), P.Over->What});
    else if (P.OnFailure && P.OnFailure->What && !Result.Object.empty())
      S.OnFailure[Result.Object].push_back(
          {Args[I].Object, {Through(P.OnFailure->Path), P.OnFailure->What}});
  }
}

void Releases::Flow::call(ObjectState &S, uint32_t Index) {
  const CallFacts &Call = F.F->Calls[Index];
  CallRef Site{F, &Call};
  StringRef Token = save("{c" + llvm::Twine(Index) + "}");
  S.forget(Token);
  S.Values[F.F->Vars.size() + Index] = {Token, ""};
  if (FunctionRef Target = R.M.function(F.TU, Call.Callee)) {
    callOwn(S, Site, Target);
  } else if (Call.Target) {
    touch(S, Call.Target, Call.At);
    S.Versions.clear();
    S.Epoch = Token;
  } else {
    callKernel(S, Site, R.M.kernelRule(Site));
  }
  // What is handed over by its address can be anything now.
  for (ExprId Arg : Call.Args) {
    const Expr &E = Keys::bare(*F.F, Arg);
    if (E.Kind != ExprKind::AddrOf)
      continue;
    const Expr &Of = expr(E.Ops[0]);
    if (Of.Kind == ExprKind::Var && Of.Index >= 0)
      S.Values[Of.Index] = {};
    else if (Place At = place(S, E.Ops[0]); !At.Field.empty())
      S.Versions[At.Field] = Token;
  }
}

void Releases::Flow::store(ObjectState &S, uint32_t Index) {
  const Event &E = F.F->Events[Index];
  const Expr &To = expr(E.Target);
  touch(S, E.Target, E.At);
  Pointer New = E.Value ? value(S, E.Value) : Pointer();
  if (To.Kind == ExprKind::Var && To.Index >= 0 &&
      !F.F->Vars[To.Index].IsStatic) {
    S.Values[To.Index] = Exposed[To.Index] ? Pointer() : New;
    return;
  }
  StringRef Token = save("{s" + llvm::Twine(Index) + "}");
  S.forget(Token);
  Place At = place(S, E.Target);
  if (At.Field.empty())
    return;
  S.Versions[At.Field] = Token;
  if (Found && !New.Object.empty() && At.At.Object == New.Object &&
      At.At.Inner == (New.Inner + "$." + To.Name).str())
    Homes.push_back(At.Field);
}

//===----------------------------------------------------------------------===//
// Branches and exits
//===----------------------------------------------------------------------===//

void Releases::Flow::failed(ObjectState &S, StringRef Result, bool HasFailed) {
  auto It = S.OnFailure.find(Result);
  if (It == S.OnFailure.end())
    return;
  auto Deaths = std::move(It->second);
  S.OnFailure.erase(It);
  for (auto &[Object, Over] : Deaths)
    if (HasFailed)
      ends(S, Object, Over);
}

void Releases::Flow::isNull(ObjectState &S, ExprId Id, bool IsNull) {
  const Expr &E = Keys::bare(*F.F, Id);
  Pointer P = value(S, Id);
  if (P.Object.empty() || !P.Inner.empty())
    return;
  // The result of a call: zero is success, or no pointer.
  failed(S, P.Object, E.IsPointer == IsNull);
  if (!IsNull || !E.IsPointer)
    return;
  S.Gone.erase(P.Object);
  S.Null.insert(P.Object);
}

void Releases::Flow::assume(ObjectState &S, ExprId Id, bool IsTrue) {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind == ExprKind::Not)
    return assume(S, E.Ops[0], !IsTrue);
  if (E.Kind == ExprKind::Binary) {
    const Expr &With = Keys::bare(*F.F, E.Ops[1]);
    if (With.Kind != ExprKind::Int || With.Value != 0)
      return;
    if (E.Op == BinaryOp::EQ || E.Op == BinaryOp::NE)
      isNull(S, E.Ops[0], IsTrue == (E.Op == BinaryOp::EQ));
    else if (E.Op == BinaryOp::LT || E.Op == BinaryOp::GE)
      failed(S, value(S, E.Ops[0]).Object, IsTrue == (E.Op == BinaryOp::LT));
    return;
  }
  if (E.Kind == ExprKind::Call) {
    CallRef Site{F, &F.F->Calls[E.Index]};
    const CallRule *Rule = R.M.kernelRule(Site);
    if (const Effect *Test = Rule ? Rule->find(EffectKind::ErrorTest) : nullptr)
      return failed(S, value(S, Uses::argument(Site, Test->Object)).Object,
                    IsTrue);
  }
  isNull(S, Id, !IsTrue);
}

/// Whether returning \p Id says that the function has succeeded.
bool Releases::Flow::isSuccess(ExprId Id) const {
  const Expr &E = Keys::bare(*F.F, Id);
  return E.Kind == ExprKind::Int &&
         (F.F->ReturnsPointer ? E.Value != 0 : E.Value >= 0);
}

void Releases::Flow::returns(ObjectState &S, const Event &E) {
  if (!E.Value)
    return;
  if (!isSuccess(E.Value))
    Failures.push_back(S);
  Results.push_back(value(S, E.Value));
}

void Releases::Flow::runBlock(ObjectState &S, uint32_t Block) {
  const devlife::Block &B = F.F->Blocks[Block];
  for (uint32_t I = B.FirstEvent; I != B.EndEvent; ++I) {
    const Event &E = F.F->Events[I];
    switch (E.Kind) {
    case EventKind::Call:
      call(S, E.Index);
      break;
    case EventKind::Store:
      store(S, I);
      break;
    case EventKind::Use:
      touch(S, E.Target, E.At);
      break;
    case EventKind::Return:
      if (Found)
        returns(S, E);
      break;
    case EventKind::ScopeEnd:
      S.Values[E.Index] = {};
      break;
    }
  }
}

void Releases::Flow::run() {
  const FunctionFacts &Fn = *F.F;
  if (Fn.Blocks.empty())
    return;
  ObjectState First;
  First.Values.resize(Fn.Vars.size() + Fn.Calls.size());
  for (unsigned I = 0, N = Fn.numParams(); I != N; ++I)
    if (Fn.Vars[I].IsPointer && !Exposed[I])
      First.Values[I] = {save("p" + llvm::Twine(I)), ""};
  Before[0] = std::move(First);
  std::set<uint32_t> Work = {0};
  for (size_t Left = Fn.Blocks.size() * MaxVisitsABlock; !Work.empty();
       --Left) {
    if (Left == 0) {
      IsComplete = false;
      return;
    }
    uint32_t Index = *Work.begin();
    Work.erase(Work.begin());
    const Block &B = Fn.Blocks[Index];
    ObjectState After = *Before[Index];
    runBlock(After, Index);
    if (B.Succs.size() > 1)
      After.doubt();
    for (size_t N = 0; N != B.Succs.size(); ++N) {
      uint32_t To = B.Succs[N];
      ObjectState Branch = After;
      if (B.Condition)
        assume(Branch, B.Condition, N == 0);
      StringRef Token = save("{j" + llvm::Twine(To) + "}");
      Branch.forget(Token);
      if (!Before[To]) {
        Before[To] = std::move(Branch);
      } else {
        ObjectState Joined = *Before[To];
        Joined.join(Branch, Token, R.Strings);
        if (Joined == *Before[To])
          continue;
        Before[To] = std::move(Joined);
      }
      Work.insert(To);
    }
  }
}

std::vector<UseAfterRelease> Releases::Flow::uses() {
  std::vector<UseAfterRelease> List;
  run();
  if (!IsComplete)
    return List;
  Found = &List;
  for (uint32_t I = 0; I != Before.size(); ++I)
    if (Before[I]) {
      ObjectState S = *Before[I];
      runBlock(S, I);
    }
  return List;
}

std::vector<StringRef> Releases::Flow::homes() {
  uses();
  return std::move(Homes);
}

std::vector<UnheldUse> Releases::Flow::pointees() {
  uses();
  return std::move(PointeeUses);
}

Releases::Summary Releases::Flow::summarise() {
  Summary Does;
  Does.Parameters.resize(F.F->numParams());
  uses();
  if (!IsComplete || Before.empty() || !Before.back())
    return Does;
  const ObjectState &End = *Before.back();
  auto SureIn = [](const ObjectState &S, StringRef Object) {
    auto It = S.Gone.find(Object);
    return It != S.Gone.end() && It->second.IsSure ? &It->second : nullptr;
  };
  for (size_t I = 0; I != Does.Parameters.size(); ++I) {
    StringRef Object = save("p" + llvm::Twine(I));
    Parameter &P = Does.Parameters[I];
    if (const Death *Over = SureIn(End, Object))
      P.Over = *Over;
    if (!Failures.empty() && llvm::all_of(Failures, [&](const ObjectState &S) {
          return SureIn(S, Object) || S.Null.count(Object);
        }))
      for (const ObjectState &S : Failures)
        if (const Death *Over = SureIn(S, Object))
          P.OnFailure = *Over;
    if (auto It = End.Used.find(Object); It != End.Used.end())
      P.Use = It->second;
    if (!Results.empty() && llvm::all_of(Results, [&](const Pointer &Result) {
          return Result.Object == Object;
        }))
      Does.Returns = I;
  }
  return Does;
}

} // namespace devlife
