//===- Rules.cpp - What each kernel API does ------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second half of loading rules: joins the files, and checks what needs
// them all.
//
// - A name of a function, field, driver table, resource or contract is
//   declared once; a function may have several rows if no kernel version has
//   two of them.
// - What a row refers to exists: resources, contracts, the function of `like`.
// - `like` does not go in a circle.
//
//===----------------------------------------------------------------------===//

#include "rules/Rules.h"
#include "rules/RulesYaml.h"
#include "support/Embedded.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace devlife {

struct RuleSet::Pending {
  struct Reference {
    std::string Name, Where;
  };
  struct Like {
    unsigned Row;
    std::string Function, Where;
    unsigned Shift;
    bool HasFails;
    enum { New, Active, Done } State = New;
  };
  std::vector<Reference> Resources, Contracts;
  struct Sync {
    unsigned Row;
    std::string Where;
  };
  std::vector<Sync> Syncs;
  std::vector<Like> Likes;
  DenseMap<unsigned, unsigned> LikeOfRow; ///< Index into Likes.
  std::vector<std::string> RowWhere;
  StringMap<std::string> Declared; ///< "driver pci_driver" -> where.

  /// Notes where \p What is declared; an error when it is for a second time.
  Error declare(StringRef Kind, StringRef Name, StringRef Where) {
    auto [It, IsNew] =
        Declared.try_emplace((Kind + " " + Name).str(), Where.str());
    if (IsNew)
      return Error::success();
    return wrong(Where, "second " + Kind + " '" + Name + "', the first is at " +
                            It->second);
  }

  static Error wrong(StringRef Where, const Twine &What) {
    return createStringError(errc::invalid_argument, Where + ": " + What);
  }
};

RuleSet::RuleSet()
    : Waiting(std::make_unique<Pending>()),
      Contexts(std::make_unique<ContextRules>()) {}
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet &&) = default;
RuleSet &RuleSet::operator=(RuleSet &&) = default;

bool DoorbellRule::seesLowBits(StringRef Callee) const {
  return is_contained(LowBits, Callee);
}

const Effect *CallRule::find(EffectKind Kind) const {
  auto It = find_if(Effects, [&](const Effect &E) { return E.Kind == Kind; });
  return It == Effects.end() ? nullptr : &*It;
}

StringRef normaliseCallee(StringRef Callee) {
  StringRef Name = Callee;
  Name.consume_front("__");
  Name.consume_back("_noprof");
  return Name.empty() ? Callee : Name;
}

//===----------------------------------------------------------------------===//
// Adding files
//===----------------------------------------------------------------------===//

static std::vector<Effect> effectsOf(const YamlRow &Row) {
  std::vector<Effect> Effects;
  for (const YamlEffect &E : Row.Effects) {
    if (E.Resources.empty())
      Effects.push_back(E.Value);
    for (const Spelled &Resource : E.Resources) {
      Effects.push_back(E.Value);
      Effects.back().What = Resource.Text;
    }
  }
  return Effects;
}

static std::vector<std::string> textsOf(const SpelledList &List) {
  std::vector<std::string> Texts;
  for (const Spelled &Item : List.Items)
    Texts.push_back(Item.Text);
  return Texts;
}

/// Does one kernel version see both rows?
static bool overlap(const CallRule &A, const CallRule &B) {
  return (!A.Until || B.Since < A.Until) && (!B.Until || A.Since < B.Until);
}

