//===- RepairLeak.cpp - Complete the unwinding ----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each return of the function that leaves the thing behind becomes
//
//   goto err_clk;               where another goto to that label is taken with
//                               the same things acquired;
//   clk_disable(x); return ret; else, in a block that releases nothing yet.
//
// and `return foo();`, which may fail, gets a test of its result. The call that
// releases is one that the driver has, with arguments that mean the same here.
// When one of the returns cannot be mended, or it is not certain that it fails,
// none is.
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Outcomes.h"
#include "checks/Statements.h"

namespace devlife {

namespace {

class LeakRepair {
public:
  LeakRepair(const Timelines &T, const CallRef &Site, StringRef Key)
      : T(T), Site(Site), Key(Key), Code(Site.In, Texts), F(*Site.In.F) {}

  std::vector<Edit> run();

private:
  using CallSet = llvm::DenseSet<int32_t>;

  bool undoes(const CallRef &Release) const;
  CallSet undoing() const;
  std::string objectText() const;
  std::string spell(const CallRef &Release) const;
  std::string release() const;
  bool findTokens();
  std::optional<std::vector<uint8_t>> stateAt(int Goto) const;

  enum class Way { Good, Fails, MayFail, Unknown };
  Way wayOf(const StmtNode &Return) const;
  bool isFailureOf(int Node, StringRef Value) const;
  bool isReleasedAt(StringRef Label) const;
  bool mend(int Return, uint32_t At, std::vector<uint8_t> State, Way How);
  bool replace(int Return, StringRef Lines);
  std::string resultVariable(StringRef Label) const;
  bool releasesAnything(int Block) const;
  bool isWindowOpen(uint32_t At) const;

