//===- Edits.cpp - From the findings' edits to new files ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Edits.h"
#include "report/Output.h"
#include "support/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>

using namespace llvm;

namespace devlife {

std::optional<FileStamp> FileStamp::of(StringRef FullPath) {
  sys::fs::file_status Status;
  if (sys::fs::status(FullPath, Status) || !sys::fs::is_regular_file(Status))
    return std::nullopt;
  return FileStamp{Status.getSize(), Status.getLastModificationTime(),
                   Status.getUniqueID()};
}

namespace {

/// A replacement inside one file.
struct Change {
  unsigned Begin, End;
  StringRef Text;

  bool isInsertion() const { return Begin == End; }
  bool operator==(const Change &O) const {
    return Begin == O.Begin && End == O.End && Text == O.Text;
  }
  /// In the order of the file; an insertion before what it stands in front of.
  bool operator<(const Change &O) const {
    return std::tie(Begin, End) < std::tie(O.Begin, O.End);
  }
};

/// True when the result would depend on which of the two comes first.
bool overlap(const Change &A, const Change &B) {
  if (A.isInsertion() && B.isInsertion())
    return A.Begin == B.Begin;
  return A.Begin < B.End && B.Begin < A.End;
}

/// A file that findings want to edit.
struct Target {
  std::string File;
  std::string Text;
  std::string Error;           ///< Why it cannot be edited, or "".
  std::vector<Change> Changes; ///< Sorted and disjoint.
};

/// True when the place is where it was: its line begins where it should. The
/// ends of lines are those that clang knows.
bool stillThere(const Place &At, StringRef Text) {
  if (!At.isValid() || (At.Offset == 0 && (At.Line > 1 || At.Column > 1)))
    return true; // The offset is not known.
  if (At.Offset > Text.size())
    return false;
  unsigned Line = 1, LineBegin = 0;
  for (unsigned I = 0; I < At.Offset; ++I)
    if (Text[I] == '\n' ||
        (Text[I] == '\r' && !Text.substr(I + 1).starts_with("\n"))) {
      ++Line;
      LineBegin = I + 1;
    }
  return Line == At.Line && At.Offset - LineBegin + 1 == At.Column;
}

class Planner {
public:
  Planner(const FileStamps &Stamps, StringRef TreeRoot, bool ForWriting)
      : Stamps(Stamps), TreeRoot(TreeRoot), RealRoot(realPath(TreeRoot)),
        ForWriting(ForWriting) {}

  EditPlan plan(ArrayRef<const Finding *> Findings) {
    for (const Finding *F : Findings)
      open(*F);
    for (const Finding *F : Findings)
      if (!F->Edits.empty())
        add(*F);

    for (auto &[FullPath, T] : Targets) {
      if (!T.Error.empty())
        Plan.Errors.push_back(T.File + ": " + T.Error);
      else if (std::string After = applied(T); After != T.Text)
        Plan.Files.push_back({T.File, FullPath, T.Text, std::move(After)});
    }
    llvm::sort(Plan.Errors);
    llvm::sort(Plan.Files, [](const FileChange &A, const FileChange &B) {
      return std::tie(A.File, A.FullPath) < std::tie(B.File, B.FullPath);
    });
    return std::move(Plan);
  }

private:
  /// Reads the files of a finding's edits, and looks whether all its places
  /// in them are where they were.
  void open(const Finding &F) {
    for (const Edit &E : F.Edits) {
      auto [It, New] = Targets.try_emplace(realPath(E.FullPath));
      Target &T = It->second;
      if (New) {
        T.File = E.File;
        T.Error = isInTree(E.FullPath, It->first)
                      ? read(It->first, T.Text)
                      : "outside the tree '" + TreeRoot.str() + "', not edited";
      }
      if (T.Error.empty() && !isAsAnalysed(F, E, T.Text))
        T.Error = "changed since it was analysed, not edited";
    }
  }

  /// A folder of the tree may be a link to elsewhere: the name counts too.
  bool isInTree(StringRef FullPath, StringRef Real) const {
    return isWithin(TreeRoot, cleanPath(FullPath)) || isWithin(RealRoot, Real);
  }

