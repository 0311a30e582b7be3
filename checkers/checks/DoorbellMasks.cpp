//===- DoorbellMasks.cpp - How a driver makes its masks of doorbells ------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/DoorbellMasks.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Regex.h"

namespace devlife {

namespace {
constexpr unsigned MaxDepth = 6; // of expressions and definitions
/// 1 << 31 is negative, and so has all the upper bits as well.
constexpr int64_t LastSafeBit = 30;
} // namespace

/// The field of 64 bits, or of a record around them, whose address a call
/// gets: atomic64_or(bits, &y->db).
static StringRef handedField(const Ranges &Of, FunctionRef F,
                             const CallFacts &Call) {
  for (ExprId Arg : Call.Args)
    if (const Expr &E = Keys::bare(*F.F, Arg); E.Kind == ExprKind::AddrOf)
      if (const Expr &Field = F.F->expr(E.Ops[0]);
          Field.Kind == ExprKind::Member &&
          (Field.Bits == 64 || Field.Bits == 0))
        return Of.Touch.Names.of(F, E.Ops[0]);
  return "";
}

/// The fields of 64 bits in \p Id.
static void collect(const Ranges &Of, FunctionRef F, ExprId Id,
                    llvm::StringSet<> &Out, unsigned Depth = 0) {
  const Expr &E = Keys::bare(*F.F, Id);
  if (!Id || Depth > MaxDepth)
    return;
  if (E.Kind == ExprKind::Member && E.Bits == 64)
    Out.insert(Of.Touch.Names.of(F, Id));
  if (E.Kind == ExprKind::Call && E.Bits == 64)
    Out.insert(handedField(Of, F, F.F->Calls[E.Index]));
  if (E.Kind == ExprKind::Binary &&
      (E.Op == BinaryOp::BitAnd || E.Op == BinaryOp::BitOr))
    for (ExprId Op : E.Ops)
      collect(Of, F, Op, Out, Depth + 1);
}

DoorbellMasks::DoorbellMasks(const Ranges &Of, const DoorbellRule &Rule)
    : Of(Of), M(Of.M), Rule(Rule) {
  for (const std::string &Field : Rule.Masks)
    for (FunctionRef F : M.fieldTargets(Rule.Ops, Field)) {
      Functions.insert(F.F);
      for (const Event &E : F.F->Events)
        if (E.Kind == EventKind::Return)
          collect(Of, F, E.Value, Fields);
    }
  Fields.erase("");
  for (const Mask &V : valid()) {
    std::optional<int64_t> Most = Of.maximum({std::nullopt, V.Bits});
    if (!Most) {
      Number.reset();
      break;
    }
    Number = std::max(Number.value_or(0), *Most);
  }
}

/// BIT_ULL(count) - 1, or a number.
std::optional<Bound> DoorbellMasks::bits(FunctionRef F, ExprId Id) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Kind == ExprKind::Int) {
    uint64_t Value = E.Value;
    if (!llvm::isMask_64(Value))
      return std::nullopt;
    return Bound{"", llvm::popcount(Value)};
  }
  if (E.Kind != ExprKind::Binary || E.Op != BinaryOp::Sub)
    return std::nullopt;
  const Expr &Bit = Keys::bare(*F.F, E.Ops[0]);
  const Expr &One = Keys::bare(*F.F, E.Ops[1]);
  if (One.Kind != ExprKind::Int || One.Value != 1 ||
      Bit.Kind != ExprKind::Binary || Bit.Op != BinaryOp::Shl)
    return std::nullopt;
  const Expr &First = Keys::bare(*F.F, Bit.Ops[0]);
  if (First.Kind != ExprKind::Int || First.Value != 1)
    return std::nullopt;
  return Of.linear(F, Bit.Ops[1]);
}

std::vector<DoorbellMasks::Mask> DoorbellMasks::valid() const {
  std::vector<Mask> Found;
  for (FunctionRef F : M.fieldTargets(Rule.Ops, Rule.ValidMask))
    for (uint32_t I = 0; I != F.F->Events.size(); ++I) {
      const Event &E = F.F->Events[I];
      if (E.Kind != EventKind::Return)
        continue;
      if (std::optional<Bound> Bits = bits(F, E.Value))
        Found.push_back({{F, I}, *Bits});
      if (Keys::bare(*F.F, E.Value).Kind != ExprKind::Member)
        continue;
      for (const StoreRef &S : Of.stores(Of.Touch.Names.of(F, E.Value)))
        if (std::optional<Bound> Bits = bits(S.In, S.event().Value))
          Found.push_back({S, *Bits});
    }
  return Found;
}

bool DoorbellMasks::isMask(FunctionRef F, ExprId Id, unsigned Depth) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (E.Bits != 64 || Depth > MaxDepth)
    return false;
  if (E.Kind == ExprKind::Member)
    return Fields.contains(Of.Touch.Names.of(F, Id));
  if (E.Kind != ExprKind::Var || E.Index < 0)
    return false;
  if (F.F->Vars[E.Index].ParamIndex >= 0)
    return Functions.contains(F.F);
  ExprId Definition = Of.Touch.Names.definition(*F.F, E.Index);
  return Definition && isMask(F, Definition, Depth + 1);
}

static bool contains(const FunctionFacts &F, ExprId Id,
                     llvm::function_ref<bool(const Expr &)> Is,
                     unsigned Depth = 0) {
  if (!Id || Depth > MaxDepth)
    return false;
  const Expr &E = F.expr(Id);
  return Is(E) || llvm::any_of(E.Ops, [&](ExprId Op) {
           return contains(F, Op, Is, Depth + 1);
         });
}

