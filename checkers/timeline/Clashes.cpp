//===- Clashes.cpp - Windows and lifetimes that break the law -------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Clashes.h"

namespace devlife {

/// Whether what \p Use does needs what has ended: not, if that is a state of an
/// object that lives on, what asks the object about something else, or begins
/// the state anew.
bool ClashFinder::needs(const UseSite &Use, const Ending &What) const {
  if (!What.What->IsState)
    return true;
  const CallRule *Began = What.Acquired ? Touch.M.rule(What.Acquired) : nullptr;
  if (Began && llvm::any_of(Began->Effects, [&](const Effect &E) {
        return E.Kind == EffectKind::Acquire && E.What == What.What->Name &&
               E.Object.Kind == ArgRef::Return;
      }))
    return true; // the object goes with it
  for (const CallFacts &C : Use.In.F->Calls) {
    CallRef Site{Use.In, &C};
    if (C.At.Line != Use.At.Line || llvm::none_of(C.Args, [&](ExprId Arg) {
          return Touch.Names.of(Use.In, Arg) == Use.Key;
        }))
      continue;
    const CallRule *Rule = Touch.M.rule(Site);
    return Rule && llvm::none_of(Rule->Effects, [&](const Effect &E) {
             return E.Kind == EffectKind::Acquire && E.What == What.What->Name;
           });
  }
  return true;
}

/// Where the code of \p W touches hardware that has to be switched on. An
/// object that the module neither makes nor is bound to may be of another
/// device.
UseSite ClashFinder::accesses(const Window &W, const State &S,
                              bool &MayBeOther) const {
  constexpr llvm::StringLiteral Prefix("$cached.");
  auto IsCached = [&](const HardwareAccess &A) {
    for (auto It = S.Heap->lower_bound(Prefix);
         It != S.Heap.end() && It->first.starts_with(Prefix); ++It)
      if (It->second.Kind == Value::Int && It->second.Number != 0 &&
          (Keys::isObject(A.Key) ||
           Keys::overlap(It->first.drop_front(Prefix.size()), A.Key)))
        return true;
    return false;
  };
  auto IsForeign = [&](const HardwareAccess &A) {
    return !A.Record.empty() && !Touch.Names.isOwn(A.Record) &&
           !(Driver.Rule && Driver.Rule->Device == A.Record) &&
           !Touch.makes(A.Record, A.Key);
  };
  UseSite Own = Touch.accesses(W.Code, [&](const HardwareAccess &A) {
    return IsCached(A) || IsForeign(A);
  });
  if (Own)
    return Own;
  MayBeOther = true;
  return Touch.accesses(W.Code, IsCached);
}

bool ClashFinder::breaks(Phase Now, const Ending &What, const Window &W,
                         const State &S, Clash &Found) {
  // What opened with the lifetime's own call goes with it.
  if (W.Entry == "ops" && What.Acquired && W.Site == What.Acquired)
    return false;
  if (!What.What) {
    Found.Kind = Clash::OutlivesPointer;
    Found.Use = Touch.follows(W.Code, What.Keys.front());
    return Now == Phase::End && Found.Use;
  }
  Found.Kind = Clash::OutlivesData;
  if (What.What->IsMemory && !What.Record.empty()) {
    // URBs and threads are known by a pointer.
    bool IsPointer = W.Entry.ends_with("urb") || W.Entry == "kthread";
    // A device that the driver has made is not the one that it is bound to,
    // which the name of the record stands for.
    bool IsOtherDevice = Driver.Rule && What.Record == Driver.Rule->Device;
    if (!W.Key.empty() && !IsPointer && !IsOtherDevice &&
        Touch.Names.holds(What.Record, W.Key))
      return true;
    // What came after the window, or is one of several of its type, may be
    // something else than the code means.
    if (What.Acquired && !What.Many && What.IsOnly &&
        (Now != Phase::Begin || What.ByDevres || What.Since < W.Since) &&
        // What the code acquires by itself is its own.
        !llvm::is_contained(Touch.calledFrom(W.Code), What.Acquired.In) &&
        (Found.Use = Touch.touchesRecord(W.Code, What.Record)))
      return true;
  }
  for (StringRef Key : What.Keys)
    if (What.IsThing && (Found.Use = Touch.touches(W.Code, Key)) &&
        needs(Found.Use, What))
      return !Touch.tests(W.Code, Key);
  if (What.What->IsPower && W.Managed && Now == Phase::End) {
    Found.Kind = Clash::OutlivesPower;
    return bool(Found.Use = accesses(W, S, Found.MayBeOther));
  }
  return false;
}

/// Whether \p What ends in a callback of \p W that the kernel runs while it
/// closes the window, or in the exit of a module that nobody uses any more.
bool ClashFinder::isLastCall(Phase Now, const Window &W, const Ending &What,
                             llvm::ArrayRef<CallRef> Stack) const {
  if (W.Entry != "ops")
    return false;
  const ResourceRule *Registered = Touch.M.Rules.resource(W.What);
  if (Driver.isModule() && Now == Phase::End && Registered &&
      Registered->IsPinning)
    return true;
  for (size_t I = 0; I != Stack.size(); ++I) {
    FunctionRef Runs = I + 1 == Stack.size() ? What.At.In : Stack[I + 1].In;
    const CallRule *Rule = Touch.M.rule(Stack[I]);
    if (Rule && Rule->find(EffectKind::Runs) &&
        llvm::is_contained(W.Code, Runs))
      return true;
  }
  return false;
}

void ClashFinder::ends(Phase Now, bool Failed, const Ending &Over,
                       const State &S, llvm::ArrayRef<CallRef> Stack) {
  Ending What = Over;
  if (What.Site && !What.ByDevres)
    Ends.insert(What.Site.Call);
  What.IsOnly = llvm::none_of(S.Resources, [&](const Resource &R) {
    return R.Record == What.Record && !(R.Site == What.Acquired) &&
           R.Site.Call != R.Released.Call;
  });
  if (What.Acquired && !What.ByDevres)
    Released.insert(What.Acquired.Call);
  // What end has made for itself nobody else uses.
  if (Now == Phase::Live ||
      (Now == Phase::End && EndSince && What.Since > EndSince))
    return;
  for (const Window &W : S.Windows) {
    Clash New;
    if (!W.Open || isLastCall(Now, W, What, Stack) ||
        !breaks(Now, What, W, S, New))
      continue;
    // In a loop it is the one of the next round that could not be made ready.
    if ((Failed || Now == Phase::Begin) && What.Many && What.Since < W.Since &&
        W.Since < What.Last)
      continue;
    New.MayBeOther |=
        New.Kind == Clash::OutlivesData && New.Use && isOfMany(S, New.Use.Key);
    // While begin runs, what it has not set yet is zero.
    if ((Failed || Now == Phase::Begin) && New.Use &&
        !Touch.reaches(W.Code, New.Use.Key, false, false, isZero(S)))
      continue;
    // What its own code ends as well is a matter of states.
    New.MayBeOther |= New.Use && New.Use.In == What.At.In;
    // What lies in the objects of devices is gone with these when a module
    // exits.
    StringRef Owner = W.Key.split('.').first;
    New.MayBeOther |=
        Driver.isModule() && !W.isCall() && !W.Key.starts_with("::") &&
        llvm::none_of(S.Resources,
                      [&](const Resource &R) { return R.Record == Owner; });
    New.W = W;
    New.Over = What;
    New.AfterFailure = Failed || Now == Phase::Begin;
    New.Path = Stack.vec();
    New.Failing = Current;
    if (!New.AfterFailure && !Driver.End.empty()) {
      std::vector<FunctionRef> Readers = W.Code;
      // Who arms it may have been told to stop.
      if (W.Source)
        Readers.push_back(W.Site.In);
      New.IsTold = Touch.isTold(Readers, Driver.End);
      // So may what the core calls back while it unregisters the device.
      std::vector<FunctionRef> Enders = Driver.End;
      for (const CallRef &Site : Stack)
        Enders.push_back(Site.In);
      if (!What.ByDevres)
        Enders.push_back(What.At.In);
      // What comes after it was stopped did not keep its source quiet.
      New.TouchesHardware = W.Quiesced
                                ? Touch.accessesBefore(Driver.End, W.Quiesced)
                                : bool(Touch.accesses(Enders));
    }
    if (W.Source)
      for (const Window &Source : S.Windows)
        if (Source.Site == W.Source)
          New.SourceIsIrq = Source.Entry == "irq";
    add(std::move(New));
  }
}

void ClashFinder::endsAgain(Phase Now, const CallRef &Site, const Resource &R,
                            llvm::ArrayRef<CallRef> Stack) {
  if (Now == Phase::Live)
    return;
  Clash New;
  New.Kind = Clash::EndsTwice;
  New.R = R;
  New.Over.Site = Site;
  New.Over.At = {Site.In, Site.Call->At, R.Key};
  New.AfterFailure = Now == Phase::Begin;
  New.Path = Stack.vec();
  add(std::move(New));
}

void ClashFinder::endsUnbegun(const CallRef &Site, const ResourceRule &What,
                              StringRef Key, const CallFacts *Failure) {
  // What is returned is null when it is not there, which many calls allow.
  if (!What.HasCallbacks || What.IsReturned || What.IsOptional ||
      What.IsIdempotent || Keys::isObject(Key) ||
      !Touch.Names.isOwn(Key.split('.').first))
    return;
  const std::vector<CallFacts> &Calls = Site.In.F->Calls;
  const CallFacts *Failed = nullptr, *Begins = nullptr;
  for (const CallFacts &C : Calls) {
    if (&C == Failure)
      Failed = &C;
    CallRef Other{Site.In, &C};
    const CallRule *Rule = Touch.M.kernelRule(Other);
    if (Rule && !Rule->ManagedBy &&
        llvm::any_of(Rule->Effects, [&](const Effect &E) {
          return E.Kind == EffectKind::Acquire && E.What == What.Name &&
                 Touch.key(Other, E.Object) == Key;
        })) {
      if (Begins)
        return;
      Begins = &C;
    }
  }
  if (!Failed || !Begins || Failed->At.Offset >= Begins->At.Offset)
    return;
  Clash New;
  New.Kind = Clash::EndsUnbegun;
  New.R.What = What.Name;
  New.R.Key = Key;
  New.R.Site = {Site.In, Begins};
  New.Memory = {Site.In, Failed};
  New.Over.Site = Site;
  New.Over.At = {Site.In, Site.Call->At, Key};
  New.AfterFailure = true;
  add(std::move(New));
}

/// Whether a field of an object that stays leads to \p R, or a list.
bool ClashFinder::isKept(const State &S, const Resource &R) const {
  auto Stays = [&](StringRef Key) {
    return !Keys::isObject(Key) && !Key.starts_with("#") &&
           !Key.starts_with("$") &&
           llvm::none_of(S.Resources, [&](const Resource &Holder) {
             return Holder.State == Life::Released &&
                    Holder.Record == Key.split('.').first;
           });
  };
  auto HoldsLink = [&](const Resource &Link) {
    const ResourceRule *What = Touch.M.Rules.resource(Link.What);
    return What && What->IsPublished && Link.State == Life::Live &&
           Touch.Names.holds(R.Record, Link.Key);
  };
  return Stays(R.Key) || llvm::any_of(S.Resources, HoldsLink) ||
         llvm::any_of(S.Heap, [&](const auto &Field) {
           return R.Object.isKnown() && Field.second == R.Object &&
                  Stays(Field.first);
         });
}

void ClashFinder::fails(const State &S, unsigned Since) {
  // A module that does not load leaves no globals.
  if (!Driver.isModule())
    findStale(S);
  for (const Resource &R : S.Resources) {
    if (R.State == Life::Released && R.Released && !(R.Site == R.Released))
      Released.insert(R.Site.Call);
    if (R.State == Life::Live && !R.Managed && !R.Escaped && R.Site &&
        R.Since > Since) {
      Clash New;
      New.Kind = Clash::Leaks;
      New.R = R;
      New.AfterFailure = true;
      New.Failing = Current;
      New.IsKept = isKept(S, R);
      Left.push_back(std::move(New));
    }
  }
  for (const Window &W : S.Windows) {
    if (W.Entry != "irq" || W.Managed || W.Source || !W.Key.empty() ||
        W.Since <= Since)
      continue;
    if (!W.Open && !W.Disabled) {
      Released.insert(W.Site.Call);
      continue;
    }
    Clash New;
    New.Kind = Clash::Leaks;
    New.W = W;
    New.AfterFailure = true;
    New.Failing = Current;
    Requested.push_back(std::move(New));
  }
}

/// What others still find when begin has failed.
void ClashFinder::findStale(const State &S) {
  auto Add = [&](const Resource &R, StringRef Global, bool IsDangling) {
    Clash New;
    New.Kind = Clash::Stale;
    New.IsDangling = IsDangling;
    New.R = R;
    New.Global = Global;
    New.AfterFailure = true;
    New.Failing = Current;
    add(std::move(New));
  };
  for (const Resource &R : S.Resources) {
    const ResourceRule *What = Touch.M.Rules.resource(R.What);
    if (!What)
      continue;
    // An element that stays may be there to be found.
    bool Stays =
        R.Object.Text.starts_with("::") ||
        llvm::any_of(S.Resources, [&](const Resource &Memory) {
          const ResourceRule *Kind = Touch.M.Rules.resource(Memory.What);
          return Kind && Kind->IsMemory && Memory.State == Life::Live &&
                 (Memory.Object == R.Object ||
                  Touch.Names.holds(Memory.Record, R.Key));
        });
    if (What->IsPublished && R.State == Life::Live && !R.Many && !Stays &&
        R.Index.Kind == Value::Address && R.Index.Text.starts_with("::")) {
      bool IsGone = llvm::any_of(S.Resources, [&](const Resource &Memory) {
        const ResourceRule *Kind = Touch.M.Rules.resource(Memory.What);
        return Kind && Kind->IsMemory && Memory.State == Life::Released &&
               Touch.Names.holds(Memory.Record, R.Key);
      });
      // Whoever hands it to a function that fails frees it.
      bool IsHanded =
          !Driver.Rule && R.Site.In == Current && !Current.F->IsStatic;
      Add(R, R.Index.Text, IsGone || IsHanded);
    }
    if (!What->IsMemory || R.State != Life::Released || !R.Object.isKnown() ||
        R.Object.Kind == Value::Object)
      continue;
    for (const auto &[Key, V] : S.Heap)
      if (Key.starts_with("::") && V == R.Object && isReadElsewhere(Key))
        Add(R, Key, isReadByOthers(Key));
  }
}

void ClashFinder::leavesStale(llvm::ArrayRef<State> Failed,
                              llvm::ArrayRef<State> Succeeded) {
  auto IsReplaced = [](const State &S, const Resource &Old) {
    auto It = S.Heap->find(Old.Object.Text);
    return It != S.Heap->end() && It->second.isKnown() &&
           It->second.Kind != Value::Load &&
           llvm::any_of(S.Resources, [&](const Resource &R) {
             return R.Site == Old.Site && R.State == Life::Released;
           });
  };
  for (const State &S : Failed)
    for (const Resource &R : S.Resources) {
      const ResourceRule *What = Touch.M.Rules.resource(R.What);
      StringRef Key = R.Object.Text;
      // What holds the pointer may go as well.
      bool IsHeld = llvm::none_of(S.Resources, [&](const Resource &Holder) {
        return Holder.State != Life::Live && !Holder.Record.empty() &&
               Touch.Names.holds(Holder.Record, R.Key);
      });
      if (!What || !(What->IsMemory || What->IsReturned) ||
          What->IsIdempotent || R.State != Life::Released ||
          R.Object.Kind != Value::Load || R.Object.What == "[]" ||
          Key.starts_with("#") || S.Heap->count(Key) || !IsHeld ||
          !llvm::any_of(Succeeded,
                        [&](const State &O) { return IsReplaced(O, R); }) ||
          !isReadElsewhere(R.Key))
        continue;
      Clash New;
      New.Kind = Clash::Stale;
      New.R = R;
      New.Global = R.Key;
      New.AfterFailure = true;
      New.Failing = Current;
      add(std::move(New));
    }
}

/// Whether a function that this begin does not run looks at \p Key.
bool ClashFinder::isReadElsewhere(StringRef Key) const {
  llvm::DenseSet<const FunctionFacts *> Own;
  for (FunctionRef F : Touch.calledFrom(Current))
    Own.insert(F.F);
  for (const auto &TU : Touch.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      if (!Own.contains(&F) && Touch.of({TU.get(), &F}).Derefs.count(Key))
        return true;
  return false;
}

/// Whether other modules can make a function look at \p Key, whatever begin has
/// not registered.
bool ClashFinder::isReadByOthers(StringRef Key) const {
  std::vector<FunctionRef> Offered;
  for (const auto &TU : Touch.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      if (FunctionRef This{TU.get(), &F}; !F.IsStatic && !(This == Current))
        Offered.push_back(This);
  return bool(Touch.touches(Offered, Key));
}

/// Whether \p Key is a field of something that the driver has several of: it
/// makes them in a loop, or not in begin, or others make them.
bool ClashFinder::isOfMany(const State &S, StringRef Key) const {
  StringRef Owner = Key.split('.').first;
  if (Owner.empty() || Key.starts_with("::") ||
      (Driver.Rule && Owner == Driver.Rule->Device))
    return false;
  bool IsMade = false;
  for (const Resource &R : S.Resources) {
    const ResourceRule *What = Touch.M.Rules.resource(R.What);
    if (!What || !What->IsMemory || R.Record != Owner || R.Site == R.Released)
      continue;
    // What a helper makes at each of its calls is another one each time.
    if (R.Many || (!Driver.Begin.empty() &&
                   Touch.isCalledTwice(R.Site.In, Driver.Begin.front())))
      return true;
    IsMade = true;
  }
  if (IsMade)
    return false;
  for (const auto &TU : Touch.M.TUs)
    for (const FunctionFacts &F : TU->Functions)
      for (const CallFacts &C : F.Calls) {
        FunctionRef In{TU.get(), &F};
        const CallRule *Rule = Touch.M.rule({In, &C});
        const Effect *Makes = Rule ? Rule->find(EffectKind::Acquire) : nullptr;
        if (Makes && Makes->Object.Kind == ArgRef::Return &&
            Touch.Names.recordOfResult(In, &C - F.Calls.data()) == Owner)
          return true;
      }
  return false;
}

/// Whether \p R is embedded in memory that ends whoever holds a reference.
void ClashFinder::findCounted(const State &S, const Resource &R) {
  if (Keys::isObject(R.Key) || R.Key.starts_with("::") || R.Managed)
    return;
  for (const Resource &Memory : S.Resources) {
    const ResourceRule *What = Touch.M.Rules.resource(Memory.What);
    if (!What || !What->IsMemory || !Memory.Managed || Memory.Record.empty() ||
        Memory.Record != R.Key.split('.').first)
      continue;
    Clash New;
    New.Kind = Clash::Refcounted;
    New.R = R;
    New.Memory = Memory.Site;
    add(std::move(New));
    return;
  }
}

void ClashFinder::over(const State &S) {
  for (const Window &W : S.Windows)
    if (!W.Open && !W.Disabled && W.Key.empty())
      Released.insert(W.Site.Call);
  for (const Resource &R : S.Resources) {
    const ResourceRule *What = Touch.M.Rules.resource(R.What);
    bool IsWaitedFor = What && What->IsAwaited && R.State == Life::Released;
    if (What && What->IsRefcounted && !IsWaitedFor && R.Site && R.IsEmbedded)
      findCounted(S, R);
    if (R.IsNested)
      continue; // in the timeline of that driver
    if (!What || R.Managed || R.Escaped || R.State != Life::Live || !R.Site)
      continue;
    // What a failing begin gives back, end has to as well. A registration may
    // go with what it stands in, or by a call that names no object.
    bool Stays = What->HasCallbacks
                     ? llvm::any_of(S.Windows,
                                    [&](const Window &W) {
                                      return W.Site == R.Site &&
                                             W.Entry == "ops" && W.Open;
                                    })
                     : !What->IsMemory && !What->IsOptional &&
                           !What->IsReference && What->Contract.empty() &&
                           !R.Many && !Driver.End.empty() &&
                           Released.contains(R.Site.Call);
    if (!Stays)
      continue;
    Clash New;
    New.Kind = Clash::NeverEnds;
    New.R = R;
    add(std::move(New));
  }
}

/// Whether the entry itself lies in what ends, with nothing that stops it: that
/// says the most.
static bool holdsEntry(const Clash &C) {
  return C.Kind == Clash::OutlivesData && !C.Use && !C.W.isCall() &&
         !C.W.Quiesced && !C.W.Cancelled;
}

/// One finding for a window, or a resource: the first, unless a later one is
/// of the end itself.
void ClashFinder::add(Clash New) {
  for (Clash &Old : Found) {
    bool OfWindow = New.W.Site && Old.W.Site;
    bool Same =
        (New.Kind == Clash::BeforeInit) == (Old.Kind == Clash::BeforeInit) &&
        (New.Kind == Clash::Leaks) == (Old.Kind == Clash::Leaks) &&
        (OfWindow ? (New.W.isCall() ? New.W.Site == Old.W.Site
                                    : New.W.Key == Old.W.Key)
                  : New.Kind == Old.Kind && New.R.Site && Old.R.Site &&
                        New.R.Site == Old.R.Site);
    if (!Same)
      continue;
    bool IsInit = New.Kind == Clash::BeforeInit;
    if (IsInit) {
      // What is used whatever the device says comes first.
      if (Old.AsksHardware && !New.AsksHardware) {
        New.Later = std::move(Old.Later);
        std::swap(Old, New);
      }
      Old.Later.push_back(New.Init);
      return;
    }
    if (OfWindow && New.Over.ByDevres)
      Old.Later.push_back(New.Over.At);
    if (OfWindow)
      Old.IsOnlyDevres &= New.Over.ByDevres && Old.Over.ByDevres;
    // Of what one call acquires, the last is the most: prepared, then enabled.
    if ((Old.AfterFailure && !New.AfterFailure) ||
        (Old.AfterFailure == New.AfterFailure && OfWindow && holdsEntry(New) &&
         !holdsEntry(Old)) ||
        (New.Kind == Clash::Leaks && !OfWindow)) {
      New.Later = std::move(Old.Later);
      if (Old.Over.ByDevres)
        New.Later.push_back(Old.Over.At);
      New.IsOnlyDevres = Old.IsOnlyDevres;
      Old = std::move(New);
    }
    return;
  }
  Found.push_back(std::move(New));
}

std::vector<Clash> ClashFinder::take() {
  for (Clash &IRQ : Requested) {
    IRQ.HasEvidence = Released.contains(IRQ.W.Site.Call);
    add(std::move(IRQ));
  }
  for (Clash &New : Left) {
    const ResourceRule *What = Touch.M.Rules.resource(New.R.What);
    if (!What || What->IsOptional || !What->Contract.empty() || New.R.IsNested)
      continue;
    New.HasEvidence = Released.contains(New.R.Site.Call);
    add(std::move(New));
  }
  for (Clash &Twice : Found)
    Twice.IsAlways =
        Twice.Kind == Clash::EndsTwice && !Ends.contains(Twice.Over.Site.Call);
  // What is never unregistered outlives everything: that is one finding.
  llvm::erase_if(Found, [&](const Clash &C) {
    return C.W.Entry == "ops" && !C.AfterFailure &&
           llvm::any_of(Found, [&](const Clash &Other) {
             return Other.Kind == Clash::NeverEnds && Other.R.Site == C.W.Site;
           });
  });
  return std::move(Found);
}

} // namespace devlife
