//===- Wording.cpp - What clashes are called in messages ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Wording.h"

namespace devlife {

std::string Wording::text(StringRef Resource) const {
  const ResourceRule *Rule = T.M.Rules.resource(Resource);
  return Rule ? Rule->Text : Resource.str();
}

std::string Wording::window(const Window &W) const {
  std::string Handler =
      W.Code.empty() ? "" : " " + quoted(W.Code.front().F->Name);
  if (W.Entry == "irq")
    return "IRQ handler" + Handler;
  if (W.Entry == "ops")
    return "a callback of the " + text(W.What);
  if (W.Entry.ends_with("urb"))
    return "URB " + quoted(W.Key);
  return W.Entry.str() + " " + quoted(W.Key.ltrim(':'));
}

std::string Wording::ended(const Ending &What) const {
  if (What.What && What.What->IsPower)
    return "the " + What.What->Text;
  if (What.What && What.What->IsMemory && !What.Record.empty())
    return quoted(What.Record);
  if (!What.Keys.empty())
    return quoted(What.Keys.front().ltrim(':'));
  return What.What ? "the " + What.What->Text : "it";
}

std::string Wording::ender(const Ending &What) const {
  if (What.ByDevres)
    return "devres";
  return What.Site ? quoted(What.Site.Call->Callee) : "the assignment";
}

FunctionRef Wording::failingFunction(const Clash &C) const {
  return C.Failing ? C.Failing : D.Driver->Begin.front();
}

std::string Wording::failing(const Clash &C) const {
  return quoted(failingFunction(C).F->Name);
}

Place Wording::failingPlace(const Clash &C) const {
  FunctionRef F = failingFunction(C);
  return T.M.place(F, F.F->At);
}

std::string Wording::endName() const {
  return D.Driver->End.empty() ? "" : quoted(D.Driver->End.front().F->Name);
}

Place Wording::endPlace() const {
  FunctionRef F =
      D.Driver->End.empty() ? D.Driver->Begin.front() : D.Driver->End.front();
  return T.M.place(F, F.F->At);
}

void Wording::opens(const Window &W, Finding &F) const {
  if (W.Source)
    F.Notes.push_back({place(W.Source), "its source, which is armed here"});
  std::string What =
      W.Managed ? "window opens here, managed" : "window opens here";
  if (W.Source)
    What = "the source opens the window here";
  F.Notes.push_back({place(W.Site), What});
}

void noteCalls(const Module &M, llvm::ArrayRef<CallRef> Path, Finding &F) {
  for (const CallRef &Step : Path)
    F.Notes.push_back({M.place(Step), "through the call of " +
                                          quoted(Step.Call->Callee) + " here"});
}

void Wording::path(llvm::ArrayRef<CallRef> Path, Finding &F) const {
  noteCalls(T.M, Path, F);
}

Finding Wording::finding(StringRef Check, Place At) const {
  Finding F;
  F.Check = Check.str();
  F.Level = Severity::Bug;
  F.Driver = D.Driver->name().str();
  F.At = std::move(At);
  return F;
}

std::vector<const DriverTimeline *> timelines(const Timelines &T) {
  std::vector<const DriverTimeline *> All;
  for (const DriverTimeline &D : T.drivers())
    All.push_back(&D);
  for (const DriverTimeline &F : T.functions())
    All.push_back(&F);
  return All;
}

} // namespace devlife
