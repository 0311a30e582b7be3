//===- ModuleReader.cpp - The facts of modules, several at a time ---------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TUs are handed out in the order of their modules, so that no more modules
// are open at a time than there are threads. The thread that reads the last
// TU of a module hands the module over and frees its facts.
//
//===----------------------------------------------------------------------===//

#include "tool/ModuleReader.h"
#include "support/Paths.h"
#include "tool/Progress.h"
#include "tool/Protected.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ThreadPool.h"
#include <atomic>

using namespace llvm;

namespace devlife {

size_t ModuleFacts::numFailed() const {
  return count_if(Errors, [](const std::string &E) { return !E.empty(); });
}

std::vector<std::unique_ptr<TUFacts>> ModuleFacts::take() {
  std::vector<std::unique_ptr<TUFacts>> Read;
  for (std::unique_ptr<TUFacts> &TU : TUs)
    if (TU)
      Read.push_back(std::move(TU));
  return Read;
}

namespace {

/// A module on its way.
struct Job {
  explicit Job(const ModuleUnit *Unit) : Left(Unit->TUs.size()) {
    Facts.Unit = Unit;
    Facts.TUs.resize(Unit->TUs.size());
    Facts.Errors.resize(Unit->TUs.size());
    Facts.Stamps.resize(Unit->TUs.size());
  }

  ModuleFacts Facts;
  std::atomic<size_t> Left; ///< TUs that are not yet read.
};

} // namespace

/// A message of the parser as one line, with paths relative to the tree.
static std::string oneLine(StringRef Text, StringRef TreeRoot) {
  constexpr size_t MaxLength = 400;
  std::string Line = Text.trim().substr(0, MaxLength).str();
  std::replace(Line.begin(), Line.end(), '\n', ' ');
  std::string Prefix = (TreeRoot + "/").str();
  for (size_t At;
       !TreeRoot.empty() && (At = Line.find(Prefix)) != std::string::npos;)
    Line.erase(At, Prefix.size());
  return Line;
}

/// The command without the compiler and the source.
static std::vector<std::string> arguments(const ModuleTU &TU) {
  std::vector<std::string> Result = TU.Entry->commandLine();
  Result.erase(Result.begin());
  llvm::erase_if(Result, [&](const std::string &Argument) {
    return !StringRef(Argument).starts_with("-") &&
           cleanPath(Argument, TU.Entry->Directory) == TU.Path;
  });
  Result.push_back("-fno-caret-diagnostics"); // No "1 error generated.".
  return Result;
}

/// \p Key is that of the store.
static void parse(ModuleFacts &M, size_t Index, ArrayRef<std::string> Arguments,
                  StringRef Key, const ReadOptions &Options) {
  const ModuleTU &TU = M.Unit->TUs[Index];
  std::unique_ptr<TUFacts> Facts;
  std::vector<Input> Inputs;
  std::string Crash = runProtected([&] {
    Facts = parseFacts(TU.Entry->Directory, TU.Path, Arguments,
                       Options.Extraction, Options.Store ? &Inputs : nullptr);
  });
  if (!Crash.empty())
    M.Errors[Index] = "the parser " + Crash;
  else if (Facts->NumErrors)
    M.Errors[Index] =
        Facts->FirstError.empty()
            ? "does not parse"
            : oneLine(Facts->FirstError, Options.Extraction.TreeRoot);
  else
    M.TUs[Index] = std::move(Facts);
  if (Options.Store && M.TUs[Index])
    Options.Store->save(Key, Inputs, *M.TUs[Index]);
}

static void read(ModuleFacts &M, size_t Index, const ReadOptions &Options) {
  const ModuleTU &TU = M.Unit->TUs[Index];
  M.Stamps[Index] = FileStamp::of(TU.Path);
  std::vector<std::string> Arguments = arguments(TU);
  std::string Key;
  if (Options.Store) {
    Key = FactsStore::key(TU.Entry->Directory, TU.Path, Arguments,
                          Options.Extraction);
    M.TUs[Index] = Options.Store->load(Key, TU.Path);
  }
  if (!M.TUs[Index])
    parse(M, Index, Arguments, Key, Options);
}

void readModules(ArrayRef<const ModuleUnit *> Modules,
                 const ReadOptions &Options,
                 function_ref<void(size_t Index, ModuleFacts &Facts)> Done) {
  std::vector<std::unique_ptr<Job>> Jobs;
  size_t NumTUs = 0;
  for (const ModuleUnit *M : Modules) {
    Jobs.push_back(std::make_unique<Job>(M));
    NumTUs += M->TUs.size();
  }
  // Large modules first, or the last one keeps a single thread busy.
  std::vector<size_t> BySize(Jobs.size());
  for (size_t I = 0; I != BySize.size(); ++I)
    BySize[I] = I;
  llvm::sort(BySize, [&](size_t A, size_t B) {
    size_t SizeA = Modules[A]->TUs.size(), SizeB = Modules[B]->TUs.size();
    return SizeA != SizeB ? SizeA > SizeB : A < B;
  });
  std::vector<std::pair<size_t, size_t>> Queue;
  for (size_t Module : BySize)
    for (size_t TU = 0; TU < Modules[Module]->TUs.size(); ++TU)
      Queue.emplace_back(Module, TU);

  Progress Line(Options.ShowProgress, NumTUs);
  std::atomic<size_t> Next = 0;
  DefaultThreadPool Pool(hardware_concurrency(Options.Jobs));
  for (unsigned I = 0; I < Pool.getMaxConcurrency(); ++I)
    Pool.async([&] {
      for (size_t At; (At = Next++) < Queue.size();) {
        auto [Module, TU] = Queue[At];
        std::unique_ptr<Job> &J = Jobs[Module];
        read(J->Facts, TU, Options);
        Line.advance(Modules[Module]->Name);
        if (--J->Left == 0) {
          Done(Module, J->Facts);
          J.reset();
        }
      }
    });
  Pool.wait();
  Line.clear();
}

} // namespace devlife
