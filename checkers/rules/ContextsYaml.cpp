//===- ContextsYaml.cpp - `contexts` and `lock-orders` as written --------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/YamlTraits.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace devlife;

namespace llvm::yaml {

template <> struct MappingTraits<YamlContextEffect> {
  static void mapping(IO &IO, YamlContextEffect &E) {
    switch (E.Value.Kind) {
    case ContextEffect::Sleeps:
      IO.mapOptional("flags", E.Value.Flags);
      IO.mapOptional("mask", E.Value.Mask);
      IO.mapOptional("unless-calls", E.Value.UnlessCalls);
      return;
    case ContextEffect::WaitsFor:
      IO.mapOptional("ops", E.Value.Ops);
      IO.mapOptional("object", E.Value.Object);
      IO.mapOptional("table", E.Value.Table);
      return;
    case ContextEffect::TestsBit:
    case ContextEffect::SetsBit:
    case ContextEffect::ClearsBit:
      IO.mapRequired("number", E.Value.Number);
      IO.mapRequired("object", E.Value.Object);
      return;
    case ContextEffect::Lock:
      IO.mapOptional("try", E.Value.Try);
      IO.mapOptional("shared", E.Value.IsShared);
      [[fallthrough]];
    default:
      IO.mapRequired("kind", E.Lock);
      IO.mapOptional("object", E.Value.Object);
      IO.mapOptional("name", E.Value.Name);
    }
  }
};

} // namespace llvm::yaml

namespace devlife {
/// `sleeps: true`, or what a mapping says.
static void yamlize(yaml::IO &IO, YamlContextEffectList &List, bool,
                    yaml::EmptyContext &) {
  YamlContextEffect New;
  New.Value.Kind = List.Kind;
  if (isa_and_nonnull<yaml::ScalarNode>(
          YamlReader::of(IO).In->getCurrentNode())) {
    bool IsTrue = true;
    yaml::EmptyContext Empty;
    yaml::yamlize(IO, IsTrue, true, Empty);
    if (!IsTrue || List.Kind != ContextEffect::Sleeps)
      IO.setError("expected 'true' for 'sleeps', or a mapping");
    List.Items.push_back(New);
    return;
  }
  readOneOrMany(IO, List.Items, New);
}
} // namespace devlife

namespace llvm::yaml {

void MappingTraits<YamlContext>::mapping(IO &IO, YamlContext &C) {
  YamlReader &R = YamlReader::of(IO);
  C.At = R.place(R.here());
  R.InField = false;
  IO.mapOptional("call", C.Calls);
  IO.mapOptional("ops", C.Ops);
  IO.mapOptional("function", C.Functions);
  IO.mapOptional("global", C.Globals);
  IO.mapOptional("field", C.Fields);
  IO.mapOptional("entry", C.Entry);
  IO.mapOptional("type", C.Type);
  static constexpr std::pair<const char *, ContextEffect::KindTy> Keys[] = {
      {"sleeps", ContextEffect::Sleeps},
      {"lock", ContextEffect::Lock},
      {"unlock", ContextEffect::Unlock},
      {"takes", ContextEffect::Takes},
      {"waits-for", ContextEffect::WaitsFor},
      {"tests-bit", ContextEffect::TestsBit},
      {"sets-bit", ContextEffect::SetsBit},
      {"clears-bit", ContextEffect::ClearsBit},
  };
  for (auto [Key, Kind] : Keys) {
    YamlContextEffectList List{Kind, {}};
    IO.mapOptional(Key, List);
    append_range(C.Effects, List.Items);
  }
  bool Tests = false;
  IO.mapOptional("tests-context", Tests);
  if (Tests)
    C.Effects.emplace_back().Value.Kind = ContextEffect::Tests;
  bool Last = false;
  IO.mapOptional("last-reference", Last);
  if (Last)
    C.Effects.emplace_back().Value.Kind = ContextEffect::Last;
  bool TestsSelf = false;
  IO.mapOptional("tests-self", TestsSelf);
  if (TestsSelf)
    C.Effects.emplace_back().Value.Kind = ContextEffect::TestsSelf;
  IO.mapOptional("fails", C.Fails);
  IO.mapOptional("context", C.Runs);
  IO.mapOptional("kind", C.Kind);
  IO.mapOptional("unless", C.Unless);
  IO.mapOptional("handler", C.Handler);
  IO.mapOptional("holds", C.Holds);
  IO.mapOptional("confidence", C.Confidence);
  IO.mapOptional("source", C.Source);
}

void MappingTraits<YamlLockOrder>::mapping(IO &IO, YamlLockOrder &O) {
  std::string Source;
  IO.mapRequired("outer", O.Rule.Outer);
  IO.mapRequired("inner", O.Rule.Inner);
  IO.mapRequired("by", O.Rule.By);
  IO.mapOptional("source", Source);
}

} // namespace llvm::yaml
