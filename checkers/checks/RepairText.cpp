//===- RepairText.cpp - From a plan to edits of text ----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Repair.h"
#include "checks/Statements.h"
#include "llvm/ADT/StringExtras.h"

namespace devlife {

static constexpr unsigned TabWidth =
    8; // Documentation/process/coding-style.rst

StringRef Repair::text(const TUFacts &TU, Extent Where) {
  return Texts.text(TU.Files[Where.File].FullPath)
      .slice(Where.Begin, Where.End);
}

Edit Repair::edit(const TUFacts &TU, Extent Where, std::string Text) const {
  const SourceFile &File = TU.Files[Where.File];
  return {File.Path, File.FullPath, Where.Begin, Where.End, std::move(Text)};
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static unsigned columnAfter(StringRef Text, unsigned Column = 0) {
  for (char C : Text)
    Column = C == '\t' ? (Column / TabWidth + 1) * TabWidth : Column + 1;
  return Column;
}

/// Moves the lines of a call that are aligned with its parenthesis.
void Repair::alignContinuation(const CallRef &Call, int Delta,
                               std::vector<Edit> &Out) {
  const CallFacts &C = *Call.Call;
  StringRef File = Texts.text(Call.In.TU->Files[C.Whole.File].FullPath);
  size_t Open = File.find('(', C.Name.End);
  size_t LineStart = File.rfind('\n', C.Name.Begin) + 1;
  if (Open >= C.Whole.End)
    return;
  unsigned Column = columnAfter(File.slice(LineStart, Open + 1));
  for (size_t At = File.find('\n', Open); At < C.Whole.End;
       At = File.find('\n', At + 1)) {
    size_t Begin = At + 1, End = File.find_first_not_of(" \t", Begin);
    StringRef Indent = File.slice(Begin, End);
    if (columnAfter(Indent) != Column)
      continue;
    unsigned New = Column + Delta;
    std::string Text = Indent.contains('\t')
                           ? std::string(New / TabWidth, '\t') +
                                 std::string(New % TabWidth, ' ')
                           : std::string(New, ' ');
    Out.push_back(edit(*Call.In.TU,
                       {C.Whole.File, unsigned(Begin), unsigned(End)}, Text));
  }
}

/// Whether the value of \p Var can be read as success before it is stored
/// anew: `return ret` at the end of a function, for one.
bool Repair::readBeforeStore(const FunctionFacts &F, const CallRef &Call,
                             int Var) const {
  // Find the block of the store, then search forward from behind its test.
  struct Spot {
    uint32_t Block, Event;
  };
  std::vector<Spot> Work;
  std::set<uint32_t> Seen;
  for (uint32_t B = 0; B != F.Blocks.size(); ++B)
    for (uint32_t I = F.Blocks[B].FirstEvent; I != F.Blocks[B].EndEvent; ++I) {
      const Event &E = F.Events[I];
      if (E.Kind == EventKind::Store && E.Value &&
          F.expr(E.Value).Kind == ExprKind::Call &&
          &F.Calls[F.expr(E.Value).Index] == Call.Call)
        Work.push_back({B, I + 1});
    }
  auto Names = [&](ExprId Id, auto &Self) -> bool {
    const Expr &E = F.expr(Id);
    if (E.Kind == ExprKind::Var && E.Index == Var)
      return true;
    return llvm::any_of(E.Ops, [&](ExprId Op) { return Op && Self(Op, Self); });
  };
  auto Reads = [&](ExprId Id) { return Id && Names(Id, Names); };
  while (!Work.empty()) {
    Spot S = Work.back();
    Work.pop_back();
    const Block &B = F.Blocks[S.Block];
    bool Stored = false;
    for (uint32_t I = S.Event; I != B.EndEvent && !Stored; ++I) {
      const Event &E = F.Events[I];
      if (E.Kind == EventKind::Store) {
        const Expr &To = F.expr(E.Target);
        if (Reads(E.Value))
          return true;
        Stored = To.Kind == ExprKind::Var && To.Index == Var;
      } else if (E.Kind == EventKind::Call) {
        if (llvm::any_of(F.Calls[E.Index].Args, Reads))
          return true;
      } else if (Reads(E.Value)) {
        return true;
      }
    }
    if (Stored)
      continue;
    for (size_t N = 0; N != B.Succs.size(); ++N) {
      // Behind the test only the successful branch matters: `if (ret)`.
      if (B.Condition && testsOnly(F, B.Condition, Var) &&
          B.Succs.size() == 2) {
        const Expr &Test = F.expr(B.Condition);
        bool SuccessFirst =
            Test.Kind == ExprKind::Not ||
            (Test.Kind == ExprKind::Binary &&
             (Test.Op == BinaryOp::EQ || Test.Op == BinaryOp::GE));
        if ((N == 0) != SuccessFirst)
          continue;
      }
      if (Seen.insert(B.Succs[N]).second)
        Work.push_back({B.Succs[N], F.Blocks[B.Succs[N]].FirstEvent});
    }
  }
  return false;
}

/// What it means that a condition holds in which a call's result is tested.
enum class Sense { Unknown, Success, Failure, Error };

/// For results of 0 or an error: call(...) and call(...) != 0 mean failure,
/// !call(...) and call(...) == 0 success, call(...) < 0 an error either way.
static Sense senseOf(const FunctionFacts &F, ExprId Condition,
                     const CallFacts &C) {
  auto IsCall = [&](ExprId Id) {
    return F.expr(Id).Kind == ExprKind::Call &&
           &F.Calls[F.expr(Id).Index] == &C;
  };
  const Expr &E = F.expr(Condition);
  if (IsCall(Condition))
    return Sense::Failure;
  if (E.Kind == ExprKind::Not)
    return IsCall(E.Ops[0]) ? Sense::Success : senseOf(F, E.Ops[0], C);
  if (E.Kind != ExprKind::Binary)
    return Sense::Unknown;
  if (E.Op == BinaryOp::And || E.Op == BinaryOp::Or) {
    Sense Left = senseOf(F, E.Ops[0], C);
    return Left != Sense::Unknown ? Left : senseOf(F, E.Ops[1], C);
  }
  const Expr &Right = F.expr(E.Ops[1]);
  if (!IsCall(E.Ops[0]) || Right.Kind != ExprKind::Int || Right.Value != 0)
    return Sense::Unknown;
  return E.Op == BinaryOp::EQ   ? Sense::Success
         : E.Op == BinaryOp::NE ? Sense::Failure
         : E.Op == BinaryOp::LT ? Sense::Error
                                : Sense::Unknown;
}

/// The old call returned 0 or an error, the new one a count or an error: the
/// test of the result says so.
bool Repair::adaptTest(const CallRef &Call, Plan &P) {
  const FunctionFacts &F = *Call.In.F;
  const TUFacts &TU = *Call.In.TU;
  const CallFacts &C = *Call.Call;
  const StmtNode &Node = node(P, C.Stmt);
  // call(...);
  if (Node.Kind == StmtKind::Expr && Node.Text.Begin == C.Whole.Begin)
    return true;
  int Var;
  if (isAssignedCall(P, Call, Var)) {
    if (readBeforeStore(F, Call, Var))
      return fail(Call, "the result is used as more than an error code");
    // Every test of the variable up to its next store follows the call in the
    // same block or is the `if` around it.
    int Test = Node.Kind == StmtKind::If ? C.Stmt : nextSibling(P, C.Stmt);
    if (Test < 0 || node(P, Test).Kind != StmtKind::If ||
        !testsOnly(F, node(P, Test).Value, Var))
      return fail(Call, "the result is not tested right after the call");
    const Expr &E = F.expr(node(P, Test).Value);
    Extent Head = node(P, Test).Head;
    if (!Head.isValid() || Node.Kind == StmtKind::If)
      return fail(Call, "the test of the result cannot be edited");
    std::string Name = F.Vars[Var].Name.str();
    if (E.Kind == ExprKind::Var)
      P.Extra.push_back(edit(TU, Head, Name + " < 0"));
    else if (E.Kind == ExprKind::Not)
      P.Extra.push_back(edit(TU, Head, Name + " > 0"));
    else if (E.Op == BinaryOp::EQ && F.expr(E.Ops[1]).Value == 0)
      P.Extra.push_back(edit(TU, Head, Name + " > 0"));
    else if (E.Op == BinaryOp::NE && F.expr(E.Ops[1]).Value == 0)
      P.Extra.push_back(edit(TU, Head, Name + " < 0"));
    else if (E.Op != BinaryOp::LT)
      return fail(Call, "the test of the result is of an unknown kind");
    return true;
  }
  // if (call(...)), if (!call(...)), if (x && !call(...))
  if (Node.Kind != StmtKind::If && Node.Kind != StmtKind::Loop)
    return fail(Call, "the result is used as more than an error code");
  StringRef File = Texts.text(TU.Files[C.Whole.File].FullPath);
  Sense How = senseOf(F, Node.Value, C);
  if (How == Sense::Error) // call(...) < 0
    return true;
  if (How == Sense::Unknown)
    return fail(Call,
                "the result is compared in a way that does not carry over");
  // call(...) == 0, call(...) != 0
  StringRef Rest = File.drop_front(C.Whole.End), After = Rest.ltrim();
  if (After.consume_front("==") || After.consume_front("!=")) {
    After = After.ltrim();
    if (!After.consume_front("0"))
      return fail(Call, "the test of the result cannot be edited");
    Extent Test = {C.Whole.File, C.Whole.End,
                   C.Whole.End + unsigned(Rest.size() - After.size())};
    P.Extra.push_back(edit(TU, Test, How == Sense::Success ? " > 0" : " < 0"));
    return true;
  }
  if (How == Sense::Failure) {
    P.Extra.push_back(
        edit(TU, {C.Whole.File, C.Whole.End, C.Whole.End}, " < 0"));
    return true;
  }
  size_t Bang = File.take_front(C.Whole.Begin).rtrim().size();
  if (Bang == 0 || File[Bang - 1] != '!')
    return fail(Call, "the test of the result cannot be edited");
  P.Extra.push_back(
      edit(TU, {C.Whole.File, unsigned(Bang - 1), C.Whole.Begin}, ""));
  P.Extra.push_back(edit(TU, {C.Whole.File, C.Whole.End, C.Whole.End}, " > 0"));
  return true;
}

bool Repair::become(const CallRef &Call, const Successor &To) {
  Touched.push_back(Call);
  const CallFacts &C = *Call.Call;
  if (!C.Name.isValid() || !C.Whole.isValid() || C.Stmt < 0)
    return fail(Call, "the call stands in a macro");
  Plan &P = plan(Call.In);
  const TUFacts &TU = *Call.In.TU;
  P.Extra.push_back(edit(TU, C.Name, To.Call));
  if (To.Args.empty()) {
    alignContinuation(Call, int(To.Call.size()) - int(C.Callee.size()),
                      P.Extra);
  } else {
    std::string Args;
    for (StringRef Arg : To.Args) {
      unsigned Index;
      if (Arg.consume_front("arg") && !Arg.getAsInteger(10, Index) &&
          Index < C.ArgText.size() && C.ArgText[Index].isValid())
        Arg = text(TU, C.ArgText[Index]);
      Args += (Args.empty() ? "" : ", ") + Arg.str();
    }
    StringRef File = Texts.text(TU.Files[C.Whole.File].FullPath);
    size_t Open = File.find('(', C.Name.End);
    P.Extra.push_back(
        edit(TU, {C.Whole.File, unsigned(Open + 1), C.Whole.End - 1}, Args));
  }
  return To.Result != "count-or-negative" || adaptTest(Call, P);
}

bool Repair::rewriteRead(FunctionRef In, const FieldRead &Read,
                         StringRef Template) {
  const Expr &E = In.F->expr(Read.Member);
  std::string Base = text(*In.TU, Read.Base).str();
  if (!E.Arrow)
    Base = "&" + Base;
  std::string Text;
  for (StringRef Rest = Template; !Rest.empty();) {
    auto [Before, After] = Rest.split("base");
    Text += Before.str();
    if (Before.size() != Rest.size())
      Text += Base;
    Rest = After;
  }
  plan(In).Extra.push_back(edit(*In.TU, Read.Whole, Text));
  return true;
}

//===----------------------------------------------------------------------===//
// Dropped text
//===----------------------------------------------------------------------===//

static bool isBlank(StringRef Line) { return Line.trim().empty(); }

/// Whether dropping \p N would leave a case label at the end of its block.
bool Repair::isLastOfCase(const Plan &P, int N) const {
  const auto &Skeleton = P.In.F->Skeleton;
  int Before = -1;
  for (int I = 0, E = Skeleton.size(); I != E; ++I) {
    if (Skeleton[I].Parent != Skeleton[N].Parent || I == N)
      continue;
    if (I > N)
      return false;
    if (!P.Dropped.count(I))
      Before = I;
  }
  return Before >= 0 && Skeleton[Before].Kind == StmtKind::Case;
}

/// A branch that is left with one line needs no braces; checkpatch says so.
void Repair::dropBraces(const Plan &P, std::vector<Edit> &Out) {
  const auto &Skeleton = P.In.F->Skeleton;
  StringRef File = Texts.text(P.In.TU->Files[P.In.F->Body.File].FullPath);
  for (int N = 0, E = Skeleton.size(); N != E; ++N) {
    const StmtNode &Block = Skeleton[N];
    if (Block.Kind != StmtKind::Compound || Block.Parent < 0 || !alive(P, N) ||
        Skeleton[Block.Parent].Kind != StmtKind::If || !Block.Text.isValid() ||
        P.Inverted.count(Block.Parent) || children(P, Block.Parent).size() != 1)
      continue;
    std::vector<int> Left = children(P, N);
    size_t Before = llvm::count_if(
        Skeleton, [&](const StmtNode &S) { return S.Parent == N; });
    StringRef Text = text(*P.In.TU, Block.Text);
    bool LostElse = llvm::any_of(P.Dropped, [&](int D) {
      return Skeleton[D].Kind == StmtKind::Else &&
             Skeleton[D].Parent == Block.Parent;
    });
    if (Left.size() != 1 || (Before == 1 && !LostElse) || Text.contains("/*") ||
        Text.contains("//") || !Skeleton[Left[0]].Text.isValid() ||
        text(*P.In.TU, Skeleton[Left[0]].Text).contains('\n'))
      continue;
    Extent Open = {Block.Text.File,
                   unsigned(File.take_front(Block.Text.Begin).rtrim().size()),
                   Block.Text.Begin + 1};
    Extent Close = {Block.Text.File, Block.Text.End - 1, Block.Text.End};
    if (LostElse) // with all that stood behind the brace
      Close = {Block.Text.File, Skeleton[Left[0]].Text.End,
               Skeleton[Block.Parent].Text.End};
    else
      widenToLines(File, Close.Begin, Close.End, /*WithComment=*/false);
    Out.push_back(edit(*P.In.TU, Open, ""));
    Out.push_back(edit(*P.In.TU, Close, ""));
  }
}

void Repair::emitDropped(const Plan &P, std::vector<Edit> &Out) {
  const FunctionFacts &F = *P.In.F;
  StringRef File = Texts.text(P.In.TU->Files[F.Body.File].FullPath);
  // Neighbours go together, so that the blank line between them goes too.
  std::vector<Extent> Gone;
  for (int N : P.Dropped) {
    const StmtNode &Node = F.Skeleton[N];
    if (Node.Parent >= 0 && !alive(P, Node.Parent))
      continue;
    Extent Text = Node.Text;
    if (Node.Kind == StmtKind::Label)
      Text.End = File.find(':', Text.End) + 1;
    if (Node.Parent >= 0 && P.Inverted.count(Node.Parent))
      continue;
    if (Node.Kind == StmtKind::Else) {
      // `} else free();`: from the brace or the statement before it.
      Text.Begin = File.take_front(Text.Begin).rtrim().size();
      Out.push_back(edit(*P.In.TU, Text, ""));
      continue;
    }
    if (isLastOfCase(P, N)) {
      Out.push_back(edit(*P.In.TU, Text, "break;"));
      continue;
    }
    Gone.push_back(Text);
  }
  for (int N : P.Inverted) {
    const StmtNode &If = F.Skeleton[N];
    int Body = children(P, children(P, N).front()).front();
    Extent Text = {If.Text.File, If.Head.Begin, F.Skeleton[Body].Text.Begin};
    StringRef Condition = text(*P.In.TU, If.Head);
    bool Simple = llvm::all_of(Condition, [](char C) {
      return llvm::isAlnum(C) || StringRef("_->.").contains(C);
    });
    std::string Test =
        (Simple ? "!" + Condition + ")" : "!(" + Condition + "))").str();
    // A body of its own line keeps that.
    StringRef Before = File.take_front(F.Skeleton[Body].Text.Begin);
    StringRef Indent = Before.drop_front(Before.rfind('\n') + 1);
    Out.push_back(edit(
        *P.In.TU, Text,
        Test + (isBlank(Indent) ? "\n" + Indent.str() : std::string(" "))));
  }
  dropBraces(P, Out);
  llvm::sort(
      Gone, [](const Extent &A, const Extent &B) { return A.Begin < B.Begin; });
  for (size_t I = 0; I != Gone.size(); ++I) {
    Extent All = Gone[I];
    while (I + 1 != Gone.size() &&
           isBlank(File.slice(All.End, Gone[I + 1].Begin)))
      All.End = Gone[++I].End;
    widenToLines(File, All.Begin, All.End, /*WithComment=*/true);
    Out.push_back(edit(*P.In.TU, All, ""));
  }
}

std::vector<Edit> Repair::finish() {
  std::vector<Edit> Out;
  if (!Problem.empty() || !seesAll() || !settle())
    return Out;
  for (const FunctionFacts *F : Order) {
    const Plan &P = Plans.find(F)->second;
    if (P.Removed) {
      Extent All = F->Whole;
      if (!All.isValid()) {
        Problem = ("'" + F->Name + "' comes out of a macro").str();
        return {};
      }
      StringRef File = Texts.text(P.In.TU->Files[All.File].FullPath);
      widenToLines(File, All.Begin, All.End, /*WithComment=*/true);
      Out.push_back(edit(*P.In.TU, All, ""));
      for (const auto &TU : M.TUs)
        for (const PrototypeFacts &Proto : TU->Prototypes)
          if (M.function(TU.get(), Proto.Name).F == F && Proto.Text.isValid()) {
            Extent Text = Proto.Text;
            widenToLines(Texts.text(TU->Files[Text.File].FullPath), Text.Begin,
                         Text.End, false);
            Out.push_back(edit(*TU, Text, ""));
          }
      continue;
    }
    emitDropped(P, Out);
    for (const auto &[G, Text] : P.Gotos)
      if (alive(P, G))
        Out.push_back(edit(*P.In.TU, F->Skeleton[G].Text, Text));
    for (const Edit &E : P.Extra)
      Out.push_back(E);
  }
  llvm::sort(Out);
  Out.erase(std::unique(Out.begin(), Out.end()), Out.end());
  // What lies inside something that goes is gone with it.
  std::vector<Edit> Disjoint;
  for (const Edit &E : Out)
    if (Disjoint.empty() || Disjoint.back().FullPath != E.FullPath ||
        E.Begin >= Disjoint.back().End)
      Disjoint.push_back(E);
  return Disjoint;
}

} // namespace devlife
