//===- RulesYaml.cpp - A rules file as it is written ----------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// llvm::yaml tells unknown, missing and doubled keys by itself. Its first
// diagnostic becomes the error: those after it are mostly consequences.
//
//===----------------------------------------------------------------------===//

#include "rules/YamlTraits.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errc.h"

using namespace llvm;
using namespace devlife;

namespace {

/// One of entryKinds().
struct EntryName {
  std::string Text;
};

struct FailName {
  StringLiteral Key;
  FailKind Kind;
};

constexpr FailName FailNames[] = {
    {"never", FailKind::Never},     {"negative", FailKind::Negative},
    {"nonzero", FailKind::Nonzero}, {"null-pointer", FailKind::Null},
    {"err-ptr", FailKind::ErrPtr},  {"zero", FailKind::Zero},
};

bool isIdentifier(StringRef Text) {
  return !Text.empty() && !isDigit(Text[0]) &&
         all_of(Text, [](char C) { return isAlnum(C) || C == '_'; });
}

/// "remove", "ops.remove".
bool isMemberPath(StringRef Text) {
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, '.');
  return all_of(Parts, isIdentifier);
}

/// Reads "arg0", "arg-1", "return", "base", "value"; None when it is neither.
ArgRef parseArgRef(StringRef Text) {
  ArgRef Ref;
  Ref.Pointee = Text.consume_front("*");
  if (Text == "return") {
    Ref.Kind = ArgRef::Return;
  } else if (Text == "base") {
    Ref.Kind = ArgRef::Base;
  } else if (Text == "value") {
    Ref.Kind = ArgRef::Value;
  } else if (Text.consume_front("arg")) {
    bool FromEnd = Text.consume_front("-");
    uint8_t Number;
    if (!Text.empty() && isDigit(Text[0]) && !Text.getAsInteger(10, Number) &&
        Number < 32 && !(FromEnd && !Number)) {
      Ref.Kind = ArgRef::Arg;
      Ref.Index = FromEnd ? -int(Number) : int(Number);
    }
  }
  return Ref;
}

/// Reads "6.12" or "6.12.3"; 0 when it is neither.
uint32_t parseVersion(StringRef Text) {
  SmallVector<StringRef, 3> Parts;
  Text.split(Parts, '.');
  uint32_t Number[3] = {0, 0, 0};
  if (Parts.size() < 2 || Parts.size() > 3)
    return 0;
  for (auto [Index, Part] : enumerate(Parts))
    if (Part.empty() || !all_of(Part, isDigit) ||
        Part.getAsInteger(10, Number[Index]) || Number[Index] > 255)
      return 0;
  return (Number[0] << 16) + (Number[1] << 8) + Number[2];
}

} // namespace

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

namespace llvm::yaml {

StringRef ScalarTraits<Spelled>::input(StringRef Text, void *Context,
                                       Spelled &Value) {
  YamlReader &R = YamlReader::of(Context);
  if (Text.empty())
    return "a name must not be empty";
  Value = {Text.str(), R.place(R.here())};
  return {};
}

StringRef ScalarTraits<ArgRef>::input(StringRef Text, void *Context,
                                      ArgRef &Value) {
  YamlReader &R = YamlReader::of(Context);
  Value = parseArgRef(Text);
  if (!Value)
    return R.wrong("bad argument '" + Text +
                   "': expected argN, arg-N, return, base or value");
  bool OfStore = Value.Kind == ArgRef::Base || Value.Kind == ArgRef::Value;
  if (OfStore != R.InField)
    return R.wrong("'" + Text + "' has no meaning for a " +
                   (R.InField ? "field" : "call"));
  return {};
}

StringRef ScalarTraits<FailKind>::input(StringRef Text, void *Context,
                                        FailKind &Value) {
  for (const FailName &Name : FailNames)
    if (Name.Key == Text) {
      Value = Name.Kind;
      return {};
    }
  return YamlReader::of(Context).wrong(
      "unknown value '" + Text + "': expected one of " +
      join(map_range(FailNames, [](auto &Name) { return Name.Key.str(); }),
           ", "));
}

template <> struct ScalarTraits<EntryName> : InputScalarTraits<EntryName> {
  static StringRef input(StringRef Text, void *Context, EntryName &Value) {
    Value.Text = Text.str();
    if (is_contained(entryKinds(), Text))
      return {};
    return YamlReader::of(Context).wrong("unknown entry kind '" + Text + "'");
  }
};

template <> struct ScalarTraits<YamlVersion> : InputScalarTraits<YamlVersion> {
  static StringRef input(StringRef Text, void *Context, YamlVersion &Value) {
    YamlReader &R = YamlReader::of(Context);
    // Unquoted, 6.10 is the number 6.1 to every other reader of YAML.
    if (*R.here() != '"' && *R.here() != '\'')
      return "a version must be quoted";
    Value = {parseVersion(Text), R.place(R.here())};
    if (!Value.Code)
      return R.wrong("bad version '" + Text + "': expected such as \"6.12\"");
    return {};
  }
};

} // namespace llvm::yaml

