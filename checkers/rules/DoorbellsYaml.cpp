//===- DoorbellsYaml.cpp - `doorbells` as written -------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/YamlTraits.h"

using namespace llvm;
using namespace devlife;

namespace {

struct YamlInput {
  SpelledList Calls;
  ArgRef Value;
};

} // namespace

LLVM_YAML_IS_SEQUENCE_VECTOR(YamlInput)

namespace llvm::yaml {

template <> struct MappingTraits<YamlInput> {
  static void mapping(IO &IO, YamlInput &I) {
    IO.mapRequired("call", I.Calls);
    IO.mapRequired("value", I.Value);
  }
};

void MappingTraits<YamlDoorbells>::mapping(IO &IO, YamlDoorbells &D) {
  YamlReader &R = YamlReader::of(IO);
  D.At = R.place(R.here());
  R.InField = false;
  SpelledList Masks, LowBits;
  std::vector<YamlInput> Inputs;
  IO.mapRequired("event", D.Rule.Event);
  IO.mapRequired("vector", D.Rule.Vector);
  IO.mapRequired("ops", D.Rule.Ops);
  IO.mapRequired("valid-mask", D.Rule.ValidMask);
  IO.mapRequired("vector-count", D.Rule.VectorCount);
  IO.mapRequired("vector-mask", D.Rule.VectorMask);
  IO.mapRequired("masks", Masks);
  IO.mapOptional("low-bits", LowBits);
  IO.mapOptional("inputs", Inputs);
  IO.mapOptional("source", D.Rule.Source);
  for (const Spelled &Field : Masks.Items)
    D.Rule.Masks.push_back(Field.Text);
  for (const Spelled &Call : LowBits.Items)
    D.Rule.LowBits.push_back(Call.Text);
  for (const YamlInput &Input : Inputs)
    for (const Spelled &Call : Input.Calls.Items)
      D.Rule.Inputs.push_back({Call.Text, Input.Value});
}

} // namespace llvm::yaml
