//===- Repair.cpp - What a repair drags along -----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Repair.h"
#include "facts/Scan.h"

namespace devlife {

bool Repair::fail(const CallRef &Call, const llvm::Twine &Why) {
  if (Problem.empty()) {
    Place P = M.place(Call);
    Problem = (Why + " (" + P.File + ":" + llvm::Twine(P.Line) + ")").str();
  }
  return false;
}

Repair::Plan &Repair::plan(FunctionRef F) {
  auto [It, New] = Plans.try_emplace(F.F);
  if (New) {
    It->second.In = F;
    Order.push_back(F.F);
  }
  return It->second;
}

bool Repair::alive(const Plan &P, int N) const {
  for (; N >= 0; N = node(P, N).Parent)
    if (P.Dropped.count(N))
      return false;
  return true;
}

std::vector<int> Repair::children(const Plan &P, int Parent) const {
  std::vector<int> List;
  const auto &Skeleton = P.In.F->Skeleton;
  for (int I = std::max(Parent, 0), E = Skeleton.size(); I != E; ++I)
    if (Skeleton[I].Parent == Parent && !P.Dropped.count(I))
      List.push_back(I);
  return List;
}

/// The next statement or label of the same block that stays, or -1.
int Repair::nextSibling(const Plan &P, int N) const {
  const auto &Skeleton = P.In.F->Skeleton;
  for (int I = N + 1, E = Skeleton.size(); I < E; ++I)
    if (Skeleton[I].Parent == Skeleton[N].Parent && !P.Dropped.count(I))
      return I;
  return -1;
}

/// Whether evaluating the condition of \p N does nothing else.
bool Repair::conditionIsFree(const Plan &P, int N) const {
  for (const CallFacts &C : P.In.F->Calls)
    if (C.Stmt == N)
      return false;
  const Extent &Head = node(P, N).Head;
  for (const Event &E : P.In.F->Events)
    if (E.Kind == EventKind::Store && E.At.Offset >= Head.Begin &&
        E.At.Offset < Head.End)
      return false;
  return Head.isValid();
}

//===----------------------------------------------------------------------===//
// Dropping
//===----------------------------------------------------------------------===//

bool Repair::dropNode(Plan &P, int N) {
  if (!node(P, N).Text.isValid())
    return false;
  P.Dropped.insert(N);
  return emptied(P, node(P, N).Parent);
}

/// Follows what is left of \p Parent after one of its children went.
bool Repair::emptied(Plan &P, int Parent) {
  if (Parent < 0)
    return true;
  const StmtNode &Node = node(P, Parent);
  std::vector<int> Left = children(P, Parent);
  if (Node.Kind == StmtKind::If && Left.size() == 1 &&
      node(P, Left[0]).Kind == StmtKind::Else) {
    // The first branch has gone: its condition is inverted for the other.
    std::vector<int> Body = children(P, Left[0]);
    if (!Node.Head.isValid() || Body.size() != 1 ||
        !node(P, Body[0]).Text.isValid() ||
        node(P, Body[0]).Kind == StmtKind::If)
      return false;
    P.Inverted.insert(Parent);
    return true;
  }
  if (!Left.empty())
    return true;
  switch (Node.Kind) {
  case StmtKind::Compound: {
    if (Node.Parent < 0)
      return true; // the function's body: see settleEmpty()
    P.Dropped.insert(Parent);
    return emptied(P, Node.Parent);
  }
  case StmtKind::Else:
    P.Dropped.insert(Parent);
    return true;
  case StmtKind::If:
  case StmtKind::Loop:
    if (!conditionIsFree(P, Parent))
      return false;
    return dropNode(P, Parent);
  default:
    return false;
  }
}

/// Whether \p Call is all of `var = call(...);`.
bool Repair::isAssignedCall(const Plan &P, const CallRef &Call,
                            int &Var) const {
  const FunctionFacts &F = *P.In.F;
  for (const Event &E : F.Events) {
    if (E.Kind != EventKind::Store)
      continue;
    const Expr &Value = F.expr(E.Value), &Target = F.expr(E.Target);
    if (Value.Kind == ExprKind::Call && &F.Calls[Value.Index] == Call.Call &&
        Target.Kind == ExprKind::Var && Target.Index >= 0) {
      Var = Target.Index;
      return true;
    }
  }
  return false;
}

/// Whether \p Condition asks about variable \p Var and nothing else.
bool Repair::testsOnly(const FunctionFacts &F, ExprId Condition,
                       int Var) const {
  const Expr &E = F.expr(Condition);
  switch (E.Kind) {
  case ExprKind::Var:
    return E.Index == Var;
  case ExprKind::Not:
    return testsOnly(F, E.Ops[0], Var);
  case ExprKind::Binary:
    return testsOnly(F, E.Ops[0], Var) &&
           F.expr(E.Ops[1]).Kind == ExprKind::Int;
  default:
    return false;
  }
}

bool Repair::drop(const CallRef &Call) {
  Touched.push_back(Call);
  Plan &P = plan(Call.In);
  const CallFacts &C = *Call.Call;
  if (C.Stmt < 0 || !C.Whole.isValid())
    return fail(Call, "the call stands in a macro");
  if (!alive(P, C.Stmt))
    return true;
  const StmtNode &Node = node(P, C.Stmt);
  if (Node.Kind == StmtKind::Expr && Node.Text.isValid()) {
    if (Node.Text.Begin == C.Whole.Begin && Node.Text.End == C.Whole.End + 1)
      return dropNode(P, C.Stmt) ||
             fail(Call,
                  "the statement around the call tests more than the call");
    // ret = call(...); if (ret) return ret;
    int Var;
    if (isAssignedCall(P, Call, Var) && Node.Text.End == C.Whole.End + 1) {
      int Test = nextSibling(P, C.Stmt);
      if (Test >= 0 && node(P, Test).Kind == StmtKind::If &&
          testsOnly(*Call.In.F, node(P, Test).Value, Var) && dropNode(P, Test))
        return dropNode(P, C.Stmt) ||
               fail(Call, "the call is part of a larger statement");
    }
  }
  // return call(...);
  if (Node.Kind == StmtKind::Return && Node.Head.isValid() &&
      Node.Head.Begin == C.Whole.Begin && Node.Head.End == C.Whole.End) {
    P.Extra.push_back(edit(*Call.In.TU, Node.Head, "0"));
    return true;
  }
  return fail(Call, "the call is part of a larger statement");
}

//===----------------------------------------------------------------------===//
// What is left behind
//===----------------------------------------------------------------------===//

/// Labels whose statements have gone, and labels to which nobody goes.
bool Repair::settleLabels(Plan &P) {
  const auto &Skeleton = P.In.F->Skeleton;
  auto GotosTo = [&](StringRef Label) {
    std::vector<int> List;
    for (int I = 0, E = Skeleton.size(); I != E; ++I)
      if (Skeleton[I].Kind == StmtKind::Goto && Skeleton[I].Name == Label &&
          alive(P, I))
        List.push_back(I);
    return List;
  };
  // From the last to the first, so that a chain of empty labels collapses.
  for (int L = Skeleton.size(); L-- > 0;) {
    if (Skeleton[L].Kind != StmtKind::Label || !alive(P, L))
      continue;
    // Only a label that lost something is this repair's business.
    bool Lost = false;
    int Next = -1;
    for (int I = L + 1, E = Skeleton.size(); I < E && Next < 0; ++I) {
      if (Skeleton[I].Parent != Skeleton[L].Parent)
        continue;
      if (P.Dropped.count(I))
        Lost = true;
      else
        Next = I;
    }
    std::vector<int> Gotos = GotosTo(Skeleton[L].Name);
    // A goto that was redirected goes elsewhere by now.
    llvm::erase_if(Gotos, [&](int G) { return P.Gotos.count(G) != 0; });
    bool Redirected = false;
    for (const auto &[G, To] : P.Gotos)
      Redirected |=
          StringRef(To).contains(("goto " + Skeleton[L].Name + ";").str());
    if (!Lost && !(Gotos.empty() && !Redirected && !P.Dropped.empty()))
      continue;
    if (Gotos.empty() && !Redirected) {
      P.Dropped.insert(L);
      continue;
    }
    std::string To;
    if (Next >= 0 && Skeleton[Next].Kind == StmtKind::Label)
      To = ("goto " + Skeleton[Next].Name + ";").str();
    else if (Next >= 0 && Skeleton[Next].Kind == StmtKind::Return &&
             Skeleton[Next].Text.isValid())
      To = text(*P.In.TU, Skeleton[Next].Text).str();
    else if (Next < 0 && P.In.F->ReturnsVoid && Skeleton[L].Parent == 0)
      To = "return;";
    if (To.empty())
      continue; // it still has statements
    for (int G : Gotos)
      if (!Skeleton[G].Text.isValid())
        return false;
    for (int G : Gotos)
      P.Gotos[G] = To;
    for (auto &[G, Text] : P.Gotos)
      if (Text == ("goto " + Skeleton[L].Name + ";").str())
        Text = To;
    P.Dropped.insert(L);
    // The return that only the label led to.
    if (Next >= 0 && Skeleton[Next].Kind == StmtKind::Return) {
      int Before = -1;
      for (int I = 0; I < Next; ++I)
        if (Skeleton[I].Parent == Skeleton[Next].Parent && !P.Dropped.count(I))
          Before = I;
      if (Before >= 0 && (Skeleton[Before].Kind == StmtKind::Return ||
                          Skeleton[Before].Kind == StmtKind::Goto))
        P.Dropped.insert(Next);
    }
  }
  return true;
}

/// Whether the file of \p F names it where the compiler sees nothing: in the
/// other half of an #ifdef, or in a macro that comes to nothing.
bool Repair::isNamedUnseen(FunctionRef F) {
  StringRef File = F.TU->file(F.F->At).FullPath;
  std::set<unsigned> Known = {F.F->At.Offset};
  for (const auto &TU : M.TUs) {
    for (const FunctionFacts &Other : TU->Functions) {
      for (const CallFacts &C : Other.Calls)
        if (C.Callee == F.F->Name && TU->file(C.At).FullPath == File)
          Known.insert(C.At.Offset);
      for (const auto &[Name, At] : Other.References)
        if (Name == F.F->Name && TU->file(At).FullPath == File)
          Known.insert(At.Offset);
    }
    for (const PrototypeFacts &Proto : TU->Prototypes)
      if (Proto.Name == F.F->Name &&
          TU->Files[Proto.Text.File].FullPath == File)
        for (unsigned I = Proto.Text.Begin; I < Proto.Text.End; ++I)
          Known.insert(I);
  }
  return llvm::any_of(identifierOffsets(Texts.text(File), F.F->Name),
                      [&](unsigned Offset) { return !Known.count(Offset); });
}

/// A function that does nothing any more goes, with all that calls it.
bool Repair::settleEmpty(Plan &P) {
  const FunctionFacts &F = *P.In.F;
  if (P.Removed || P.Dropped.empty())
    return true;
  for (int N : children(P, 0)) {
    const StmtNode &Node = node(P, N);
    if (Node.Kind == StmtKind::Return && !Node.Head.isValid())
      continue;
    if (Node.Kind != StmtKind::Decl)
      return true;
    // A declaration may call what only reads: nothing with effects.
    for (const CallFacts &C : F.Calls)
      if (C.Stmt == N) {
        FunctionRef Callee = M.function(P.In.TU, C.Callee);
        if ((Callee && M.hasEffects(Callee)) || M.rule({P.In, &C}))
          return true;
      }
  }
  // Who calls it, hands it to devres, or names it otherwise?
  llvm::SmallVector<CallRef, 4> Users;
  for (const auto &TU : M.TUs) {
    for (const TableFacts &T : TU->Tables)
      for (const TableEntry &E : T.Entries)
        if (E.Kind == ExprKind::Function &&
            M.function(TU.get(), E.Value) == P.In)
          return true;
    for (const FunctionFacts &Other : TU->Functions) {
      FunctionRef User{TU.get(), &Other};
      unsigned Named = 0, AsAction = 0;
      for (const auto &[Name, At] : Other.References)
        Named += M.function(TU.get(), Name) == P.In;
      for (const CallFacts &C : Other.Calls) {
        CallRef Site{User, &C};
        if (M.function(TU.get(), C.Callee) == P.In)
          Users.push_back(Site);
        const CallRule *Rule = M.rule(Site);
        const Effect *Action = Rule ? Rule->find(EffectKind::Action) : nullptr;
        if (!Action)
          continue;
        if (llvm::is_contained(M.handlers(Site, *Action), P.In)) {
          Users.push_back(Site);
          ++AsAction;
        }
      }
      if (Named && !AsAction)
        return true; // somebody keeps its address: it stays, empty
    }
  }
  if (isNamedUnseen(P.In))
    return fail(Users.empty() ? CallRef{P.In, &F.Calls.front()} : Users.front(),
                "'" + F.Name + "' is also named in code that is not compiled");
  P.Removed = true;
  for (const CallRef &User : Users)
    if (!drop(User))
      return false;
  return true;
}

/// Removes the declaration of \p V, alone or out of a list.
bool Repair::dropDeclarator(Plan &P, const VarFacts &V, int Decl) {
  const StmtNode &Node = node(P, Decl);
  StringRef Text = text(*P.In.TU, Node.Text);
  unsigned Begin = V.At.Offset - Node.Text.Begin, End = Begin + V.Name.size();
  StringRef Before = Text.take_front(Begin), After = Text.drop_front(End);
  bool Alone = !Text.contains(',');
  if (Alone) {
    P.Dropped.insert(Decl);
    return true;
  }
  if (Text.contains('='))
    return false;
  Before = Before.rtrim(" \t\n*");
  StringRef Rest = After.ltrim();
  Extent Gone = Node.Text;
  if (Before.ends_with(",")) {
    Gone.Begin = Node.Text.Begin + Before.size() - 1;
    Gone.End = Node.Text.Begin + End;
  } else if (Rest.starts_with(",")) {
    Gone.Begin = Node.Text.Begin + Begin;
    Gone.End = Node.Text.End - Rest.drop_front().ltrim().size();
  } else {
    return false;
  }
  P.Extra.push_back(edit(*P.In.TU, Gone, ""));
  return true;
}

/// Drops `variable = value;`, where computing the value calls nothing.
bool Repair::dropAssignment(Plan &P, uint32_t Offset) {
  const FunctionFacts &F = *P.In.F;
  for (int N = 0, E = F.Skeleton.size(); N != E; ++N)
    if (F.Skeleton[N].Kind == StmtKind::Expr && F.Skeleton[N].Text.isValid() &&
        F.Skeleton[N].Text.Begin == Offset &&
        llvm::none_of(F.Calls, [&](const CallFacts &C) { return C.Stmt == N; }))
      return dropNode(P, N);
  return false;
}

/// Variables that only what is gone has used.
bool Repair::settleVariables(Plan &P) {
  const FunctionFacts &F = *P.In.F;
  for (bool Again = true; Again;) {
    Again = false;
    for (const VarFacts &V : F.Vars) {
      if (V.ParamIndex >= 0 || V.Uses.empty() || !V.At.isValid())
        continue;
      auto Gone = [&](uint32_t Offset) {
        for (int N : P.Dropped)
          if (Offset >= F.Skeleton[N].Text.Begin &&
              Offset < F.Skeleton[N].Text.End)
            return true;
        for (const auto &[G, Text] : P.Gotos)
          if (Offset >= F.Skeleton[G].Text.Begin &&
              Offset < F.Skeleton[G].Text.End)
            return true;
        return false;
      };
      if (Gone(V.At.Offset) || llvm::none_of(V.Uses, Gone))
        continue;
      // Assignments alone are no use: the compiler would say "set but not
      // used".
      auto Read = [&](uint32_t Use) {
        return !Gone(Use) && !llvm::is_contained(V.Writes, Use);
      };
      if (llvm::any_of(V.Uses, Read))
        continue;
      for (uint32_t Write : V.Writes)
        if (!Gone(Write) && !dropAssignment(P, Write)) {
          Problem = ("variable '" + V.Name + "' of '" + F.Name +
                     "' would be set but not used")
                        .str();
          return false;
        }
      int Decl = -1;
      for (int I = 0, E = F.Skeleton.size(); I != E; ++I)
        if (F.Skeleton[I].Kind == StmtKind::Decl &&
            F.Skeleton[I].Text.isValid() &&
            F.Skeleton[I].Text.Begin <= V.At.Offset &&
            V.At.Offset < F.Skeleton[I].Text.End)
          Decl = I;
      if (Decl < 0 || !dropDeclarator(P, V, Decl)) {
        Problem =
            ("variable '" + V.Name + "' of '" + F.Name + "' would be unused")
                .str();
        return false;
      }
      Again = P.Dropped.count(Decl) != 0;
    }
  }
  return true;
}

/// Whether the compiler has seen every mention of what is edited: the other
/// half of an #ifdef would be left as it was.
bool Repair::seesAll() {
  std::set<std::pair<StringRef, StringRef>> Asked;
  for (const CallRef &Call : Touched) {
    StringRef File = Call.In.TU->file(Call.Call->At).FullPath;
    StringRef Callee = Call.Call->Callee;
    // A function of the module's own is named where it is defined, too.
    if (!Asked.insert({File, Callee}).second || M.function(Call.In.TU, Callee))
      continue;
    std::set<unsigned> Known;
    for (const auto &TU : M.TUs)
      for (const FunctionFacts &F : TU->Functions)
        for (const CallFacts &C : F.Calls)
          if (C.Callee == Callee && TU->file(C.At).FullPath == File)
            Known.insert(C.At.Offset);
    for (unsigned Offset : identifierOffsets(Texts.text(File), Callee))
      if (!Known.count(Offset))
        return fail(Call, "'" + Callee +
                              "' also stands in code that is not compiled");
  }
  return true;
}

bool Repair::settle() {
  // Dropping calls of an empty function makes further plans; the list grows.
  for (size_t I = 0; I != Order.size() && Problem.empty(); ++I) {
    for (size_t Known = 0; Known != Order.size();) {
      Known = Order.size();
      for (size_t J = 0; J != Order.size(); ++J)
        if (!settleEmpty(Plans.find(Order[J])->second))
          return false;
    }
    Plan &P = Plans.find(Order[I])->second;
    if (P.Removed)
      continue;
    if (!settleLabels(P) || !settleVariables(P)) {
      if (Problem.empty())
        Problem = ("labels of '" + P.In.F->Name + "' are out of reach").str();
      return false;
    }
  }
  return Problem.empty();
}

} // namespace devlife
