//===- DevlifeTidyModule.cpp - The checks as clang-tidy checks ------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang-tidy shows one TU at a time, so here a module is one file. All checks
// share the facts of the TU; each has its own options:
//
//   IrqVectorContract     auto, hybrid, transition or explicit
//   AssumeManagedVectors  offer edits with calls that the tree lacks
//   RulesDirectory        rules other than the built-in ones
//
// The library links neither Clang nor LLVM: the symbols come from the
// clang-tidy process, and a clang-tidy of another release refuses to load it.
//
//===----------------------------------------------------------------------===//

#include "checks/Check.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/ClangTidyModuleRegistry.h"
#include "facts/Extract.h"
#include "module/Module.h"
#include "support/TreeRoot.h"
#include "timeline/Timeline.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;
using namespace clang::ast_matchers;

namespace clang::tidy {
template <> struct OptionEnumMapping<devlife::VectorContract> {
  static llvm::ArrayRef<std::pair<devlife::VectorContract, StringRef>>
  getEnumMapping() {
    static constexpr std::pair<devlife::VectorContract, StringRef> Mapping[] = {
        {devlife::VectorContract::Auto, "auto"},
        {devlife::VectorContract::Hybrid, "hybrid"},
        {devlife::VectorContract::Transition, "transition"},
        {devlife::VectorContract::Explicit, "explicit"},
    };
    return Mapping;
  }
};
} // namespace clang::tidy

namespace devlife {

using tidy::ClangTidyCheck;
using tidy::ClangTidyContext;

namespace {

/// What the checks share while one TU is looked at.
class Session {
public:
  /// The rules, or null after \p Report was told why.
  const RuleSet *rules(StringRef Directory,
                       llvm::function_ref<void(StringRef)> Report) {
    if (Rules && Directory == RulesFrom)
      return &*Rules;
    auto Loaded = RuleSet::load(Directory);
    if (!Loaded) {
      Report(llvm::toString(Loaded.takeError()));
      return nullptr;
    }
    Rules.emplace(std::move(*Loaded));
    RulesFrom = Directory.str();
    return &*Rules;
  }

  const ModuleInput &input(ASTContext &Context, const Preprocessor *PP,
                           const RuleSet &Rules, StringRef Root) {
    if (&Context != Of) {
      Of = &Context;
      Input.TUs.clear();
      Input.TUs.push_back(
          extractFacts(Context, PP, extractOptions(Rules, Root)));
      Input.Name = Input.TUs.front()->Module;
    }
    return Input;
  }

  void forget() { Of = nullptr; }

private:
  std::optional<RuleSet> Rules;
  std::string RulesFrom;
  const ASTContext *Of = nullptr;
  ModuleInput Input;
};

class DevlifeCheck : public ClangTidyCheck {
public:
  DevlifeCheck(StringRef Name, ClangTidyContext *Context, const CheckInfo &Info,
               std::shared_ptr<Session> Shared)
      : ClangTidyCheck(Name, Context), Info(Info), Shared(std::move(Shared)),
        RulesDirectory(this->Options.getLocalOrGlobal("RulesDirectory", "")) {
    Analysis.IrqVectorContract = this->Options.getLocalOrGlobal(
        "IrqVectorContract", VectorContract::Auto);
    Analysis.AssumeManagedVectors =
        this->Options.getLocalOrGlobal("AssumeManagedVectors", false);
  }

  bool isLanguageVersionSupported(const LangOptions &Language) const override {
    return !Language.CPlusPlus;
  }

  void storeOptions(tidy::ClangTidyOptions::OptionMap &Map) override {
    this->Options.store(Map, "IrqVectorContract", Analysis.IrqVectorContract);
    this->Options.store(Map, "AssumeManagedVectors",
                        Analysis.AssumeManagedVectors);
    this->Options.store(Map, "RulesDirectory", RulesDirectory);
  }

  void registerPPCallbacks(const SourceManager &, Preprocessor *PP,
                           Preprocessor *) override {
    this->PP = PP;
  }

  void registerMatchers(MatchFinder *Finder) override {
    Finder->addMatcher(translationUnitDecl().bind("tu"), this);
  }

  void onStartOfTranslationUnit() override { Shared->forget(); }

  void check(const MatchFinder::MatchResult &Result) override {
    const SourceManager &SM = *Result.SourceManager;
    const RuleSet *Rules =
        Shared->rules(RulesDirectory, [&](StringRef Problem) {
          configurationDiag("%0", DiagnosticIDs::Error) << Problem;
        });
    if (!Rules)
      return;
    auto Main = SM.getFileEntryRefForID(SM.getMainFileID());
    if (Main && Analysis.TreeRoot.empty())
      Analysis.TreeRoot =
          treeRootAbove(Main->getFileEntry().tryGetRealPathName());
    const ModuleInput &Input =
        Shared->input(*Result.Context, PP, *Rules, Analysis.TreeRoot);
    for (const Finding &F : analyse(Input, *Rules, {&Info}, Analysis).Findings)
      report(SM, F);
  }

private:
  SourceLocation locate(const SourceManager &SM, StringRef Path,
                        unsigned Offset) {
    auto File = SM.getFileManager().getOptionalFileRef(Path);
    FileID Id = File ? SM.translateFile(*File) : FileID();
    return Id.isValid() ? SM.getComposedLoc(Id, Offset) : SourceLocation();
  }

  void report(const SourceManager &SM, const Finding &F) {
    {
      auto Warning = diag(locate(SM, F.At.FullPath, F.At.Offset), "%0")
                     << F.Message;
      for (const Edit &E : F.Edits) {
        SourceLocation Begin = locate(SM, E.FullPath, E.Begin);
        SourceLocation End = locate(SM, E.FullPath, E.End);
        if (Begin.isValid() && End.isValid())
          Warning << FixItHint::CreateReplacement(
              CharSourceRange::getCharRange(Begin, End), E.Text);
      }
    }
    for (const Note &N : F.Notes)
      diag(locate(SM, N.At.FullPath, N.At.Offset), "%0", DiagnosticIDs::Note)
          << N.Text;
  }

  const CheckInfo &Info;
  std::shared_ptr<Session> Shared;
  const std::string RulesDirectory;
  AnalysisOptions Analysis;
  const Preprocessor *PP = nullptr;
};

class DevlifeTidyModule : public tidy::ClangTidyModule {
public:
  void addCheckFactories(tidy::ClangTidyCheckFactories &Factories) override {
    auto Shared = std::make_shared<Session>();
    for (const CheckInfo &Info : allChecks())
      Factories.registerCheckFactory(
          Info.Name,
          [Shared, &Info](StringRef Name, ClangTidyContext *Context) {
            return std::make_unique<DevlifeCheck>(Name, Context, Info, Shared);
          });
  }
};

const tidy::ClangTidyModuleRegistry::Add<DevlifeTidyModule>
    Registered("devlife-module", "Lifetimes in Linux drivers.");

} // namespace
} // namespace devlife
