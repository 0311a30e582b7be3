//===- YamlTraits.h - How the sections of a rules file are read ----------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the files that read the sections; nobody else needs it.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_RULES_YAMLTRAITS_H
#define DEVLIFE_RULES_YAMLTRAITS_H

#include "rules/RulesYaml.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/YAMLTraits.h"

namespace devlife {

/// What the traits share while one file is read: their context.
struct YamlReader {
  explicit YamlReader(llvm::StringRef Text) : Text(Text), Lines({0}) {
    for (size_t At = 0; (At = Text.find('\n', At)) != llvm::StringRef::npos;)
      Lines.push_back(++At);
  }

  llvm::StringRef Text;
  std::vector<size_t> Lines; ///< Where each begins.
  llvm::yaml::Input *In = nullptr;
  bool InField = false; ///< The row names a field, not a call.
  std::string Message;  ///< Keeps what ScalarTraits::input() returns alive.
  std::string FirstError;

  YamlPlace place(const char *At) const {
    if (At < Text.begin() || At > Text.end())
      return {};
    size_t Offset = At - Text.begin();
    auto Line = std::prev(llvm::upper_bound(Lines, Offset));
    return {unsigned(Line - Lines.begin() + 1), unsigned(Offset - *Line + 1)};
  }

  const char *here() const {
    const llvm::yaml::Node *Node = In->getCurrentNode();
    return Node ? Node->getSourceRange().Start.getPointer() : Text.begin();
  }

  static YamlReader &of(void *Context) {
    return *static_cast<YamlReader *>(Context);
  }
  static YamlReader &of(llvm::yaml::IO &IO) { return of(IO.getContext()); }

  llvm::StringRef wrong(const llvm::Twine &What) {
    Message = What.str();
    return Message;
  }
};

/// Reads one item or a list of them, each made from \p New. PolymorphicTraits
/// would do, but for its llvm_unreachable on an empty value.
template <typename ItemsT, typename NewT>
void readOneOrMany(llvm::yaml::IO &IO, ItemsT &Items, NewT New) {
  llvm::yaml::EmptyContext Empty;
  if (!llvm::isa_and_nonnull<llvm::yaml::SequenceNode>(
          YamlReader::of(IO).In->getCurrentNode()))
    return llvm::yaml::yamlize(IO, Items.emplace_back(New), true, Empty);
  unsigned Count = IO.beginSequence();
  for (unsigned Index = 0; Index != Count; ++Index) {
    void *Saved;
    if (!IO.preflightElement(Index, Saved))
      continue;
    llvm::yaml::yamlize(IO, Items.emplace_back(New), true, Empty);
    IO.postflightElement(Saved);
  }
  IO.endSequence();
}

void yamlize(llvm::yaml::IO &IO, SpelledList &List, bool,
             llvm::yaml::EmptyContext &);

} // namespace devlife

LLVM_YAML_IS_SEQUENCE_VECTOR(devlife::YamlContext)
LLVM_YAML_IS_SEQUENCE_VECTOR(devlife::YamlLockOrder)
LLVM_YAML_IS_SEQUENCE_VECTOR(devlife::YamlDoorbells)

namespace llvm::yaml {

/// A scalar that is only ever read.
template <typename T> struct InputScalarTraits {
  static void output(const T &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <>
struct ScalarTraits<devlife::Spelled> : InputScalarTraits<devlife::Spelled> {
  static StringRef input(StringRef Text, void *Context,
                         devlife::Spelled &Value);
};

template <>
struct ScalarTraits<devlife::ArgRef> : InputScalarTraits<devlife::ArgRef> {
  static StringRef input(StringRef Text, void *Context, devlife::ArgRef &Value);
};

template <>
struct ScalarTraits<devlife::FailKind> : InputScalarTraits<devlife::FailKind> {
  static StringRef input(StringRef Text, void *Context,
                         devlife::FailKind &Value);
};

template <> struct MappingTraits<devlife::YamlContext> {
  static void mapping(IO &IO, devlife::YamlContext &C);
};

template <> struct MappingTraits<devlife::YamlLockOrder> {
  static void mapping(IO &IO, devlife::YamlLockOrder &O);
};

template <> struct MappingTraits<devlife::YamlDoorbells> {
  static void mapping(IO &IO, devlife::YamlDoorbells &D);
};

} // namespace llvm::yaml

#endif // DEVLIFE_RULES_YAMLTRAITS_H