namespace devlife {
void yamlize(yaml::IO &IO, SpelledList &List, bool, yaml::EmptyContext &) {
  readOneOrMany(IO, List.Items, Spelled());
}
} // namespace devlife

//===----------------------------------------------------------------------===//
// Mappings
//===----------------------------------------------------------------------===//

LLVM_YAML_IS_SEQUENCE_VECTOR(ArgRef)
LLVM_YAML_IS_SEQUENCE_VECTOR(Spelled)
LLVM_YAML_IS_SEQUENCE_VECTOR(YamlResource)
LLVM_YAML_IS_SEQUENCE_VECTOR(YamlContract)
LLVM_YAML_IS_SEQUENCE_VECTOR(YamlRow)
LLVM_YAML_IS_SEQUENCE_VECTOR(YamlDriver)
LLVM_YAML_IS_SEQUENCE_VECTOR(ManagedPair)
LLVM_YAML_IS_SEQUENCE_VECTOR(KeptArgument)
LLVM_YAML_IS_SEQUENCE_VECTOR(YamlHeld)
LLVM_YAML_IS_SEQUENCE_VECTOR(YamlHandover)

namespace llvm::yaml {

template <> struct MappingTraits<YamlEffect> {
  static void mapping(IO &IO, YamlEffect &E) {
    YamlReader &R = YamlReader::of(IO);
    E.At = R.place(R.here());
    for (const SlotSpec &Slot : slotSpecs()) {
      if (!(E.Spec->allowed() & Slot.Slot))
        continue;
      bool Required = E.Spec->Required & Slot.Slot;
      auto Map = [&](auto &Value) {
        if (Required)
          IO.mapRequired(Slot.Key.data(), Value);
        else
          IO.mapOptional(Slot.Key.data(), Value);
      };
      if (Slot.Member) {
        Map(E.Value.*Slot.Member);
      } else if (Slot.Slot == SlotLasting) {
        Map(E.Value.Lasting);
      } else if (Slot.Slot == SlotDisabledBy || Slot.Slot == SlotSharedBy) {
        Hex32 Bits = 0;
        Map(Bits);
        (Slot.Slot == SlotSharedBy ? E.Value.SharedBy : E.Value.DisabledBy) =
            Bits;
      } else if (Slot.Slot == SlotField) {
        Map(E.Value.Field);
      } else if (Slot.Slot == SlotCalls) {
        Map(E.Value.Calls);
      } else if (Slot.Slot == SlotAfter) {
        Map(E.Value.After);
      } else if (Slot.Slot == SlotHandlers) {
        Map(E.Value.Handlers);
      } else if (Slot.Slot == SlotResources) {
        Map(E.Resources);
      } else if (Slot.Slot == SlotResource) {
        Map(E.Resources.emplace_back());
        if (!E.Resources.back())
          E.Resources.pop_back();
      } else if (Slot.Slot == SlotEntry) {
        EntryName Entry;
        Map(Entry);
        E.Value.What = Entry.Text;
      } else {
        Map(E.Value.Handlers.emplace_back());
        if (!E.Value.Handlers.back())
          E.Value.Handlers.pop_back();
      }
    }
  }

  static std::string validate(IO &, YamlEffect &E) {
    const EffectSpec &Spec = *E.Spec;
    if (Spec.Required & SlotResources && E.Resources.empty())
      return ("'" + Spec.Key + "' names no resource").str();
    auto IsThere = [&](const SlotSpec &Slot) {
      return Spec.AnyOf & Slot.Slot && E.Value.*Slot.Member;
    };
    if (Spec.AnyOf && none_of(slotSpecs(), IsThere)) {
      std::string Keys;
      for (const SlotSpec &Slot : slotSpecs())
        if (Spec.AnyOf & Slot.Slot)
          Keys += ((Keys.empty() ? "'" : " or '") + Slot.Key + "'").str();
      return ("'" + Spec.Key + "' needs " + Keys).str();
    }
    return "";
  }
};

} // namespace llvm::yaml

