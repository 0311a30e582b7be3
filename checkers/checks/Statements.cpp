//===- Statements.cpp - Statements as text that can be moved --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Statements.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <tuple>

namespace devlife {

static bool isBlank(StringRef Line) { return Line.trim().empty(); }

void widenToLines(StringRef File, uint32_t &Begin, uint32_t &End,
                  bool WithComment) {
  size_t LineBegin = File.rfind('\n', Begin) + 1;
  size_t LineEnd = File.find('\n', End);
  LineEnd = LineEnd == StringRef::npos ? File.size() : LineEnd + 1;
  StringRef Rest = File.slice(End, LineEnd).trim();
  bool Alone =
      isBlank(File.slice(LineBegin, Begin)) &&
      (Rest.empty() || (Rest.starts_with("/*") && Rest.ends_with("*/")));
  if (!Alone) {
    if (Rest.empty())
      Begin = File.take_front(Begin).rtrim(" \t").size();
    return;
  }
  auto LineBefore = [&](size_t At) {
    size_t Start = At ? File.rfind('\n', At - 1) + 1 : 0;
    return File.slice(Start, At);
  };
  auto LineAfter = [&](size_t At) {
    return File.slice(At, File.find('\n', At) + 1);
  };
  StringRef Next = LineAfter(LineEnd);
  bool EndsBlock = isBlank(Next) || Next.trim().starts_with("}") ||
                   Next.rtrim().ends_with(":");
  if (WithComment && EndsBlock && LineBegin &&
      LineBefore(LineBegin).rtrim().ends_with("*/")) {
    size_t Start = LineBegin;
    while (Start && !LineBefore(Start).ltrim().starts_with("/*"))
      Start -= LineBefore(Start).size();
    if (Start)
      LineBegin = Start - LineBefore(Start).size();
  }
  if (LineBegin) {
    StringRef Before = LineBefore(LineBegin);
    if (isBlank(Before) && (isBlank(Next) || Next.trim().starts_with("}")))
      LineBegin -= Before.size();
    else if (Before.rtrim().ends_with("{") && isBlank(Next))
      LineEnd += Next.size();
  }
  Begin = LineBegin;
  End = LineEnd;
}

Statements::Statements(FunctionRef In, SourceTexts &Texts)
    : In(In), F(*In.F),
      File(F.Body.isValid() ? Texts.text(In.TU->Files[F.Body.File].FullPath)
                            : StringRef()) {}

size_t Statements::lineEnd(uint32_t At) const {
  size_t End = File.find('\n', At);
  return End == StringRef::npos ? File.size() : End + 1;
}

StringRef Statements::indent(uint32_t Offset) const {
  StringRef Line = File.drop_front(lineBegin(Offset));
  return Line.take_front(Line.find_first_not_of(" \t"));
}

bool Statements::isAlone(Extent Where) const {
  return isBlank(File.slice(lineBegin(Where.Begin), Where.Begin)) &&
         isBlank(File.slice(Where.End, lineEnd(Where.End)));
}

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

int Statements::blockAt(uint32_t Offset) const {
  int Found = -1;
  for (int I = 0, E = F.Skeleton.size(); I != E; ++I) {
    const StmtNode &Node = F.Skeleton[I];
    if (Node.Kind == StmtKind::Compound && Node.Text.isValid() &&
        Node.Text.File == F.Body.File && Node.Text.Begin < Offset &&
        Offset < Node.Text.End)
      Found = I; // an inner one comes later
  }
  return Found;
}

/// The end of the call that begins at \p Begin, with its semicolon; 0 when
/// what stands there is no such statement.
static uint32_t endOfCall(StringRef File, uint32_t Begin) {
  size_t At = Begin;
  while (At != File.size() && (llvm::isAlnum(File[At]) || File[At] == '_'))
    ++At;
  if (At == Begin || At == File.size() || File[At] != '(')
    return 0;
  unsigned Depth = 0;
  for (; At < File.size(); ++At) {
    char C = File[At];
    if (C == '"') {
      while (++At < File.size() && File[At] != '"')
        At += File[At] == '\\';
      continue;
    }
    if (C == '\'' || C == '#' || C == '{' || C == ';')
      return 0; // not worth a lexer
    if (C == '(')
      ++Depth;
    else if (C == ')' && --Depth == 0)
      break;
  }
  ++At;
  return At < File.size() && File[At] == ';' ? At + 1 : 0;
}

bool Statements::isCall(const StmtNode &Node) const {
  return Node.Text.isValid() && Node.Text.File == F.Body.File &&
         Node.Text.End == endOfCall(File, Node.Text.Begin);
}

std::optional<Statement> Statements::find(Loc At) const {
  if (File.empty() || At.File != F.Body.File)
    return std::nullopt;
  Statement S;
  S.Block = blockAt(At.Offset);
  if (S.Block < 0)
    return std::nullopt;
  for (const StmtNode &Node : F.Skeleton)
    if (Node.Parent == S.Block && Node.Text.isValid() &&
        Node.Text.File == At.File && Node.Text.Begin <= At.Offset &&
        At.Offset < Node.Text.End) {
      S.Text = Node.Text;
      bool IsPlain = Node.Kind == StmtKind::Expr || isCall(Node);
      return IsPlain && isAlone(S.Text) ? std::optional(S) : std::nullopt;
    }
  // A macro: the skeleton has no text of it.
  StringRef Before =
      File.slice(F.Skeleton[S.Block].Text.Begin, At.Offset).rtrim();
  if (Before.empty() || !StringRef(";{}").contains(Before.back()))
    return std::nullopt;
  S.Text = {At.File, At.Offset, endOfCall(File, At.Offset)};
  if (!S.Text.isValid() || !isAlone(S.Text))
    return std::nullopt;
  return S;
}

std::optional<Statement> Statements::find(const CallFacts &Call) const {
  std::optional<Statement> S = find(Call.At);
  // The name, and not what is assigned, comes first.
  if (!S || S->Text.Begin != Call.At.Offset ||
      S->Text.End != endOfCall(File, Call.At.Offset))
    return std::nullopt;
  return S;
}

std::optional<Statement> Statements::enclosing(int Block,
                                               uint32_t Offset) const {
  for (const StmtNode &Node : F.Skeleton)
    if (Node.Parent == Block && Node.Kind != StmtKind::Label &&
        Node.Kind != StmtKind::Case && Node.Text.isValid() &&
        Node.Text.File == F.Body.File && Node.Text.Begin <= Offset &&
        Offset < Node.Text.End)
      return isAlone(Node.Text) ? std::optional<Statement>({Block, Node.Text})
                                : std::nullopt;
  return std::nullopt;
}

std::optional<std::vector<int>> Statements::between(int Block, uint32_t Begin,
                                                    uint32_t End) const {
  std::vector<int> List;
  uint32_t Last = 0;
  for (int I = 0, E = F.Skeleton.size(); I != E; ++I) {
    const StmtNode &Node = F.Skeleton[I];
    if (Node.Parent != Block)
      continue;
    // One without a text lies behind the one before it.
    if (!Node.Text.isValid() && Last >= Begin && Last < End)
      return std::nullopt;
    if (!Node.Text.isValid())
      continue;
    Last = Node.Text.Begin;
    if (Last >= Begin && Last < End)
      List.push_back(I);
  }
  return List;
}

bool Statements::isInLoop(int Node) const {
  for (; Node >= 0; Node = F.Skeleton[Node].Parent)
    if (F.Skeleton[Node].Kind == StmtKind::Loop)
      return true;
  return false;
}

bool Statements::isCompiled(uint32_t Begin, uint32_t End) const {
  for (size_t At = lineBegin(Begin); At < End; At = lineEnd(At))
    if (File.drop_front(At).ltrim(" \t").starts_with("#"))
      return false;
  return true;
}

StringRef Statements::argument(const CallFacts &Call, ArgRef Arg) const {
  if (Arg.Kind != ArgRef::Arg || Arg.Pointee)
    return "";
  size_t Index = Arg.Index < 0 ? Call.ArgText.size() + Arg.Index : Arg.Index;
  return Index < Call.ArgText.size() && Call.ArgText[Index].isValid()
             ? text(Call.ArgText[Index])
             : StringRef();
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

std::vector<const VarFacts *> Statements::variables(Extent Where) const {
  std::vector<const VarFacts *> Named;
  for (const VarFacts &V : F.Vars)
    if (llvm::any_of(V.Uses, [&](uint32_t Use) {
          return Where.Begin <= Use && Use < Where.End;
        }))
      Named.push_back(&V);
  return Named;
}

bool Statements::mayChange(const VarFacts &V, uint32_t Begin,
                           uint32_t End) const {
  auto In = [&](uint32_t At) { return Begin <= At && At < End; };
  if (In(V.At.Offset) || llvm::any_of(V.Writes, In))
    return true;
  return llvm::any_of(V.Uses, [&](uint32_t Use) {
    StringRef After = File.drop_front(Use + V.Name.size()).ltrim();
    return In(Use) && Use && File[Use - 1] == '&' && !After.empty() &&
           StringRef(",)").contains(After.front());
  });
}

//===----------------------------------------------------------------------===//
// Edits
//===----------------------------------------------------------------------===//

Edit Statements::replace(Extent Where, std::string Text) const {
  const SourceFile &Source = In.TU->Files[F.Body.File];
  return {Source.Path, Source.FullPath, Where.Begin, Where.End,
          std::move(Text)};
}

Edit Statements::insert(uint32_t At, std::string Text) const {
  return replace({F.Body.File, At, At}, std::move(Text));
}

static std::string indented(StringRef Text, StringRef Indent) {
  std::string Result;
  llvm::SmallVector<StringRef, 8> Lines;
  Text.split(Lines, '\n');
  for (StringRef Line : Lines)
    Result += Line.empty() ? "\n" : (Indent + Line + "\n").str();
  return Result;
}

/// Where lines before the statement at \p At go: also before its comment.
uint32_t Statements::above(uint32_t At) const {
  size_t Begin = lineBegin(At);
  StringRef Before = File.take_front(Begin).rtrim();
  if (!Before.ends_with("*/") ||
      File.slice(Before.size(), Begin).count('\n') != 1)
    return Begin;
  size_t Comment = Before.rfind("/*");
  return isBlank(File.slice(lineBegin(Comment), Comment)) ? lineBegin(Comment)
                                                          : Begin;
}

Edit Statements::after(Extent Where, StringRef Text) const {
  return insert(lineEnd(Where.End), indented(Text, indent(Where.Begin)));
}

/// Takes the lines of \p What out. Returns them.
std::string Statements::cut(Extent What, std::vector<Edit> &Out) const {
  Extent Lines = What;
  widenToLines(File, Lines.Begin, Lines.End, /*WithComment=*/true);
  Out.push_back(replace(Lines, ""));
  return text(Lines).trim("\n").str() + "\n";
}

void Statements::moveBefore(Extent What, Extent Where,
                            std::vector<Edit> &Out) const {
  std::string Lines = cut(What, Out);
  uint32_t At = above(Where.Begin);
  // A paragraph stays one.
  if (File.take_front(At).ends_with("\n\n"))
    Lines += "\n";
  Out.push_back(insert(At, std::move(Lines)));
}

void Statements::moveAfter(Extent What, Extent Where,
                           std::vector<Edit> &Out) const {
  bool IsParagraph = File.take_front(lineBegin(What.Begin)).ends_with("\n\n");
  std::string Lines = cut(What, Out);
  // A paragraph of several lines stays one.
  if (IsParagraph && StringRef(Lines).count('\n') > 1)
    Lines.insert(0, "\n");
  Out.push_back(insert(lineEnd(Where.End), std::move(Lines)));
}

std::vector<Edit> joined(std::vector<Edit> Edits) {
  // Those of one place in their order.
  std::multimap<std::tuple<std::string, unsigned, unsigned>, Edit> Sorted;
  for (Edit &E : Edits) {
    auto Key = std::make_tuple(E.FullPath, E.Begin, E.End);
    Sorted.emplace(std::move(Key), std::move(E));
  }
  std::vector<Edit> Joined;
  for (auto &[Key, E] : Sorted) {
    bool IsSame = !Joined.empty() && Joined.back().FullPath == E.FullPath &&
                  Joined.back().Begin == E.Begin && Joined.back().End == E.End;
    if (IsSame && E.Begin == E.End) {
      std::string &Text = Joined.back().Text;
      if (StringRef(Text).ends_with("\n\n"))
        Text.pop_back(); // one paragraph
      Text += E.Text;
    } else if (!IsSame)
      Joined.push_back(std::move(E));
  }
  return Joined;
}

std::vector<Edit> Statements::asOne(std::vector<Edit> Edits) const {
  Edits = joined(std::move(Edits));
  if (Edits.empty())
    return Edits;
  std::string Text;
  uint32_t At = Edits.front().Begin;
  for (const Edit &E : Edits) {
    Text += File.slice(At, E.Begin).str() + E.Text;
    At = E.End;
  }
  return {replace({F.Body.File, Edits.front().Begin, At}, std::move(Text))};
}

} // namespace devlife
