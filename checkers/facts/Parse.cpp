//===- Parse.cpp - Runs Clang over one file -------------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "facts/Extract.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang;

namespace devlife {

namespace {

class FactsConsumer : public ASTConsumer {
public:
  FactsConsumer(CompilerInstance &Compiler, const ExtractOptions &Options,
                std::unique_ptr<TUFacts> &Result)
      : Compiler(Compiler), Options(Options), Result(Result) {}

  bool shouldSkipFunctionBody(Decl *D) override {
    const SourceManager &SM = Compiler.getSourceManager();
    FileID Id = SM.getFileID(SM.getExpansionLoc(D->getLocation()));
    if (Id == SM.getMainFileID())
      return false;
    auto [It, New] = IsHeader.try_emplace(Id, false);
    if (New)
      if (auto File = SM.getFileEntryRefForID(Id)) {
        llvm::SmallString<256> Path(File->getName());
        SM.getFileManager().makeAbsolutePath(Path);
        llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
        It->second = isKernelHeader(Path, Options.TreeRoot);
      }
    return It->second;
  }

  void HandleTranslationUnit(ASTContext &Context) override {
    Result = extractFacts(Context, &Compiler.getPreprocessor(), Options);
  }

private:
  CompilerInstance &Compiler;
  const ExtractOptions &Options;
  std::unique_ptr<TUFacts> &Result;
  llvm::DenseMap<FileID, bool> IsHeader;
};

class FactsAction : public ASTFrontendAction {
public:
  FactsAction(const ExtractOptions &Options, std::unique_ptr<TUFacts> &Result)
      : Options(Options), Result(Result) {}

protected:
  bool BeginInvocation(CompilerInstance &Compiler) override {
    Compiler.getFrontendOpts().SkipFunctionBodies = true;
    return true;
  }
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 StringRef) override {
    return std::make_unique<FactsConsumer>(Compiler, Options, Result);
  }

private:
  const ExtractOptions &Options;
  std::unique_ptr<TUFacts> &Result;
};

/// Counts errors and keeps the first.
class ErrorCounter : public DiagnosticConsumer {
public:
  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level < DiagnosticsEngine::Error || !First.empty())
      return;
    llvm::raw_string_ostream OS(First);
    if (Info.hasSourceManager() && Info.getLocation().isValid()) {
      PresumedLoc Where =
          Info.getSourceManager().getPresumedLoc(Info.getLocation());
      if (Where.isValid())
        OS << Where.getFilename() << ':' << Where.getLine() << ':'
           << Where.getColumn() << ": ";
    }
    llvm::SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    OS << Text;
  }

  std::string First;
};

} // namespace

std::unique_ptr<TUFacts> parseFacts(StringRef Directory, StringRef File,
                                    llvm::ArrayRef<std::string> Arguments,
                                    const ExtractOptions &Options,
                                    std::vector<Input> *Inputs) {
  // The driver finds its own headers (stddef.h) from argv[0].
  std::vector<std::string> Command = {DEVLIFE_CLANG, "-fsyntax-only", "-w",
                                      "-Wno-error"};
  Command.insert(Command.end(), Arguments.begin(), Arguments.end());
  Command.push_back("--");
  Command.push_back(File.str());

  IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS(
      llvm::vfs::createPhysicalFileSystem().release());
  IntrusiveRefCntPtr<RecordingFileSystem> Recorder;
  if (Inputs)
    FS = Recorder = llvm::makeIntrusiveRefCnt<RecordingFileSystem>(FS);
  std::error_code Bad = FS->setCurrentWorkingDirectory(Directory);
  std::unique_ptr<TUFacts> Result;
  ErrorCounter Errors;
  if (!Bad) {
    IntrusiveRefCntPtr<FileManager> Files(
        new FileManager(FileSystemOptions{Directory.str()}, FS));
    tooling::ToolInvocation Run(
        Command, std::make_unique<FactsAction>(Options, Result), Files.get());
    Run.setDiagnosticConsumer(&Errors);
    Run.run();
  }
  if (!Result) {
    Result = std::make_unique<TUFacts>();
    Result->Files.push_back({File.str(), File.str()});
    Result->NumErrors = 1;
    Result->FirstError = Bad ? Directory.str() + ": " + Bad.message()
                         : Errors.First.empty() ? "clang could not run"
                                                : Errors.First;
  } else if (Errors.getNumErrors()) {
    Result->NumErrors = Errors.getNumErrors();
    Result->FirstError = Errors.First;
  }
  if (Inputs)
    *Inputs = Recorder->inputs();
  return Result;
}

} // namespace devlife