namespace devlife {
static void yamlize(yaml::IO &IO, YamlEffectList &List, bool,
                    yaml::EmptyContext &) {
  YamlEffect New;
  New.Spec = List.Spec;
  New.Value.Kind = List.Spec->Kind;
  readOneOrMany(IO, List.Items, New);
}
} // namespace devlife

namespace llvm::yaml {

template <> struct MappingTraits<Successor> {
  static void mapping(IO &IO, Successor &S) {
    IO.mapRequired("call", S.Call);
    IO.mapOptional("args", S.Args);
    IO.mapOptional("result", S.Result);
    IO.mapOptional("precondition", S.Precondition);
    if (S.Result.empty())
      S.Result = "same";
  }

  static std::string validate(IO &, Successor &S) {
    if (S.Result != "same" && S.Result != "count-or-negative")
      return "unknown result '" + S.Result +
             "': expected same or count-or-negative";
    return "";
  }
};

template <> struct MappingTraits<YamlRow> {
  static void mapping(IO &IO, YamlRow &Row) {
    YamlReader &R = YamlReader::of(IO);
    Row.At = R.place(R.here());
    IO.mapOptional("call", Row.Names);
    R.InField = Row.Names.Items.empty();
    if (R.InField) {
      IO.mapOptional("field", Row.Field);
      IO.mapOptional("store", Row.Store);
      if (bool(Row.Field) == bool(Row.Store))
        return IO.setError("a row needs one of 'call', 'field' and 'store'");
      if (Row.Field)
        IO.mapOptional("becomes", Row.BecomesText);
    } else {
      IO.mapOptional("becomes", Row.Becomes);
      IO.mapOptional("sync-form", Row.SyncForm);
      IO.mapOptional("managed-by", Row.ManagedBy);
      IO.mapOptional("like", Row.Like);
      if (Row.Like)
        IO.mapOptional("shift", Row.Shift);
      IO.mapOptional("fails", Row.Fails);
      IO.mapOptional("runs-action-on-failure", Row.RunsActionOnFailure);
      IO.mapOptional("legacy", Row.IsLegacy);
      IO.mapOptional("since", Row.Since);
      IO.mapOptional("until", Row.Until);
    }
    IO.mapOptional("source", Row.Source);
    for (const EffectSpec &Spec : effectSpecs()) {
      YamlEffectList List{&Spec, {}};
      IO.mapOptional(Spec.Key.data(), List);
      append_range(Row.Effects, List.Items);
    }
    sort(Row.Effects,
         [](const YamlEffect &A, const YamlEffect &B) { return A.At < B.At; });
  }
};

template <> struct MappingTraits<YamlResource> {
  static void mapping(IO &IO, YamlResource &R) {
    IO.mapRequired("name", R.Name);
    IO.mapRequired("text", R.Text);
    IO.mapOptional("contract", R.Contract);
    IO.mapOptional("memory", R.Flags.IsMemory);
    IO.mapOptional("callbacks", R.Flags.HasCallbacks);
    IO.mapOptional("optional", R.Flags.IsOptional);
    IO.mapOptional("power", R.Flags.IsPower);
    IO.mapOptional("reference", R.Flags.IsReference);
    IO.mapOptional("refcounted", R.Flags.IsRefcounted);
    IO.mapOptional("needed", R.Flags.IsNeeded);
    IO.mapOptional("idempotent", R.Flags.IsIdempotent);
    IO.mapOptional("awaited", R.Flags.IsAwaited);
    IO.mapOptional("pins-module", R.Flags.IsPinning);
    IO.mapOptional("dormant", R.Flags.IsDormant);
    IO.mapOptional("published", R.Flags.IsPublished);
  }
};

/// The keys of `implicit-while`, which ContractRule holds flat.
struct Implicit {
  std::string File, Function, Mentions;
};

template <> struct MappingTraits<Implicit> {
  static void mapping(IO &IO, Implicit &I) {
    IO.mapRequired("file", I.File);
    IO.mapRequired("function", I.Function);
    IO.mapRequired("mentions", I.Mentions);
  }
};

template <> struct MappingTraits<YamlContract> {
  static void mapping(IO &IO, YamlContract &C) {
    Implicit While;
    IO.mapRequired("name", C.Name);
    IO.mapRequired("declares", C.Rule.Declares);
    IO.mapRequired("implicit-while", While);
    C.Rule.Name = C.Name.Text;
    C.Rule.ImplicitFile = While.File;
    C.Rule.ImplicitFunction = While.Function;
    C.Rule.ImplicitMentions = While.Mentions;
  }
};

template <> struct MappingTraits<YamlHeld> {
  static void mapping(IO &IO, YamlHeld &H) {
    IO.mapRequired("resource", H.Resource);
    IO.mapOptional("field", H.Field);
  }
};

template <> struct MappingTraits<YamlDriver> {
  static void mapping(IO &IO, YamlDriver &D) {
    IO.mapRequired("table", D.Table);
    IO.mapRequired("device", D.Device);
    IO.mapRequired("begin", D.Begin);
    IO.mapRequired("end", D.End);
    IO.mapOptional("quiesces", D.Quiesces);
    IO.mapOptional("permanent-if", D.Permanent);
    IO.mapOptional("releases", D.Releases);
    IO.mapOptional("session", D.IsSession);
    IO.mapOptional("holds", D.Holds);
    IO.mapOptional("held", D.Held);
    IO.mapOptional("source", D.Source);
  }
};

template <> struct MappingTraits<ExportRule> {
  static void mapping(IO &IO, ExportRule &E) {
    IO.mapRequired("word", E.Word);
    IO.mapRequired("variable", E.Variable);
  }
};

template <> struct MappingTraits<ManagedPair> {
  static void mapping(IO &IO, ManagedPair &P) {
    IO.mapRequired("managed", P.Managed);
    IO.mapRequired("plain", P.Plain);
    IO.mapRequired("undo", P.Undo);
    IO.mapRequired("source", P.Source);
  }
};

template <> struct MappingTraits<KeptArgument> {
  static void mapping(IO &IO, KeptArgument &K) {
    YamlReader::of(IO).InField = false;
    IO.mapRequired("call", K.Call);
    IO.mapRequired("argument", K.Argument);
    IO.mapRequired("source", K.Source);
  }
};

template <> struct MappingTraits<YamlHandover> {
  static void mapping(IO &IO, YamlHandover &H) {
    IO.mapRequired("table", H.Rule.Table);
    IO.mapRequired("makes", H.Rule.Makes);
    IO.mapRequired("object", H.Rule.Object);
    IO.mapRequired("frees", H.Rule.Frees);
    IO.mapRequired("argument", H.Rule.Argument);
    IO.mapOptional("source", H.Source);
  }
};

template <> struct MappingTraits<YamlFile> {
  static void mapping(IO &IO, YamlFile &F) {
    IO.mapRequired("subsystem", F.Subsystem);
    IO.mapRequired("source", F.Source);
    IO.mapOptional("resources", F.Resources);
    IO.mapOptional("contracts", F.Contracts);
    IO.mapOptional("rules", F.Rows);
    IO.mapOptional("drivers", F.Drivers);
    IO.mapOptional("generated", F.IsGenerated);
    IO.mapOptional("contexts", F.Contexts);
    IO.mapOptional("lock-orders", F.LockOrders);
    IO.mapOptional("exports", F.Exports);
    IO.mapOptional("pairs", F.Pairs);
    IO.mapOptional("keeps", F.Kept);
    IO.mapOptional("handovers", F.Handovers);
    IO.mapOptional("doorbells", F.Doorbells);
  }
};

} // namespace llvm::yaml

