//===- Timeline.h - What happens in the life of a driver instance ---------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lays each driver's phases out in time (begin, its failing exits, end, and
// the release of what is managed) and keeps what the checks ask about. The
// questions are the interface; no check walks a graph.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TIMELINE_TIMELINE_H
#define DEVLIFE_TIMELINE_TIMELINE_H

#include "support/Options.h"
#include "timeline/Clashes.h"

namespace devlife {

/// A window that was open when a lifetime ended.
struct OpenWindow {
  Window W;
  std::vector<CallRef> Path; ///< Calls from the phase's function to the end.
};

/// A call that a rule says something about, in one driver's timeline.
struct Occurrence {
  CallRef Site;
  const CallRule *Rule = nullptr;
  const Effect *What = nullptr;
  Value Object;
  bool InBegin = false, InEnd = false, InLive = false;
  bool InAction = false; ///< Run by devres as an action.
  unsigned Order = ~0u;  ///< Of the first visit; places that the timeline did
                         ///< not run through come last.
  /// Release: begin succeeds after it, so that the driver lives on without.
  bool GoesOn = false;
  /// Release: there was never anything to release when it ran.
  bool Idle = false;
  /// Release: wherever it runs, the same object is acquired anew before the
  /// phase or the entry ends; the release is a step of that.
  bool Reacquired = false;
  /// Release or quiesce by an unmanaged call: the managed calls whose effect it
  /// ends, and which devres will end again.
  std::vector<CallRef> EndsManaged;
  /// Release, by hand or by an action: entries on numbers out of the resource
  /// that can still run.
  std::vector<OpenWindow> Open;
  /// Release: of what the core has acquired, and will release.
  bool IsHeld = false;
  /// The devm action call that hands this call's function to devres.
  CallRef Action;
};

/// A read of a field of the driver's device that has a newer spelling.
struct DeviceRead {
  FunctionRef In;
  const FieldRead *Read;
  const FieldRule *Rule;
};

/// What a function makes for the core to free, and has handed to devres.
struct Handover {
  FunctionRef Maker;
  CallRef Managed;
  StringRef What;  ///< Resource kind.
  StringRef Frees; ///< The function that the core frees it with.
  Place FreesAt;   ///< Where the table names it.
};

struct DriverTimeline {
  const DriverInstance *Driver = nullptr;
  std::vector<Occurrence> Occurrences; ///< In execution order.
  std::vector<DeviceRead> Reads;       ///< In the order of the functions.
  std::vector<Clash> Clashes; ///< In the order in which they were found.
  State Bound;             ///< When begin has succeeded and entries have run.
  State Over;              ///< After end, and after devres.
  size_t Reach = 0;        ///< Number of functions that it reaches.
  bool Incomplete = false; ///< A bound on the work was hit.
  bool EndIsCut = false; ///< It was hit in end: not all that end stops is seen.

  /// Occurrences of \p Kind on \p What, whose object is the driver's device.
  std::vector<const Occurrence *> find(EffectKind Kind, StringRef What) const;
};

using FunctionSet = llvm::DenseSet<const FunctionFacts *>;

class Timelines {
public:
  Timelines(const Module &M, const AnalysisOptions &Options);

  const Module &M;
  const Uses Touch;
  const AnalysisOptions &Options;
  llvm::ArrayRef<DriverTimeline> drivers() const { return Drivers; }
  /// Functions that no driver's begin or end runs, each as a begin without an
  /// end: what they leave behind when they fail. Also functions that replace
  /// what a field holds, for the field. Only when everything is wanted.
  llvm::ArrayRef<DriverTimeline> functions() const { return Functions; }

  llvm::ArrayRef<Handover> handovers() const { return Handovers; }

  /// Who releases what the contract \p Name governs; never Auto.
  VectorContract contract(StringRef Name) const;
  /// Whether the tree declares the explicit managed API of the contract.
  bool declares(StringRef Function) const;

private:
  void build(const DriverInstance &Driver);
  FunctionSet othersReach(const DriverInstance &Driver) const;
  void buildFunctions();
  void findHandovers();
  void findHandovers(const TUFacts &TU, const TableFacts &T,
                     const HandoverRule &Rule);
  void unwind(FunctionRef F, bool IsAlone, bool Replaces);

  llvm::BumpPtrAllocator Allocator;
  llvm::UniqueStringSaver Strings{Allocator}; ///< Of the values in Drivers.
  std::vector<DriverTimeline> Drivers, Functions;
  std::vector<Handover> Handovers;
  std::vector<std::unique_ptr<DriverInstance>> Alone; ///< Of Functions.
};

} // namespace devlife

#endif // DEVLIFE_TIMELINE_TIMELINE_H
