//===- RepairArm.cpp - Open the window last -------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The managed call that opens a window moves, with the test of its result,
// behind what its code needs, so that devres, newest first, closes it before:
//
//   ret = devm_request_irq(..., y);      moves
//   if (ret)                             with it
//           return ret;
//   y->buf = devm_kzalloc(...);          behind this
//   if (!y->buf)                         and its test
//           return -ENOMEM;
//
// All of it stands in one block. In between, nothing goes to a label, nothing
// is acquired that unwinding would have to give back, and nothing is called
// that could mean the window to be open.
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Statements.h"

namespace devlife {

namespace {

class Postponement {
public:
  Postponement(const Timelines &T, FunctionRef In)
      : T(T), Code(In, Texts), F(*In.F) {}

  std::vector<Edit> run(const Clash &C);

private:
  std::optional<Extent> withTest(const Statement &S, StringRef Kept) const;
  StringRef assigned(const Statement &S) const;
  bool isHarmless(const CallFacts &C) const;
  bool leaves(int Block) const;
  bool canPass(Extent Arm, StringRef Result, Extent Last) const;

  const Timelines &T;
  SourceTexts Texts;
  const Statements Code;
  const FunctionFacts &F;
};

} // namespace

/// What the statement assigns to; "" when it is no assignment.
StringRef Postponement::assigned(const Statement &S) const {
  auto [Left, Right] = Code.text(S.Text).split(" = ");
  return Right.empty() || Left.contains('(') ? StringRef() : Left.trim();
}

/// \p S with the `if` behind it that asks about \p Kept and leaves; nothing
/// when that goes on.
std::optional<Extent> Postponement::withTest(const Statement &S,
                                             StringRef Kept) const {
  auto Rest = Code.between(S.Block, S.Text.End, F.Skeleton[S.Block].Text.End);
  if (!Rest)
    return std::nullopt;
  Extent Whole = S.Text;
  if (Rest->empty() || Kept.empty())
    return Whole;
  int If = Rest->front();
  const StmtNode &Node = F.Skeleton[If];
  if (Node.Kind != StmtKind::If || !Node.Head.isValid() ||
      !Code.text(Node.Head).contains(Kept))
    return Whole;
  int Last = -1, Body = If;
  for (int N = If + 1, E = F.Skeleton.size(); N != E; ++N) {
    if (F.Skeleton[N].Kind == StmtKind::Else && F.Skeleton[N].Parent == If)
      return std::nullopt;
    if (F.Skeleton[N].Kind == StmtKind::Compound && F.Skeleton[N].Parent == If)
      Body = N;
    if (F.Skeleton[N].Parent == Body)
      Last = N;
  }
  if (Last < 0 || (F.Skeleton[Last].Kind != StmtKind::Return &&
                   F.Skeleton[Last].Kind != StmtKind::Goto))
    return std::nullopt;
  Whole.End = Node.Text.End;
  return Whole;
}

bool Postponement::isHarmless(const CallFacts &C) const {
  if (T.M.function(Code.In.TU, C.Callee))
    return false;
  const CallRule *Rule = T.M.rule({Code.In, &C});
  return Rule && llvm::all_of(Rule->Effects, [&](const Effect &E) {
           const ResourceRule *What = T.M.Rules.resource(E.What);
           StringRef Key = T.Touch.key({Code.In, &C}, E.Object);
           bool IsInit = What && What->IsOptional &&
                         (Key.starts_with("::") ||
                          T.Touch.Names.isOwn(Key.split('.').first));
           switch (E.Kind) {
           case EffectKind::Acquire:
             return (Rule->ManagedBy || IsInit) &&
                    !(What && What->HasCallbacks);
           case EffectKind::Bind:
           case EffectKind::ErrorTest:
           case EffectKind::ErrorOf:
           case EffectKind::ErrorOrZero:
           case EffectKind::Returns:
           case EffectKind::PartOf:
             return true;
           default:
             return false;
           }
         });
}

/// Whether \p Block is one of an `if`, and ends with a return.
bool Postponement::leaves(int Block) const {
  if (Block < 0 || F.Skeleton[Block].Parent < 0 ||
      F.Skeleton[F.Skeleton[Block].Parent].Kind != StmtKind::If)
    return false;
  const StmtNode *Last = nullptr;
  for (const StmtNode &Node : F.Skeleton)
    if (Node.Parent == Block)
      Last = &Node;
  return Last && Last->Kind == StmtKind::Return;
}

/// Whether \p Arm, whose result is kept in \p Result, may as well come behind
/// \p Last.
bool Postponement::canPass(Extent Arm, StringRef Result, Extent Last) const {
  auto In = [&](uint32_t At) { return Arm.End <= At && At < Last.End; };
  for (const StmtNode &Node : F.Skeleton)
    if (Node.Text.isValid() && In(Node.Text.Begin) &&
        (Node.Kind == StmtKind::Goto || Node.Kind == StmtKind::Label ||
         Node.Kind == StmtKind::Case ||
         (Node.Kind == StmtKind::Loop && !Code.isCall(Node)) ||
         Node.Kind == StmtKind::Switch))
      return false;
  for (const CallFacts &C : F.Calls) {
    if (C.At.File != F.Body.File || !In(C.At.Offset) || isHarmless(C))
      continue;
    // What is said before a failing return, or computed for the last store.
    bool IsLast = Last.Begin <= C.At.Offset &&
                  !T.M.function(Code.In.TU, C.Callee) &&
                  !T.M.rule({Code.In, &C});
    bool IsSaid = leaves(C.Stmt < 0 ? -1 : F.Skeleton[C.Stmt].Parent) &&
                  !T.M.rule({Code.In, &C}) &&
                  !T.M.function(Code.In.TU, C.Callee);
    if (!IsLast && !IsSaid)
      return false;
  }
  StringRef Between = Code.File.slice(Arm.End, Last.End);
  for (const VarFacts *V : Code.variables(Arm)) {
    if (V->Name != Result) {
      if (Code.mayChange(*V, Arm.End, Last.End))
        return false;
      continue;
    }
    auto First = llvm::find_if(V->Uses, In);
    if (First != V->Uses.end() && !llvm::is_contained(V->Writes, *First))
      return false;
  }
  return !(Result.contains("->") || Result.contains('.')) ||
         !Between.contains(Result);
}

std::vector<Edit> Postponement::run(const Clash &C) {
  const CallFacts &Call = *C.W.Site.Call;
  const CallRule *Rule = T.M.rule(C.W.Site);
  std::optional<Statement> Arm = Code.find(Call.At);
  if (!Rule || !Rule->ManagedBy || !Arm || Call.Stmt < 0 ||
      Code.isInLoop(Call.Stmt) || assigned(*Arm).empty())
    return {};
  StringRef Result = assigned(*Arm);
  std::optional<Extent> Whole = withTest(*Arm, Result);
  std::optional<Extent> Last;
  bool IsInit = C.Kind == Clash::BeforeInit;
  std::vector<UseSite> Inits = {IsInit ? C.Init : C.Over.At};
  llvm::append_range(Inits, C.Later);
  for (const UseSite &Init : Inits) {
    std::optional<Statement> S =
        Init.In == Code.In ? Code.find(Init.At) : std::nullopt;
    if (!S || S->Block != Arm->Block || S->Text.Begin < Arm->Text.End)
      return {};
    std::optional<Extent> End = withTest(*S, assigned(*S));
    if (!End)
      return {};
    if (!Last || Last->End < End->End)
      Last = End;
  }
  if (!Whole || Whole->End == Arm->Text.End ||
      !Code.isCompiled(Whole->Begin, Last->End) ||
      !canPass(*Whole, Result, *Last))
    return {};
  std::vector<Edit> Edits;
  Code.moveAfter(*Whole, *Last, Edits);
  return Code.asOne(std::move(Edits));
}

void postponeArm(const Timelines &T, const Clash &C, Finding &F) {
  bool IsEnding = C.Kind != Clash::BeforeInit;
  if (IsEnding && !(C.Over.ByDevres && C.IsOnlyDevres && C.W.Managed))
    return;
  if (F.Edits.empty() && !C.W.Source)
    F.Edits = Postponement(T, C.W.Site.In).run(C);
}

} // namespace devlife