//===----------------------------------------------------------------------===//
// Reading and checking a file
//===----------------------------------------------------------------------===//

namespace devlife {

std::string spell(StringRef Name, YamlPlace At) {
  return (Name + ":" + Twine(At.Line) + ":" + Twine(At.Column)).str();
}

std::string toString(ArgRef Ref) {
  std::string Text = Ref.Pointee ? "*" : "";
  switch (Ref.Kind) {
  case ArgRef::None:
    return "";
  case ArgRef::Arg:
    return Text + "arg" + itostr(Ref.Index);
  case ArgRef::Return:
    return Text + "return";
  case ArgRef::Base:
    return Text + "base";
  case ArgRef::Value:
    return Text + "value";
  }
  llvm_unreachable("bad ArgRef");
}

StringRef toString(FailKind Kind) {
  for (const FailName &Name : FailNames)
    if (Name.Kind == Kind)
      return Name.Key;
  llvm_unreachable("bad FailKind");
}

/// What is wrong with a row that has only known keys; "" when nothing is.
static std::string checkRow(const YamlRow &Row, YamlPlace &At) {
  At = Row.At;
  if (Row.Effects.empty() && !Row.Like)
    return "the row has no effect";
  for (const Spelled &Name : Row.Names.Items)
    if (!isIdentifier(Name.Text)) {
      At = Name.At;
      return "'" + Name.Text + "' is not the name of a function";
    }
  if (const Spelled &Where = Row.Field ? Row.Field : Row.Store) {
    auto [Record, Path] = StringRef(Where.Text).split('.');
    if (!isIdentifier(Record) || !isMemberPath(Path)) {
      At = Where.At;
      return "'" + Where.Text + "' is not of the form record.field";
    }
  }
  if (Row.RunsActionOnFailure && !Row.Like &&
      none_of(Row.Effects, [](const YamlEffect &E) {
        return E.Value.Kind == EffectKind::Action ||
               E.Value.Kind == EffectKind::Put;
      }))
    return "'runs-action-on-failure' needs 'action' or 'put'";
  if (Row.Shift > 31) {
    At = Row.Like.At;
    return "'shift' is too large";
  }
  if (Row.Until.Code && Row.Until.Code <= Row.Since.Code) {
    At = Row.Until.At;
    return "'until' must be later than 'since'";
  }
  return "";
}

static std::string checkDriver(const YamlDriver &Driver, YamlPlace &At) {
  At = Driver.Table.At;
  if (!isIdentifier(Driver.Table.Text))
    return "'" + Driver.Table.Text + "' is not the name of a record";
  for (const SpelledList *List : {&Driver.Begin, &Driver.End}) {
    if (List->Items.empty())
      return "a driver table needs fields that begin and fields that end";
    for (const Spelled &Field : List->Items)
      if (!isMemberPath(Field.Text)) {
        At = Field.At;
        return "'" + Field.Text + "' is not the name of a field";
      }
  }
  return "";
}

Expected<YamlFile> parseRules(StringRef Name, StringRef Text) {
  YamlReader R(Text);
  auto Handle = [](const SMDiagnostic &Diag, void *Context) {
    std::string &First = static_cast<YamlReader *>(Context)->FirstError;
    if (First.empty())
      First = (Diag.getFilename() + ":" + Twine(Diag.getLineNo()) + ":" +
               Twine(Diag.getColumnNo() + 1) + ": " + Diag.getMessage())
                  .str();
  };
  yaml::Input In(MemoryBufferRef(Text, Name), &R, Handle, &R);
  R.In = &In;

  YamlFile File;
  In >> File;
  if (!R.FirstError.empty())
    return createStringError(errc::invalid_argument, Twine(R.FirstError));

  auto Wrong = [&](YamlPlace At, const Twine &What) {
    return createStringError(errc::invalid_argument,
                             spell(Name, At) + ": " + What);
  };
  // An empty document has no diagnostic.
  if (In.error() || File.Subsystem.empty() || File.Source.empty())
    return Wrong({}, "a rules file needs 'subsystem' and 'source'");
  In.nextDocument();
  if (In.setCurrentDocument())
    return Wrong(R.place(R.here()), "a rules file is one document");
  YamlPlace At;
  for (const YamlRow &Row : File.Rows)
    if (std::string What = checkRow(Row, At); !What.empty())
      return Wrong(At, What);
  for (const YamlDriver &Driver : File.Drivers)
    if (std::string What = checkDriver(Driver, At); !What.empty())
      return Wrong(At, What);
  return File;
}

} // namespace devlife