Error RuleSet::add(StringRef Name, StringRef Text) {
  Expected<YamlFile> File = parseRules(Name, Text);
  if (!File)
    return File.takeError();
  ++NumFiles;
  auto SourceOf = [&](const std::string &Own) {
    return Own.empty() ? File->Source : Own;
  };

  for (const YamlResource &R : File->Resources) {
    if (Error E =
            Waiting->declare("resource", R.Name.Text, spell(Name, R.Name.At)))
      return E;
    ResourceRule &New = Resources.emplace_back(R.Flags);
    New.Name = R.Name.Text;
    New.Text = R.Text;
    New.Contract = R.Contract.Text;
    ResourceIndex[New.Name] = Resources.size() - 1;
    if (R.Contract)
      Waiting->Contracts.push_back(
          {R.Contract.Text, spell(Name, R.Contract.At)});
  }
  for (const YamlContract &C : File->Contracts) {
    if (Error E =
            Waiting->declare("contract", C.Name.Text, spell(Name, C.Name.At)))
      return E;
    Contracts.push_back(C.Rule);
  }
  for (const YamlDriver &D : File->Drivers) {
    if (Error E = Waiting->declare("driver table", D.Table.Text,
                                   spell(Name, D.Table.At)))
      return E;
    DriverIndex[D.Table.Text] = Drivers.size();
    Drivers.push_back({D.Table.Text,
                       D.Device,
                       textsOf(D.Begin),
                       textsOf(D.End),
                       textsOf(D.Quiesces),
                       D.Permanent,
                       D.Releases,
                       D.IsSession,
                       D.Holds.empty() ? "" : lockClass(D.Holds, D.Device),
                       SourceOf(D.Source),
                       {}});
    for (const YamlHeld &H : D.Held) {
      Waiting->Resources.push_back(
          {H.Resource.Text, spell(Name, H.Resource.At)});
      Drivers.back().Held.push_back({H.Resource.Text, H.Field});
    }
  }
  for (const YamlHandover &H : File->Handovers)
    Handovers.push_back(H.Rule);
  if (Error E = addContexts(*Contexts, Name, *File))
    return E;

  if (!File->Exports.Word.empty())
    Exports = File->Exports;
  append_range(Pairs, File->Pairs);
  append_range(Kept, File->Kept);
  for (YamlDoorbells &Row : File->Doorbells) {
    if (Error E = Waiting->declare("row of doorbells of", Row.Rule.Event,
                                   spell(Name, Row.At)))
      return E;
    Row.Rule.Source = SourceOf(Row.Rule.Source);
    Doorbells.push_back(std::move(Row.Rule));
  }

  for (const YamlRow &Row : File->Rows) {
    if (File->IsGenerated && all_of(Row.Names.Items, [&](const Spelled &Name) {
          return call(Name.Text);
        }))
      continue;
    for (const YamlEffect &E : Row.Effects)
      for (const Spelled &Resource : E.Resources)
        Waiting->Resources.push_back({Resource.Text, spell(Name, Resource.At)});

    if (Row.Field || Row.Store) {
      const Spelled &Where = Row.Field ? Row.Field : Row.Store;
      if (Error E =
              Waiting->declare(Row.Field ? "row of field" : "row of store to",
                               Where.Text, spell(Name, Where.At)))
        return E;
      auto [Record, Field] = StringRef(Where.Text).split('.');
      std::vector<FieldRule> &List = Row.Field ? Fields : Stores;
      (Row.Field ? FieldIndex : StoreIndex)[Where.Text] = List.size();
      List.push_back({Record.str(), Field.str(), effectsOf(Row),
                      Row.BecomesText, SourceOf(Row.Source)});
      continue;
    }

    unsigned Index = Calls.size();
    CallRule &Rule = Calls.emplace_back();
    Rule.Effects = effectsOf(Row);
    Rule.Fails = Row.Fails.value_or(FailKind::Never);
    Rule.ManagedBy = Row.ManagedBy;
    Rule.RunsActionOnFailure = Row.RunsActionOnFailure;
    Rule.IsLegacy = Row.IsLegacy;
    Rule.IsGenerated = File->IsGenerated;
    Rule.Becomes = Row.Becomes;
    Rule.SyncForm = Row.SyncForm.Text;
    if (Row.SyncForm)
      Waiting->Syncs.push_back({Index, spell(Name, Row.SyncForm.At)});
    Rule.Source = SourceOf(Row.Source);
    Rule.Since = Row.Since.Code;
    Rule.Until = Row.Until.Code;
    Waiting->RowWhere.push_back(spell(Name, Row.At));
    for (const Spelled &Callee : Row.Names.Items) {
      std::vector<unsigned> &Rows = CallIndex[Callee.Text];
      for (unsigned Other : Rows)
        if (overlap(Calls[Other], Rule))
          return Pending::wrong(spell(Name, Callee.At),
                                "second row of '" + Callee.Text +
                                    "' for the same versions, the first is "
                                    "at " +
                                    Waiting->RowWhere[Other]);
      Rows.push_back(Index);
      Rule.Names.push_back(Callee.Text);
    }
    if (Row.Like) {
      Waiting->LikeOfRow[Index] = Waiting->Likes.size();
      Waiting->Likes.push_back({Index, Row.Like.Text, spell(Name, Row.Like.At),
                                Row.Shift, Row.Fails.has_value()});
    }
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Joining them
//===----------------------------------------------------------------------===//

static void shiftArg(ArgRef &Ref, unsigned Shift) {
  if (Ref.Kind == ArgRef::Arg && Ref.Index >= 0)
    Ref.Index += Shift;
}

Error RuleSet::resolveLike(unsigned Index) {
  Pending::Like &Like = Waiting->Likes[Index];
  if (Like.State == Pending::Like::Done)
    return Error::success();
  if (Like.State == Pending::Like::Active)
    return Pending::wrong(Like.Where, "'like' goes in a circle");
  Like.State = Pending::Like::Active;

  auto It = CallIndex.find(Like.Function);
  if (It == CallIndex.end())
    return Pending::wrong(Like.Where, "'like' of '" + Like.Function +
                                          "', which has no row");
  CallRule &Rule = Calls[Like.Row];
  auto Other = find_if(It->second, [&](unsigned Row) {
    const CallRule &R = Calls[Row];
    return R.Since <= Rule.Since &&
           (!R.Until || (Rule.Until && Rule.Until <= R.Until));
  });
  if (Other == It->second.end())
    return Pending::wrong(Like.Where,
                          "'like' of '" + Like.Function +
                              "', which has no row for all these versions");
  if (auto Own = Waiting->LikeOfRow.find(*Other);
      Own != Waiting->LikeOfRow.end())
    if (Error E = resolveLike(Own->second))
      return E;

  std::vector<Effect> Effects = Calls[*Other].Effects;
  for (Effect &E : Effects) {
    for (ArgRef *Ref :
         {&E.Object, &E.Line, &E.Device, &E.Data, &E.Queue, &E.Flags})
      shiftArg(*Ref, Like.Shift);
    for (ArgRef &Ref : E.Handlers)
      shiftArg(Ref, Like.Shift);
  }
  append_range(Effects, Rule.Effects);
  Rule.Effects = std::move(Effects);
  if (!Like.HasFails)
    Rule.Fails = Calls[*Other].Fails;
  if (Rule.RunsActionOnFailure && !Rule.find(EffectKind::Action) &&
      !Rule.find(EffectKind::Put))
    return Pending::wrong(Waiting->RowWhere[Like.Row],
                          "'runs-action-on-failure' needs 'action' or 'put'");
  Like.State = Pending::Like::Done;
  return Error::success();
}

/// The sync form of a call that cancels an entry quiesces that entry.
static bool isSyncForm(const CallRule &Cancels, const CallRule *Waits) {
  const Effect *From = Cancels.find(EffectKind::Cancel);
  const Effect *To = Waits ? Waits->find(EffectKind::Quiesce) : nullptr;
  return From && To && From->What == To->What &&
         toString(From->Object) == toString(To->Object);
}

Error RuleSet::finish() {
  for (const Pending::Reference &R : Waiting->Resources)
    if (!resource(R.Name))
      return Pending::wrong(R.Where, "unknown resource '" + R.Name + "'");
  for (const Pending::Reference &R : Waiting->Contracts)
    if (!contract(R.Name))
      return Pending::wrong(R.Where, "unknown contract '" + R.Name + "'");
  for (unsigned Index = 0; Index != Waiting->Likes.size(); ++Index)
    if (Error E = resolveLike(Index))
      return E;
  for (const Pending::Sync &S : Waiting->Syncs)
    if (!isSyncForm(Calls[S.Row], call(Calls[S.Row].SyncForm)))
      return Pending::wrong(S.Where, "'sync-form' of '" +
                                         Calls[S.Row].SyncForm +
                                         "', which does not quiesce what this "
                                         "call cancels");
  for (const CallRule &Rule : Calls)
    for (const Effect &E : Rule.Effects)
      if (E.Kind == EffectKind::Acquire &&
          (E.Object.Kind == ArgRef::Return || E.Object.Pointee))
        Resources[ResourceIndex[E.What]].IsReturned = true;
  for (const CallRule &Rule : Calls)
    for (const Effect &E : Rule.Effects)
      if (ResourceRule *What = E.Kind == EffectKind::Acquire
                                   ? &Resources[ResourceIndex[E.What]]
                                   : nullptr;
          What && E.Object.Kind == ArgRef::Arg && !E.Object.Pointee &&
          What->IsReturned && !What->IsMemory)
        What->IsState = true;
  for (const auto &[Row, Rule] : enumerate(Calls))
    for (const auto &[Index, E] : enumerate(Rule.Effects))
      if (E.Kind == EffectKind::Needs)
        Needed.insert(E.What);
      else if (E.Kind == EffectKind::Runs)
        for (const Effect &Ends : Rule.Effects)
          if (Ends.Kind == EffectKind::Release)
            StopIndex.try_emplace(Ends.What, unsigned(Row), unsigned(Index));
  for (auto &Entry : CallIndex)
    sort(Entry.second, [&](unsigned A, unsigned B) {
      return Calls[A].Since > Calls[B].Since;
    });
  return Error::success();
}

/// The files of \p Directory, which may lack them if \p IsOptional.
static Error addFolder(RuleSet &Rules, const Twine &Directory,
                       bool IsOptional) {
  std::string Folder = Directory.str();
  if (IsOptional && !sys::fs::exists(Folder))
    return Error::success();
  std::vector<std::string> Paths;
  std::error_code Code;
  for (sys::fs::directory_iterator It(Folder, Code), End; !Code && It != End;
       It.increment(Code))
    if (sys::path::extension(It->path()) == ".yaml")
      Paths.push_back(It->path());
  if (Code)
    return createStringError(Code, Folder + ": " + Code.message());
  if (Paths.empty() && !IsOptional)
    return createStringError(errc::no_such_file_or_directory,
                             Folder + ": no *.yaml in this directory");
  sort(Paths);
  for (const std::string &Path : Paths) {
    auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
    if (!Buffer)
      return createStringError(Buffer.getError(),
                               Path + ": " + Buffer.getError().message());
    if (Error E = Rules.add(Path, (*Buffer)->getBuffer()))
      return E;
  }
  return Error::success();
}

/// Files of a subfolder are those that programs write.
static Error addEmbedded(RuleSet &Rules, bool Generated) {
  for (const EmbeddedFile &File : embeddedRules())
    if (File.Name.contains('/') == Generated)
      if (Error E = Rules.add(("rules/" + File.Name).str(), File.Text))
        return E;
  return Error::success();
}

/// Rows that programs write give way to those that are there already.
static Error addAll(RuleSet &Rules, StringRef Directory, bool Generated) {
  if (Directory.empty())
    return addEmbedded(Rules, Generated);
  return addFolder(Rules, Directory + (Generated ? "/generated" : ""),
                   Generated);
}

Expected<RuleSet> RuleSet::load(StringRef Directory) {
  RuleSet Rules;
  for (bool Generated : {false, true})
    if (Error E = addAll(Rules, Directory, Generated))
      return E;
  if (Error E = Rules.finish())
    return E;
  return Rules;
}

Expected<RuleSet> RuleSet::loadWith(StringRef Directory, StringRef Generated) {
  RuleSet Rules;
  if (Error E = addAll(Rules, Directory, /*Generated=*/false))
    return E;
  if (!Generated.empty())
    if (Error E = Rules.add("learned", Generated))
      return E;
  if (Error E = Rules.finish())
    return E;
  return Rules;
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

const CallRule *RuleSet::call(StringRef Callee, uint32_t KernelVersion) const {
  for (StringRef Name : {Callee, normaliseCallee(Callee)}) {
    auto It = CallIndex.find(Name);
    if (It == CallIndex.end())
      continue;
    for (unsigned Row : It->second) {
      const CallRule &Rule = Calls[Row];
      if (Rule.IsGenerated && Name != Callee)
        continue;
      if (!KernelVersion || (Rule.Since <= KernelVersion &&
                             (!Rule.Until || KernelVersion < Rule.Until)))
        return &Rule;
    }
  }
  return nullptr;
}

const FieldRule *RuleSet::field(StringRef Record, StringRef Field) const {
  auto It = FieldIndex.find((Record + "." + Field).str());
  return It == FieldIndex.end() ? nullptr : &Fields[It->second];
}

const FieldRule *RuleSet::store(StringRef Record, StringRef Field) const {
  auto It = StoreIndex.find((Record + "." + Field).str());
  return It == StoreIndex.end() ? nullptr : &Stores[It->second];
}

const Effect *RuleSet::stops(StringRef Resource) const {
  auto It = StopIndex.find(Resource);
  return It == StopIndex.end()
             ? nullptr
             : &Calls[It->second.first].Effects[It->second.second];
}

const DriverRule *RuleSet::driver(StringRef Record) const {
  auto It = DriverIndex.find(Record);
  return It == DriverIndex.end() ? nullptr : &Drivers[It->second];
}

template <typename RuleT>
static const RuleT *findNamed(const std::vector<RuleT> &Rules, StringRef Name) {
  auto It =
      find_if(Rules, [&](const RuleT &Rule) { return Rule.Name == Name; });
  return It == Rules.end() ? nullptr : &*It;
}

const ResourceRule *RuleSet::resource(StringRef Name) const {
  auto It = ResourceIndex.find(Name);
  return It == ResourceIndex.end() ? nullptr : &Resources[It->second];
}

const ContractRule *RuleSet::contract(StringRef Name) const {
  return findNamed(Contracts, Name);
}

} // namespace devlife