  const Timelines &T;
  const CallRef &Site;
  const StringRef Key; ///< Of what leaks.
  mutable SourceTexts Texts;
  const Statements Code;
  const FunctionFacts &F;
  std::string Release; ///< "clk_disable(x->clk);"
  /// Of all calls that acquire something; the first is Site.
  std::vector<int32_t> TokenCalls;
  std::vector<std::unique_ptr<CallSet>> Undo;
  std::vector<std::unique_ptr<Outcomes>> Tokens;
  std::vector<Edit> Edits;
};

} // namespace

//===----------------------------------------------------------------------===//
// What releases it
//===----------------------------------------------------------------------===//

/// What a call begins, or ends: resources, and IRQs with their cookie.
static std::set<std::string> things(const CallRule &Rule, EffectKind Resource,
                                    EffectKind Entry) {
  std::set<std::string> Names;
  for (const Effect &E : Rule.Effects)
    if (E.Kind == Resource || (E.Kind == Entry && E.Data))
      Names.insert(E.What);
  return Names;
}

static const Effect *acquires(const CallRule &Rule) {
  if (const Effect *E = Rule.find(EffectKind::Acquire))
    return E;
  const Effect *E = Rule.find(EffectKind::Arm);
  return E && E->Data ? E : nullptr;
}

bool LeakRepair::undoes(const CallRef &Release) const {
  const CallRule *Rule = T.M.kernelRule(Release);
  if (!Rule || Rule->ManagedBy)
    return false;
  const CallRule &Acquired = *T.M.rule(Site);
  if (things(Acquired, EffectKind::Acquire, EffectKind::Arm) !=
      things(*Rule, EffectKind::Release, EffectKind::Quiesce))
    return false;
  const Effect *E = Rule->find(EffectKind::Release);
  if (!E)
    E = Rule->find(EffectKind::Quiesce);
  ArgRef What = E->Object ? E->Object : E->Data;
  StringRef Other = T.Touch.key(Release, What);
  if (!Key.empty() && !Keys::isObject(Key))
    return Other == Key;
  return Release.In == Site.In && !objectText().empty() &&
         Code.argument(*Release.Call, What) == objectText();
}

/// What was acquired, as its function spells it.
std::string LeakRepair::objectText() const {
  const CallFacts &C = *Site.Call;
  const Effect *E = acquires(*T.M.rule(Site));
  ArgRef What = E->Object ? E->Object : E->Data;
  if (What.Kind == ArgRef::Arg)
    return Code.argument(C, What).str();
  std::optional<Statement> S = Code.find(C.At);
  if (!S || What.Kind != ArgRef::Return)
    return "";
  auto [Left, Right] = Code.text(S->Text).split('=');
  bool IsAssigned = Right.ltrim().starts_with(Code.text(C.Name)) &&
                    S->Text.End == C.Whole.End + 1;
  return IsAssigned ? Left.trim().str() : "";
}

/// \p Release as a statement of this function; "" when that is not certain.
std::string LeakRepair::spell(const CallRef &Release) const {
  Statements There(Release.In, Texts);
  if (!There.find(*Release.Call))
    return "";
  if (!(Release.In == Site.In) && Release.Call->ArgText.size() == 1)
    return objectText().empty()
               ? ""
               : (Release.Call->Callee + "(" + objectText() + ");").str();
  for (const Extent &Arg : Release.Call->ArgText)
    if (!Arg.isValid())
      return "";
  for (const VarFacts *V : There.variables(Release.Call->Whole)) {
    const VarFacts *Here = nullptr;
    for (const VarFacts &Own : F.Vars)
      if (Own.Name == V->Name && Own.Type == V->Type)
        Here = &Own;
    if (!Here || Here->At.Offset > Site.Call->At.Offset)
      return "";
  }
  StringRef Text = There.text(Release.Call->Whole);
  return Text.contains('\n') ? "" : (Text + ";").str();
}

std::string LeakRepair::release() const {
  std::vector<CallRef> Found;
  for (const auto &TU : T.M.TUs)
    for (const FunctionFacts &Other : TU->Functions)
      for (const CallFacts &C : Other.Calls)
        if (CallRef Release{{TU.get(), &Other}, &C}; undoes(Release))
          Found.push_back(Release);
  // Those of the function itself first.
  for (bool IsOwn : {true, false})
    for (const CallRef &Release : Found)
      if ((Release.In == Site.In) == IsOwn)
        if (std::string Text = spell(Release); !Text.empty())
          return Text;
  return "";
}

/// The calls of this function that end it, by themselves or further down.
LeakRepair::CallSet LeakRepair::undoing() const {
  CallSet Set;
  for (int32_t I = 0, E = F.Calls.size(); I != E; ++I) {
    const CallFacts &C = F.Calls[I];
    if (undoes({Site.In, &C}))
      Set.insert(I);
    FunctionRef Callee = T.M.function(Site.In.TU, C.Callee);
    if (!Callee)
      continue;
    for (FunctionRef Down : T.Touch.calledFrom(Callee))
      for (const CallFacts &Inner : Down.F->Calls)
        if (undoes({Down, &Inner}))
          Set.insert(I);
  }
  return Set;
}

//===----------------------------------------------------------------------===//
// What is acquired, and where
//===----------------------------------------------------------------------===//

bool LeakRepair::findTokens() {
  auto Add = [&](int32_t Call, CallSet Ends) {
    TokenCalls.push_back(Call);
    Undo.push_back(std::make_unique<CallSet>(std::move(Ends)));
    Tokens.push_back(std::make_unique<Outcomes>(T.Touch.Names, T.M, Site.In,
                                                Call, *Undo.back()));
  };
  int32_t Own = Site.Call - F.Calls.data();
  Add(Own, undoing());
  if (Tokens.front()->isLost())
    return false;
  for (int32_t I = 0, E = F.Calls.size(); I != E; ++I) {
    CallRef Other{Site.In, &F.Calls[I]};
    FunctionRef Callee = T.M.function(Site.In.TU, Other.Call->Callee);
    const CallRule *Rule = Callee ? nullptr : T.M.rule(Other);
    bool Acquires = Rule && !Rule->ManagedBy && acquires(*Rule);
    if (I != Own && (Acquires || (Callee && T.M.hasEffects(Callee))))
      Add(I, {});
  }
  return true;
}

/// What may hold of each token where \p Goto stands.
std::optional<std::vector<uint8_t>> LeakRepair::stateAt(int Goto) const {
  int Parent = F.Skeleton[Goto].Parent;
  int If = Parent;
  if (Parent >= 0 && F.Skeleton[Parent].Kind == StmtKind::Compound) {
    // Behind the last event before it in its block.
    for (uint32_t I = F.Events.size(); I-- > 0;) {
      const Loc &At = F.Events[I].At;
      if (At.File != F.Body.File ||
          At.Offset <= F.Skeleton[Parent].Text.Begin ||
          At.Offset >= F.Skeleton[Goto].Text.Begin)
        continue;
      std::vector<uint8_t> State;
      for (const auto &Token : Tokens)
        State.push_back(Token->before(I));
      return State;
    }
    If = F.Skeleton[Parent].Parent;
  }
  if (If < 0 || F.Skeleton[If].Kind != StmtKind::If)
    return std::nullopt;
  std::vector<uint8_t> State;
  for (const auto &Token : Tokens)
    State.push_back(Token->taken(F.Skeleton[If].Value));
  return State.front() ? std::optional(State) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Ways out
//===----------------------------------------------------------------------===//

/// Whether a test around \p Node says that \p Value is an error.
bool LeakRepair::isFailureOf(int Node, StringRef Value) const {
  for (int N = F.Skeleton[Node].Parent; N >= 0; N = F.Skeleton[N].Parent) {
    if (F.Skeleton[N].Kind == StmtKind::Else)
      return false;
    if (F.Skeleton[N].Kind != StmtKind::If || !F.Skeleton[N].Head.isValid())
      continue;
    llvm::SmallVector<StringRef, 4> Tests;
    StringRef Head = Code.text(F.Skeleton[N].Head);
    Head.split(Tests, Head.contains("&&") ? "&&" : "||");
    for (StringRef Test : Tests) {
      Test = Test.trim();
      if (Test.consume_front("unlikely("))
        Test.consume_back(")");
      while (Test.starts_with("(") && Test.ends_with(")"))
        Test = Test.drop_front().drop_back();
      if (Test == Value || Test == (Value + " < 0").str() ||
          Test == (Value + " != 0").str())
        return true;
    }
  }
  return false;
}

LeakRepair::Way LeakRepair::wayOf(const StmtNode &Return) const {
  const Expr &E = Keys::bare(F, Return.Value);
  int Node = &Return - F.Skeleton.data();
  switch (E.Kind) {
  case ExprKind::Int:
    return E.Value < 0 ? Way::Fails : Way::Good;
  case ExprKind::Var:
  case ExprKind::Member:
    return isFailureOf(Node, Code.text(Return.Head)) ? Way::Fails
                                                     : Way::Unknown;
  case ExprKind::Call: {
    CallRef Tail{Site.In, &F.Calls[E.Index]};
    if (T.M.function(Site.In.TU, Tail.Call->Callee))
      return Way::MayFail;
    const CallRule *Rule = T.M.rule(Tail);
    if (!Rule)
      return Way::Unknown;
    if (Rule->find(EffectKind::ErrorOf) || Rule->find(EffectKind::Returns))
      return Way::Fails;
    if (Rule->find(EffectKind::ErrorOrZero) ||
        Rule->Fails == FailKind::Nonzero || Rule->Fails == FailKind::Negative)
      return Way::MayFail;
    return Way::Unknown;
  }
  default:
    return Way::Unknown;
  }
}

bool LeakRepair::releasesAnything(int Block) const {
  return llvm::any_of(F.Calls, [&](const CallFacts &C) {
    if (C.Stmt < 0 || F.Skeleton[C.Stmt].Parent != Block)
      return false;
    FunctionRef Callee = T.M.function(Site.In.TU, C.Callee);
    const CallRule *Rule = Callee ? nullptr : T.M.rule({Site.In, &C});
    return (Callee && T.M.hasEffects(Callee)) ||
           (Rule &&
            (Rule->find(EffectKind::Release) || Rule->find(EffectKind::Put) ||
             Rule->find(EffectKind::Quiesce)));
  });
}

/// Whether devres closes a window that is open before event \p At: it would
/// still be open at the release.
bool LeakRepair::isWindowOpen(uint32_t At) const {
  const CallSet None;
  for (int32_t I = 0, E = F.Calls.size(); I != E; ++I) {
    CallRef Opens{Site.In, &F.Calls[I]};
    const CallRule *Rule = T.M.kernelRule(Opens);
    if (!Rule || !Rule->ManagedBy ||
        llvm::none_of(Rule->Effects, [&](const Effect &E) {
          const ResourceRule *What = T.M.Rules.resource(E.What);
          return E.Kind == EffectKind::Arm || (What && What->HasCallbacks);
        }))
      continue;
    if (Outcomes(T.Touch.Names, T.M, Site.In, I, None).before(At) &
        (Outcomes::Done | Outcomes::Pending))
      return true;
  }
  return false;
}

/// The local variable whose value the function returns, behind \p Label when
/// that is not "".
std::string LeakRepair::resultVariable(StringRef Label) const {
  bool IsBehind = Label.empty();
  for (const StmtNode &Node : F.Skeleton) {
    IsBehind |= Node.Kind == StmtKind::Label && Node.Name == Label;
    if (Node.Kind != StmtKind::Return || !IsBehind)
      continue;
    const Expr &E = Keys::bare(F, Node.Value);
    if (E.Kind == ExprKind::Var && E.Index >= 0 &&
        F.Vars[E.Index].ParamIndex < 0 && F.Vars[E.Index].Type == "int" &&
        Code.blockAt(F.Vars[E.Index].At.Offset) == 0)
      return E.Name.str();
    if (!Label.empty())
      return ""; // it returns something else
  }
  return "";
}

/// Puts \p Lines in the place of a return; in braces, where it needs them.
bool LeakRepair::replace(int Return, StringRef Lines) {
  const StmtNode &Node = F.Skeleton[Return];
  const StmtNode &Parent = F.Skeleton[Node.Parent];
  std::string Indent = Code.indent(Node.Text.Begin).str(), Text;
  llvm::SmallVector<StringRef, 8> Split;
  Lines.split(Split, '\n');
  for (StringRef Line : Split)
    Text += (Text.empty() ? "" : "\n") +
            (Text.empty() || Line.empty() ? "" : Indent) + Line.str();
  if (Split.size() > 1 && Parent.Kind != StmtKind::Compound) {
    // if (ret)
    //         return ret;
    bool HasElse = llvm::any_of(F.Skeleton, [&](const StmtNode &N) {
      return N.Kind == StmtKind::Else && N.Parent == Node.Parent;
    });
    if (Parent.Kind != StmtKind::If || HasElse || !Parent.Head.isValid())
      return false;
    size_t Close = Code.File.find_first_not_of(" \t\n", Parent.Head.End);
    StringRef Rest = Code.File.slice(Close + 1, Node.Text.Begin);
    if (Close == StringRef::npos || Code.File[Close] != ')' ||
        !Rest.trim().empty() || !Rest.contains('\n'))
      return false;
    Edits.push_back(Code.insert(Close + 1, " {"));
    Text += "\n" + Code.indent(Parent.Text.Begin).str() + "}";
  }
  Edits.push_back(Code.replace(Node.Text, Text));
  return true;
}

/// Whether who goes to \p Label has released the thing at the next return.
bool LeakRepair::isReleasedAt(StringRef Label) const {
  bool IsBehind = false;
  for (const StmtNode &Node : F.Skeleton) {
    IsBehind |= Node.Kind == StmtKind::Label && Node.Name == Label;
    if (Node.Kind != StmtKind::Return || !IsBehind || Node.Parent != 0)
      continue;
    for (uint32_t I = 0; I != F.Events.size(); ++I)
      if (F.Events[I].Kind == EventKind::Return && Node.Text.isValid() &&
          F.Events[I].At.Offset >= Node.Text.Begin &&
          F.Events[I].At.Offset < Node.Text.End)
        return !(Tokens.front()->before(I) &
                 (Outcomes::Done | Outcomes::Pending));
  }
  return false;
}

/// Makes \p Return, event \p At, release the thing. \p State is what holds
/// there.
bool LeakRepair::mend(int Return, uint32_t At, std::vector<uint8_t> State,
                      Way How) {
  const StmtNode &Node = F.Skeleton[Return];
  std::string Value = Code.text(Node.Head).str(), Label;
  if (!Node.Text.isValid() || !Node.Head.isValid() ||
      Code.text(Node.Text).contains('\n'))
    return false;
  // When the call that is returned fails, it has acquired nothing.
  const Expr &Tail = Keys::bare(F, Node.Value);
  for (size_t I = 0; I != State.size(); ++I)
    if (How == Way::MayFail && Tail.Index == TokenCalls[I])
      State[I] = Outcomes::NotDone;
  uint32_t Nearest = ~0u;
  for (int G = 0, E = F.Skeleton.size(); G != E; ++G)
    if (F.Skeleton[G].Kind == StmtKind::Goto && F.Skeleton[G].Text.isValid() &&
        stateAt(G) == State && isReleasedAt(F.Skeleton[G].Name)) {
      uint32_t To = F.Skeleton[G].Text.Begin;
      uint32_t Far =
          To > Node.Text.Begin ? To - Node.Text.Begin : Node.Text.Begin - To;
      if (Far < Nearest) {
        Nearest = Far;
        Label = F.Skeleton[G].Name.str();
      }
    }
  std::string Result = resultVariable(Label);
  if (How == Way::Fails && !Label.empty())
    return !Result.empty() &&
           replace(Return,
                   (Value == Result ? "" : Result + " = " + Value + ";\n") +
                       "goto " + Label + ";");
  if (Label.empty() && isWindowOpen(At))
    return false;
  if (How == Way::Fails) {
    int Block = F.Skeleton[Node.Parent].Kind == StmtKind::Compound ? Node.Parent
                                                                   : Return;
    // kfree(foo); return foo->error;
    if (StringRef(Value).contains(objectText() + "->"))
      return false;
    return !releasesAnything(Block) &&
           replace(Return, Release + "\nreturn " + Value + ";");
  }
  if (Result.empty() || F.Skeleton[Node.Parent].Kind != StmtKind::Compound)
    return false;
  std::string Test = Result + " = " + Value + ";\nif (" + Result + ")";
  return replace(Return, Label.empty()
                             ? Test + " {\n\t" + Release + "\n\treturn " +
                                   Result + ";\n}\n\nreturn 0;"
                             : Test + "\n\tgoto " + Label + ";\n\nreturn 0;");
}

std::vector<Edit> LeakRepair::run() {
  const CallRule *Rule = T.M.kernelRule(Site);
  if (!Rule || !acquires(*Rule) || Site.Call->Stmt < 0 ||
      Code.isInLoop(Site.Call->Stmt) || F.ReturnsVoid || F.ReturnsPointer ||
      !Code.isCompiled(Site.Call->At.Offset, F.Body.End) || !findTokens())
    return {};
  Release = release();
  if (Release.empty())
    return {};
  for (uint32_t I = 0; I != F.Events.size(); ++I) {
    const Event &E = F.Events[I];
    if (E.Kind != EventKind::Return)
      continue;
    std::vector<uint8_t> State;
    for (const auto &Token : Tokens)
      State.push_back(Token->before(I));
    if (!(State.front() & (Outcomes::Done | Outcomes::Pending)))
      continue;
    int Return = -1;
    for (int N = 0, End = F.Skeleton.size(); N != End; ++N)
      if (F.Skeleton[N].Kind == StmtKind::Return &&
          F.Skeleton[N].Text.isValid() &&
          F.Skeleton[N].Text.File == E.At.File &&
          F.Skeleton[N].Text.Begin <= E.At.Offset &&
          E.At.Offset < F.Skeleton[N].Text.End)
        Return = N;
    if (Return < 0)
      return {};
    Way How = wayOf(F.Skeleton[Return]);
    if (How == Way::Good)
      continue;
    // What the arguments name is still what was acquired.
    Extent Whole = {F.Body.File, Site.Call->Whole.Begin, Site.Call->Whole.End};
    for (const VarFacts &V : F.Vars)
      if (StringRef(Release).contains(V.Name) &&
          llvm::is_contained(Code.variables(Whole), &V) &&
          Code.mayChange(V, Whole.End, F.Skeleton[Return].Text.Begin))
        return {};
    if (How == Way::Unknown || State.front() != Outcomes::Done ||
        !mend(Return, I, State, How))
      return {};
  }
  return joined(std::move(Edits));
}

void repairLeak(const Timelines &T, const Clash &C, Finding &F) {
  const CallRef &Site = C.W.Site ? C.W.Site : C.R.Site;
  StringRef Key = C.R.Key;
  if (C.W.Site)
    if (const CallRule *Rule = T.M.rule(Site))
      if (const Effect *E = Rule->find(EffectKind::Arm))
        Key = T.Touch.key(Site, E->Data);
  if (Site.In == C.Failing && !C.R.Many && !C.W.Many)
    F.Edits = LeakRepair(T, Site, Key).run();
}

} // namespace devlife
