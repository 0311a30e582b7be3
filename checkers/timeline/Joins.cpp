//===- Joins.cpp - When states are not kept apart
//--------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "timeline/Interpreter.h"

namespace devlife {

namespace {
constexpr unsigned MaxStates = 20; // kept apart at one block
} // namespace

/// What is left of two values that are not told apart any more: that they are
/// negative, or zero.
Value Interpreter::common(const Value &A, const Value &B) const {
  if (A == B)
    return A;
  std::optional<int> Sign = signOf(A);
  return Sign && *Sign <= 0 && Sign == signOf(B) ? Value::integer(*Sign)
                                                 : Value();
}

/// Joins \p O into \p S, though their variables differ.
void Interpreter::joinAll(State &S, const State &O) const {
  for (size_t I = 0; I != S.Frames.size(); ++I)
    for (size_t J = 0; S.Frames[I] != O.Frames[I] && J != O.Frames[I].size();
         ++J)
      if (const Value &V = O.Frames[I][J]; V != S.Frames[I][J])
        S.Frames[I].edit()[J] = common(V, S.Frames[I][J]);
  S.join(O);
}

/// The state of \p List that loses least when it is joined with \p S.
State *Interpreter::closest(std::vector<State> &List, const State &S) const {
  State *Best = nullptr;
  unsigned Least = ~0u;
  for (State &O : List) {
    unsigned Lost = 0;
    for (size_t I = 0; I != S.Frames.size(); ++I)
      for (size_t J = 0; J != S.Frames[I].size(); ++J)
        if (const Value &V = S.Frames[I][J]; V != O.Frames[I][J])
          Lost += 1 + 2 * !common(V, O.Frames[I][J]).isKnown();
    if (Lost <= Least) {
      Least = Lost;
      Best = &O;
    }
  }
  return Best;
}

/// Adds \p S to \p List: joined with the state that a branch cannot tell from
/// it, or with the closest when there are too many. True when the list changed;
/// then \p Changed is the state to go on with.
bool Interpreter::addState(std::vector<State> &List, State S, bool ByFailure,
                           State &Changed) const {
  auto IsTwin = [&](const State &O) {
    return O.sameValues(S) && (!ByFailure || O.Failure == S.Failure);
  };
  auto Twin = llvm::find_if(List, IsTwin);
  if (Twin == List.end() && List.size() >= MaxStates)
    Twin = llvm::find_if(List, [&](const State &O) { return O.sameValues(S); });
  if (Twin == List.end() &&
      List.size() < (ByFailure ? MaxFailures : MaxStates)) {
    Changed = S;
    List.push_back(std::move(S));
    return true;
  }
  State *Known = Twin == List.end() ? closest(List, S) : &*Twin;
  State Merged = *Known;
  joinAll(Merged, S);
  if (Merged == *Known)
    return false;
  *Known = Merged;
  Changed = std::move(Merged);
  return true;
}

} // namespace devlife