  std::string read(const std::string &Real, std::string &Text) {
    auto Now = FileStamp::of(Real);
    auto Buffer = MemoryBuffer::getFile(Real, /*IsText=*/false,
                                        /*RequiresNullTerminator=*/false,
                                        /*IsVolatile=*/true);
    if (!Buffer)
      return "cannot be read, not edited: " + Buffer.getError().message();
    auto Then = Stamps.find(Real);
    if (!Now || (Then != Stamps.end() && !(Then->second == *Now)))
      return "changed since it was analysed, not edited";
    Text = (*Buffer)->getBuffer().str();
    if (!ForWriting)
      return "";
    if (Error E = checkOutput(Real)) {
      std::error_code EC = errorToErrorCode(std::move(E));
      return "cannot be written, not edited: " + EC.message();
    }
    return "";
  }

  static bool isAsAnalysed(const Finding &F, const Edit &E, StringRef Text) {
    auto Check = [&](const Place &At) {
      return At.FullPath != E.FullPath || stillThere(At, Text);
    };
    return E.Begin <= E.End && E.End <= Text.size() && Check(F.At) &&
           all_of(F.Notes, [&](const Note &N) { return Check(N.At); }) &&
           all_of(F.Intervals, [&](const Interval &I) {
             return Check(I.Begin.At) && Check(I.End.At);
           });
  }

  void add(const Finding &F) {
    std::map<std::string, std::vector<Change>> Wanted;
    for (const Edit &E : F.Edits) {
      std::string Real = realPath(E.FullPath);
      const Target &T = Targets.find(Real)->second;
      if (!T.Error.empty())
        return leaveOut(F, "'" + T.File + "' cannot be edited");
      Change New{E.Begin, E.End, E.Text};
      auto Clashes = [&](const Change &Old) {
        return overlap(Old, New) && !(Old == New);
      };
      std::vector<Change> &Mine = Wanted[Real];
      if (any_of(Mine, Clashes))
        return leaveOut(F, "its edits of '" + T.File + "' overlap");
      if (any_of(T.Changes, Clashes))
        return leaveOut(F, "its edits of '" + T.File +
                               "' overlap with those of an earlier finding");
      if (!is_contained(Mine, New) && !is_contained(T.Changes, New))
        Mine.push_back(New);
    }
    for (auto &[Real, Changes] : Wanted) {
      std::vector<Change> &All = Targets.find(Real)->second.Changes;
      All.insert(All.end(), Changes.begin(), Changes.end());
      llvm::sort(All);
    }
    Plan.Done.push_back(&F);
  }

  void leaveOut(const Finding &F, std::string Why) {
    Plan.LeftOut.push_back({&F, std::move(Why)});
  }

  static std::string applied(const Target &T) {
    std::string Result;
    unsigned At = 0;
    for (const Change &C : T.Changes) {
      Result.append(T.Text, At, C.Begin - At);
      Result += C.Text;
      At = C.End;
    }
    return Result.append(T.Text, At, std::string::npos);
  }

  const FileStamps &Stamps;
  StringRef TreeRoot;
  std::string RealRoot;
  bool ForWriting;
  /// By real path: one file may have several names.
  std::map<std::string, Target> Targets;
  EditPlan Plan;
};

} // namespace

EditPlan planEdits(ArrayRef<const Finding *> Findings, const FileStamps &Stamps,
                   StringRef TreeRoot, bool ForWriting) {
  return Planner(Stamps, TreeRoot, ForWriting).plan(Findings);
}

Error writeFiles(ArrayRef<FileChange> Files) {
  std::vector<PendingFile> Pending;
  for (const FileChange &C : Files) {
    auto File = PendingFile::create(C.FullPath, C.After);
    if (!File)
      return createStringError("nothing was changed: " +
                               toString(File.takeError()));
    Pending.push_back(std::move(*File));
  }
  for (PendingFile &File : Pending)
    if (Error E = File.commit())
      return E;
  return Error::success();
}

} // namespace devlife
