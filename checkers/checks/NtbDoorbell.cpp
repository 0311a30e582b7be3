//===- NtbDoorbell.cpp - devlife-ntb-doorbell -----------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a bridge's driver tells the core about its doorbells:
// - the vectors of its events start at 0;
// - the valid mask has a bit for each doorbell, and no other;
// - it has both functions about vectors, or neither;
// - masks have 64 bits, also where they are made and taken apart;
// - a count that somebody else chose is checked before it is used.
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/DoorbellMasks.h"
#include "checks/Wording.h"
#include "module/Counts.h"
#include "timeline/Timeline.h"
#include <set>

namespace devlife {

namespace {

class NtbDoorbell {
public:
  NtbDoorbell(const Timelines &T, const DoorbellRule &Rule,
              std::vector<Finding> &Out)
      : M(T.M), Rule(Rule), Of(T.Touch), Masks(Of, Rule), Out(Out) {}

  void run();

private:
  /// A call that reports a doorbell.
  struct Site {
    CallRef Call;
    ExprId Vector;
    Range R;
  };

  void findSites();
  void vectors();
  void validMask();
  void tables();
  void masks();
  void counts();
  Finding &add(Place At, std::string Message, std::string Identity,
               bool IsSure = true);

  const Module &M;
  const DoorbellRule &Rule;
  const Ranges Of;
  const DoorbellMasks Masks;
  std::vector<Finding> &Out;
  std::vector<Site> Sites;
  std::set<StringRef> CountKeys;
};

} // namespace

Finding &NtbDoorbell::add(Place At, std::string Message, std::string Identity,
                          bool IsSure) {
  Finding &F = Out.emplace_back();
  F.Check = "devlife-ntb-doorbell";
  F.Level = Severity::Bug;
  F.Certainty = IsSure ? Confidence::High : Confidence::Medium;
  F.At = std::move(At);
  F.Message = std::move(Message);
  F.Identity = std::move(Identity);
  return F;
}

void NtbDoorbell::findSites() {
  for (const auto &TU : M.TUs)
    for (const FunctionFacts &Fn : TU->Functions)
      for (uint32_t I = 0; I != Fn.Events.size(); ++I) {
        if (Fn.Events[I].Kind != EventKind::Call)
          continue;
        const CallFacts &Call = Fn.Calls[Fn.Events[I].Index];
        if (Call.Callee != Rule.Event ||
            size_t(Rule.Vector.Index) >= Call.Args.size())
          continue;
        FunctionRef F{TU.get(), &Fn};
        ExprId Vector = Call.Args[Rule.Vector.Index];
        Sites.push_back({{F, &Call}, Vector, Of.at(F, I, Vector)});
      }
}

void NtbDoorbell::vectors() {
  for (const Site &S : Sites) {
    if (!S.R.Low || *S.R.Low <= 0)
      continue;
    // Elsewhere the driver may report the doorbells that are missing here.
    if (llvm::any_of(Sites, [&](const Site &Other) {
          return !Other.R.Low ||
                 (Other.R.isConstant() && *Other.R.Low < *S.R.Low);
        }))
      continue;
    const CallFacts &Call = *S.Call.Call;
    Finding &F = add(M.place(S.Call),
                     quoted(Rule.Event) + " gets the vectors " + S.R.text() +
                         ", but those of doorbells start at 0",
                     "vectors", !S.R.IsTested);
    const Expr &Vector = Keys::bare(*S.Call.In.F, S.Vector);
    if (Vector.Kind != ExprKind::Var || Vector.Index < 0)
      continue;
    for (const Event &E : S.Call.In.F->Events) {
      const Expr &To = S.Call.In.F->expr(E.Target);
      if (E.Kind == EventKind::Store && E.Value && To.Kind == ExprKind::Var &&
          To.Index == Vector.Index && E.At.Offset < Call.At.Offset)
        F.Notes.push_back({M.place(S.Call.In, E.At),
                           quoted(Vector.Name) + " gets its value here"});
    }
    if (S.Call.In.F->Vars[Vector.Index].ParamIndex >= 0)
      for (const CallRef &Caller : Of.Touch.callers(S.Call.In))
        F.Notes.push_back({M.place(Caller), "the vector comes from here"});
  }
}

void NtbDoorbell::validMask() {
  std::vector<std::pair<FunctionRef, Bound>> Counts;
  for (FunctionRef F : M.fieldTargets(Rule.Ops, Rule.VectorCount))
    for (const Event &E : F.F->Events)
      if (std::optional<Bound> B = Of.linear(F, E.Value);
          B && E.Kind == EventKind::Return && !B->Key.empty()) {
        Counts.push_back({F, *B});
        CountKeys.insert(B->Key);
      }
  for (const DoorbellMasks::Mask &Mask : Masks.valid()) {
    if (!Mask.Bits.Key.empty())
      CountKeys.insert(Mask.Bits.Key);
    auto Report = [&](Place At, std::string By, Bound Has) {
      Finding &F = add(M.place(Mask.At.In, Mask.At.event().At),
                       "the mask of valid doorbells has " + Mask.Bits.text() +
                           " bits, but " + By,
                       "valid-mask");
      F.Notes.push_back(
          {std::move(At), "there are " + Has.text() + " doorbells here"});
    };
    for (const Site &S : Sites) {
      if (S.R.High && !S.R.High->Key.empty())
        CountKeys.insert(S.R.High->Key);
      // One vector may stand for all of them.
      if (!S.R.Low || !S.R.High || S.R.isConstant())
        continue;
      Bound Has = S.R.High->plus(1 - *S.R.Low);
      if (Has.Key != Mask.Bits.Key && Mask.Bits.Key.empty())
        Has = {"", Of.maximum({std::nullopt, Has}).value_or(INT64_MAX)};
      if (Has.Key != Mask.Bits.Key || Mask.Bits.Offset <= Has.Offset)
        continue;
      Report(M.place(S.Call),
             quoted(Rule.Event) + " gets only the vectors " + S.R.text(), Has);
      break;
    }
    for (const auto &[F, Count] : Counts)
      if (Count.Key == Mask.Bits.Key && Mask.Bits.Offset > Count.Offset) {
        Report(M.place(F, F.F->At), quoted(F.F->Name) + " says " + Count.text(),
               Count);
        break;
      }
  }
}

void NtbDoorbell::tables() {
  for (const auto &TU : M.TUs)
    for (const TableFacts &Table : TU->Tables) {
      if (Table.Record != Rule.Ops || !Table.IsDefinition)
        continue;
      auto Has = [&](StringRef Field) {
        return llvm::any_of(Table.Entries, [&](const TableEntry &E) {
          return E.Field == Field && E.Kind == ExprKind::Function;
        });
      };
      bool Count = Has(Rule.VectorCount), Mask = Has(Rule.VectorMask);
      StringRef Missing = Count ? Rule.VectorMask : Rule.VectorCount;
      // An assignment may fill it in.
      if (Count == Mask || !M.fieldTargets(Rule.Ops, Missing).empty())
        continue;
      add(M.place({TU.get(), nullptr}, Table.At),
          quoted(Table.Name) + " has " +
              quoted(Count ? Rule.VectorCount : Rule.VectorMask) +
              ", but not " + quoted(Missing) +
              ": it cannot be registered with only one of them",
          "table:" + Table.Name.str());
    }
}

void NtbDoorbell::masks() {
  for (const DoorbellMasks::Narrow &N : Masks.narrow())
    add(M.place(N.In, N.At),
        N.Callee.empty()
            ? "'1 <<' has 32 bits, but a mask of doorbells has 64"
            : quoted(N.Callee) + " sees 32 of the 64 bits of a doorbell mask",
        "narrow:" + N.Callee.str(), N.IsSure);
}

void NtbDoorbell::counts() {
  std::vector<FunctionRef> Live = M.fieldTargets(Rule.Ops, Rule.ValidMask);
  for (const Site &S : Sites)
    if (!llvm::is_contained(Live, S.Call.In))
      Live.push_back(S.Call.In);
  for (StringRef Key : CountKeys) {
    Counts C(Of, Key, Rule.Inputs, Live);
    std::set<bool> Seen;
    for (const CountUse &U : C.uses()) {
      if (!Seen.insert(U.OfZero).second)
        continue;
      static constexpr StringRef As[] = {"as a bound of an array index",
                                         "as the number of a bit",
                                         "as a size of memory"};
      Finding &F = add(M.place(U.In, U.At),
                       quoted(Key) + " is used " + As[U.Kind].str() +
                           " before it is checked " +
                           (U.OfZero ? "against 0" : "for being too large"),
                       (Key + (U.OfZero ? ":zero" : ":large")).str(),
                       U.Kind != CountUse::Size);
      F.Notes.push_back({M.place(C.source()->In, C.source()->event().At),
                         "it is set to what somebody else chose here"});
      noteCalls(M, U.Path, F);
    }
  }
}

void NtbDoorbell::run() {
  findSites();
  tables();
  vectors();
  validMask();
  masks();
  counts();
}

void checkNtbDoorbell(const Timelines &T, std::vector<Finding> &Out) {
  for (const DoorbellRule &Rule : T.M.Rules.doorbells())
    if (llvm::any_of(T.M.TUs, [&](const auto &TU) {
          return llvm::any_of(TU->Tables, [&](const TableFacts &Table) {
            return Table.Record == Rule.Ops;
          });
        }))
      NtbDoorbell(T, Rule, Out).run();
}

} // namespace devlife
