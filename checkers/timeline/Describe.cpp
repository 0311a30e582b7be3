//===- Describe.cpp - A module's timelines as text ------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Describe.h"
#include "llvm/Support/raw_ostream.h"

namespace devlife {

namespace {

class Printer {
public:
  Printer(llvm::raw_ostream &OS, const Timelines &T) : OS(OS), T(T) {}

  void driver(const DriverTimeline &D);
  void function(const DriverTimeline &F);
  void entries();

private:
  void state(StringRef Title, const State &S);
  void clash(const Clash &C);
  void phase(StringRef Title, llvm::ArrayRef<FunctionRef> Functions);
  std::string where(FunctionRef In, Loc At) const {
    Place P = T.M.place(In, At);
    return P.File + ":" + std::to_string(P.Line);
  }
  std::string where(const CallRef &Site) const {
    return Site ? where(Site.In, Site.Call->At) + " " + Site.Call->Callee.str()
                : std::string("-");
  }

  llvm::raw_ostream &OS;
  const Timelines &T;
};

void names(llvm::raw_ostream &OS, llvm::ArrayRef<FunctionRef> Functions) {
  constexpr size_t Most = 6;
  for (size_t I = 0; I != Functions.size() && I != Most; ++I)
    OS << ' ' << Functions[I].F->Name;
  if (Functions.size() > Most)
    OS << " and " << Functions.size() - Most << " more";
}

void Printer::phase(StringRef Title, llvm::ArrayRef<FunctionRef> Functions) {
  OS << "  " << Title << ':';
  names(OS, Functions);
  OS << (Functions.empty() ? " none\n" : "\n");
}

void Printer::state(StringRef Title, const State &S) {
  OS << "  " << Title << ":\n";
  for (const Window &W : S.Windows) {
    OS << "    window " << W.Entry << ' '
       << (W.Key.empty() ? StringRef("-") : W.Key)
       << (W.Open ? " open" : " closed") << (W.Managed ? ", managed" : "")
       << ", " << where(W.Site);
    if (W.Source)
      OS << ", armed by " << where(W.Source);
    if (W.Quiesced)
      OS << ", quiesced before its source: " << where(W.Quiesced);
    OS << "\n      runs:";
    names(OS, W.Code);
    OS << '\n';
  }
  for (const Resource &R : S.Resources) {
    OS << "    lifetime " << R.What << ' '
       << (!R.Key.empty()      ? R.Key
           : !R.Record.empty() ? R.Record
                               : StringRef("-"))
       << (R.State == Life::Live       ? " live"
           : R.State == Life::Released ? " ended"
                                       : " ended on some ways")
       << (R.Managed ? ", managed" : "") << (R.Many ? ", several" : "")
       << (R.Escaped ? ", escaped" : "") << ", " << where(R.Site);
    if (R.Released)
      OS << ", released: " << where(R.Released);
    OS << '\n';
  }
}

void Printer::clash(const Clash &C) {
  static constexpr StringRef Kinds[] = {"outlives data",  "outlives a pointer",
                                        "outlives power", "before init",
                                        "ends twice",     "ends unbegun",
                                        "leaks",          "never ends",
                                        "stale",          "counted"};
  OS << "    " << Kinds[C.Kind] << ": ";
  if (C.W.Site)
    OS << C.W.Entry << ' ' << C.W.Key << ' ' << where(C.W.Site);
  else
    OS << C.R.What << ' ' << C.R.Key << ' ' << where(C.R.Site);
  if (C.Over.At)
    OS << "; ends: " << where(C.Over.At.In, C.Over.At.At);
  if (C.Init)
    OS << "; ready: " << where(C.Init.In, C.Init.At) << ' ' << C.Init.Key;
  if (C.Use)
    OS << "; used: " << where(C.Use.In, C.Use.At) << ' ' << C.Use.Key;
  OS << (C.AfterFailure ? "; unwinding\n" : "\n");
}

void Printer::driver(const DriverTimeline &D) {
  OS << "driver " << D.Driver->name() << " (" << D.Driver->Rule->Record
     << "), reaches " << D.Reach << " functions"
     << (D.Incomplete ? ", incomplete" : "") << '\n';
  phase("begin", D.Driver->Begin);
  phase("end", D.Driver->End);
  state("bound", D.Bound);
  state("over", D.Over);
  if (D.Clashes.empty())
    return;
  OS << "  clashes:\n";
  for (const Clash &C : D.Clashes)
    clash(C);
}

void Printer::function(const DriverTimeline &F) {
  OS << "function " << F.Driver->Begin.front().F->Name
     << (F.Incomplete ? ", incomplete" : "") << '\n';
  for (const Clash &C : F.Clashes)
    clash(C);
}

void Printer::entries() {
  for (const BoundEntry &Entry : T.Touch.entries()) {
    OS << "entry " << Entry.Key << ':';
    names(OS, Entry.Handlers);
    OS << '\n';
    for (const UseSite &At : Entry.Binds)
      OS << "  bound " << where(At.In, At.At) << '\n';
  }
}

} // namespace

void describe(llvm::raw_ostream &OS, const Timelines &T) {
  Printer P(OS, T);
  P.entries();
  for (const DriverTimeline &D : T.drivers())
    P.driver(D);
  for (const DriverTimeline &F : T.functions())
    P.function(F);
}

} // namespace devlife