/// Whether the function compares the result of its call number \p Call.
bool DoorbellMasks::isTested(FunctionRef F, int32_t Call) const {
  llvm::DenseSet<int32_t> Vars;
  auto IsResult = [&](const Expr &E) {
    return E.Kind == ExprKind::Call
               ? E.Index == Call
               : E.Kind == ExprKind::Var && Vars.contains(E.Index);
  };
  for (const Event &E : F.F->Events) {
    const Expr &To = F.F->expr(E.Target);
    if (E.Kind == EventKind::Store && To.Kind == ExprKind::Var &&
        To.Index >= 0 && contains(*F.F, E.Value, IsResult))
      Vars.insert(To.Index);
  }
  return llvm::any_of(F.F->Blocks, [&](const Block &B) {
    return contains(*F.F, B.Condition, [&](const Expr &E) {
      return E.Kind == ExprKind::Binary && E.Op >= BinaryOp::LT &&
             E.Op <= BinaryOp::GE &&
             (contains(*F.F, E.Ops[0], IsResult) ||
              contains(*F.F, E.Ops[1], IsResult));
    });
  });
}

void DoorbellMasks::shiftOf(FunctionRef F, uint32_t Event, const Range &By,
                            std::vector<Narrow> &Out) const {
  std::optional<int64_t> Most = Of.maximum(By);
  if (!Most && Number)
    Most = *Number - 1; // a doorbell has a bit in the mask
  if (!Most || *Most > LastSafeBit)
    Out.push_back({F, F.F->Events[Event].At, "", Most.has_value()});
}

void DoorbellMasks::shifts(FunctionRef F, uint32_t Event, ExprId Id,
                           std::vector<Narrow> &Out, unsigned Depth) const {
  const Expr &E = Keys::bare(*F.F, Id);
  if (!Id || Depth > MaxDepth || E.Kind == ExprKind::Call)
    return;
  if (E.Kind == ExprKind::Binary && E.Op == BinaryOp::Shl) {
    if (E.Bits == 32 && F.F->expr(E.Ops[0]).Kind == ExprKind::Int)
      shiftOf(F, Event, Of.at(F, Event, E.Ops[1]), Out);
    return;
  }
  for (ExprId Op : E.Ops)
    shifts(F, Event, Op, Out, Depth + 1);
}

void DoorbellMasks::compound(FunctionRef F, uint32_t Event,
                             std::vector<Narrow> &Out) const {
  const devlife::Event &E = F.F->Events[Event];
  StringRef Text;
  for (const StmtNode &Node : F.F->Skeleton)
    if (Node.Kind == StmtKind::Expr && Node.Text.File == E.At.File &&
        Node.Text.Begin <= E.At.Offset && E.At.Offset < Node.Text.End)
      Text = Texts.text(F.TU->file(E.At).FullPath)
                 .slice(Node.Text.Begin, Node.Text.End);
  static const llvm::Regex Shift(
      "[|&^]=[ \t\n~(]*1[uU]? *<< *[(]*([A-Za-z_0-9]+)( *([-+]) *([0-9]+))?");
  llvm::SmallVector<StringRef, 5> Parts;
  if (!Shift.match(Text, &Parts))
    return;
  Range By;
  int64_t Number = 0;
  if (!Parts[1].getAsInteger(0, Number))
    By = {Number, Bound{"", Number}};
  for (ExprId Id = 1; Id != F.F->Exprs.size(); ++Id)
    if (const Expr &Var = F.F->expr(Id);
        Var.Kind == ExprKind::Var && Var.Index >= 0 && Var.Name == Parts[1])
      By = Of.at(F, Event, Id);
  if (By.High && !Parts[4].getAsInteger(10, Number))
    By.High = By.High->plus(Parts[3] == "-" ? -Number : Number);
  shiftOf(F, Event, By, Out);
}

std::vector<DoorbellMasks::Narrow> DoorbellMasks::narrow() const {
  std::vector<Narrow> Found;
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &Fn : TU->Functions) {
      FunctionRef F{TU.get(), &Fn};
      for (uint32_t I = 0; I != Fn.Events.size(); ++I) {
        const Event &E = Fn.Events[I];
        if (E.Kind == EventKind::Return && Functions.contains(&Fn))
          shifts(F, I, E.Value, Found);
        if (E.Kind == EventKind::Store && isMask(F, E.Target)) {
          if (E.Value)
            shifts(F, I, E.Value, Found);
          else
            compound(F, I, Found);
        }
        if (E.Kind != EventKind::Call)
          continue;
        const CallFacts &Call = Fn.Calls[E.Index];
        if (Fields.contains(handedField(Of, F, Call)))
          for (ExprId Arg : Call.Args)
            shifts(F, I, Arg, Found);
        if (!Rule.seesLowBits(Call.Callee) || Call.Args.empty() ||
            !isMask(F, Call.Args[0]) || isTested(F, E.Index) ||
            (Number && *Number <= 32))
          continue;
        // On some machines it is a macro around two functions.
        StringRef Name =
            Rule.seesLowBits(Call.Macro) ? Call.Macro : Call.Callee;
        Found.push_back({F, Call.At, Name, Number.has_value()});
      }
    }
  return Found;
}

} // namespace devlife
