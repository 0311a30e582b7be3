//===- UseAfterRelease.cpp - devlife-use-after-release --------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function uses an object after it has released it.
//
//   lifetime  |--allocated------| kfree(), the owner's put_device()
//   use                             foo->count
//
//===----------------------------------------------------------------------===//

#include "checks/Checks.h"
#include "checks/Wording.h"
#include "context/Releases.h"
#include "timeline/Timeline.h"

namespace devlife {

/// The release function runs whenever the last holder lets go, which may be
/// after what the object points to has gone.
static Finding unheld(const Module &M, const UnheldUse &Found) {
  const ObjectUse &Use = Found.Use;
  Finding F;
  F.Check = "devlife-use-after-release";
  F.Level = Severity::Bug;
  F.Certainty = Confidence::Medium;
  F.At = M.place(Use.In, Use.At);
  F.Message = "release function " + quoted(Use.In.F->Name) + " uses " +
              quoted(Use.Name) + ", to which the object has no reference";
  F.Identity = F.At.Function + ":" + Use.Name.str();
  F.Notes.push_back(
      {M.place(Use.In, Use.In.F->At), "runs when the last holder lets go"});
  noteCalls(M, Use.Path, F);
  return F;
}

void checkUseAfterRelease(const Timelines &T, std::vector<Finding> &Out) {
  Releases R(T.Touch);
  for (const UseAfterRelease &Found : R.find()) {
    const ObjectUse &Use = Found.Use;
    llvm::ArrayRef<CallRef> Path = Found.Over.Path;
    const CallRef &Release = Path.back();
    Finding F;
    F.Check = "devlife-use-after-release";
    F.Level = Severity::Bug;
    F.At = T.M.place(Use.In, Use.At);
    // Who drops a reference may have one of his own, from a look-up.
    if (Use.IsPassed || Use.IsPut)
      F.Certainty = Confidence::Medium;
    std::string Name = Use.Name.empty() ? "it" : quoted(Use.Name);
    F.Message = Name + (Use.IsPassed ? " is passed on" : " is used") +
                " after " + quoted(Release.Call->Callee) +
                (Found.Over.What ? " has released it"
                                 : " has dropped the last reference to it");
    F.Identity = F.At.Function + ":" + Name + ":" + Release.Call->Callee.str();
    noteCalls(T.M, Path.drop_back(), F);
    Note End{T.M.place(Release), Found.Over.What
                                     ? "released here"
                                     : "the owner's reference ends here"};
    F.Notes.push_back(End);
    noteCalls(T.M, Use.Path, F);
    F.Intervals.push_back(
        {Interval::Lifetime, Name, {{}, "begins before"}, End});
    Out.push_back(std::move(F));
  }
  for (const UnheldUse &Found : R.unheld())
    Out.push_back(unheld(T.M, Found));
}

} // namespace devlife
