//===- RepairOrder.cpp - First quiesce, then release ----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where both stand in one block, one of them moves:
//
//   kfree(buf); free_irq(irq, y);            the release, behind the quiesce
//   cancel_work_sync(&w); free_irq(irq, y);  the quiesce, behind that of the
//                                            source, if that is before the
//                                            release
//
// Between them only calls may stand that the rules know and that release and
// arm nothing, and those that do not name what moves.
//
//===----------------------------------------------------------------------===//

#include "checks/LifetimeRepairs.h"
#include "checks/Statements.h"

namespace devlife {

namespace {

class Reordering {
public:
  Reordering(const Timelines &T, const DriverTimeline &D, FunctionRef In)
      : T(T), D(D), Code(In, Texts) {}

  /// Moves the statement of \p What behind the one that closes \p W; which
  /// has to be before \p Limit, unless that is null.
  std::vector<Edit> move(const CallRef &What, const Window &W,
                         const CallRef &Limit);

private:
  bool closes(const Window &W, const CallRef &Site) const;
  bool isArmedOnce(const Window &W) const;
  bool isIndifferent(const StmtNode &Node, const Statement &Moved) const;

  const Timelines &T;
  const DriverTimeline &D;
  SourceTexts Texts;
  Statements Code;
};

} // namespace

/// Whether no other call of the driver opens a window with the same cookie.
bool Reordering::isArmedOnce(const Window &W) const {
  unsigned Count = 0;
  for (const Occurrence &O : D.Occurrences)
    Count += O.What->Kind == EffectKind::Arm && O.What->What == W.Entry &&
             !O.What->Handlers.empty();
  return Count == 1 && !W.Many;
}

bool Reordering::closes(const Window &W, const CallRef &Site) const {
  const CallRule *Rule = T.M.kernelRule(Site);
  if (!Rule)
    return false;
  return llvm::any_of(Rule->Effects, [&](const Effect &E) {
    StringRef Key = T.Touch.key(Site, E.Object);
    if (W.Entry == "ops")
      return E.Kind == EffectKind::Release && E.What == W.What &&
             !Key.empty() && Key == W.Key;
    if (E.Kind != EffectKind::Quiesce)
      return false;
    // Without a cookie it is only disabled.
    if (W.Key.empty())
      return E.What == W.Entry && E.Data && isArmedOnce(W);
    return E.Object && !Keys::isObject(Key) && Keys::entry(Key) == W.Key;
  });
}

/// Whether it makes no difference on which side of \p Node \p Moved stands.
bool Reordering::isIndifferent(const StmtNode &Node,
                               const Statement &Moved) const {
  if (!Code.isCall(Node))
    return false;
  for (const CallFacts &C : Code.F.Calls) {
    if (C.At.Offset < Node.Text.Begin || C.At.Offset >= Node.Text.End)
      continue;
    const CallRule *Rule = T.M.kernelRule({Code.In, &C});
    if (!Rule || llvm::any_of(Rule->Effects, [](const Effect &E) {
          return E.Kind != EffectKind::Quiesce && E.Kind != EffectKind::Flush &&
                 E.Kind != EffectKind::Drain && E.Kind != EffectKind::Returns;
        }))
      return false;
  }
  // The argument itself, not what leads to it.
  StringRef Argument = Code.text(Moved.Text).split('(').second.split(')').first;
  return !Code.text(Node.Text).contains(Argument);
}

std::vector<Edit> Reordering::move(const CallRef &What, const Window &W,
                                   const CallRef &Limit) {
  std::optional<Statement> From =
      What.In == Code.In ? Code.find(*What.Call) : std::nullopt;
  if (!From)
    return {};
  uint32_t End = Code.F.Skeleton[From->Block].Text.End;
  if (Limit && Limit.In == Code.In)
    End = Limit.Call->At.Offset;
  for (const CallFacts &C : Code.F.Calls) {
    std::optional<Statement> To;
    if (C.At.Offset < From->Text.End || C.At.Offset >= End ||
        !closes(W, {Code.In, &C}) || !(To = Code.find(C)) ||
        To->Block != From->Block ||
        !Code.isCompiled(From->Text.Begin, To->Text.End))
      continue;
    std::optional<std::vector<int>> Between =
        Code.between(From->Block, From->Text.End, To->Text.Begin);
    if (!Between || !llvm::all_of(*Between, [&](int N) {
          return isIndifferent(Code.F.Skeleton[N], *From);
        }))
      return {};
    std::vector<Edit> Edits;
    Code.moveAfter(From->Text, To->Text, Edits);
    return Code.asOne(std::move(Edits));
  }
  return {};
}

/// The record of what a registration has registered.
static StringRef recordOfWindow(const Timelines &T, const Window &W) {
  const CallRule *Rule = T.M.rule(W.Site);
  const Effect *E = Rule ? Rule->find(EffectKind::Acquire) : nullptr;
  ExprId Id = E ? Uses::argument(W.Site, E->Object) : 0;
  return Id ? T.Touch.Names.recordOf(W.Site.In, Id) : StringRef();
}

void repairOrder(const Timelines &T, const DriverTimeline &D, const Clash &C,
                 Finding &F) {
  if (!F.Edits.empty() || !D.Driver->Rule)
    return;
  // What is quiesced, and armed again by what is quiesced later.
  if (C.W.Quiesced) {
    const Window *Source = nullptr;
    for (const Window &W : D.Bound.Windows) {
      if (W.Key == C.W.Key || !T.Touch.arms(W.Code, C.W.Key))
        continue;
      if (Source || !(W.Site == C.W.Source))
        return; // there are several
      Source = &W;
    }
    CallRef Limit = C.Over.ByDevres ? CallRef() : C.Over.Site;
    // One that ends a lifetime may end what the work uses; two that arm each
    // other have no order.
    if (!Source || Source->Entry == "ops" ||
        (!Source->Key.empty() && T.Touch.arms(C.W.Code, Source->Key)))
      return;
    if (C.Over.ByDevres || Limit)
      F.Edits =
          Reordering(T, D, C.W.Quiesced.In).move(C.W.Quiesced, *Source, Limit);
    return;
  }
  // A registration that ends closes windows of its own.
  if (!C.Over.Site || C.Over.ByDevres || C.W.Source || C.W.Managed ||
      !C.Over.What || C.Over.What->HasCallbacks)
    return;
  // With its drivers go what their objects hold; a device that a module makes
  // for its own driver may go before or after it.
  SourceTexts Texts;
  StringRef Call =
      Statements(C.Over.Site.In, Texts).text(C.Over.Site.Call->Whole);
  if (D.Driver->isModule() &&
      (Call.contains("->") ||
       llvm::any_of(T.M.Rules.drivers(), [&](const DriverRule &Rule) {
         return Rule.Device ==
                T.Touch.Names.recordOf(C.Over.Site.In,
                                       C.Over.Site.Call->Args.empty()
                                           ? 0
                                           : C.Over.Site.Call->Args.front());
       })))
    return;
  // What was made from what is unregistered goes with it.
  if (C.W.Entry == "ops" &&
      (!C.Over.Acquired || C.Over.What->IsReference ||
       C.Over.What->IsRefcounted ||
       llvm::any_of(C.Over.Acquired.Call->Args, [&](ExprId Arg) {
         FunctionRef In = C.Over.Acquired.In;
         StringRef Key = T.Touch.Names.of(In, Arg);
         StringRef Record = T.Touch.Names.recordOf(In, Arg);
         return (!Key.empty() && Keys::overlap(Key, C.W.Key)) ||
                (!Record.empty() && Record == recordOfWindow(T, C.W));
       })))
    return;
  F.Edits = Reordering(T, D, C.Over.Site.In).move(C.Over.Site, C.W, CallRef());
}

} // namespace devlife
