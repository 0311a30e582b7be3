//===- Recorder.cpp - A compiler that records instead of compiling --------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// devlife-cc-recorder is what `devlife compdb` gives kbuild as $(CC). Of a
// command that compiles a C file of the kernel to an object under a wanted
// path it writes down the arguments, and it leaves behind what kbuild looks
// for afterwards. Everything else (version
// and option probes, generated headers, assembler) goes to the real compiler.
//
// It starts about 20,000 times per run, hence no LLVM in here.
//
// Environment:
//   DEVLIFE_RECORDER_CC       the real compiler, words separated by spaces
//   DEVLIFE_RECORDER_JOURNAL  the file to append to; without it, all commands
//                             go to the real compiler
//   DEVLIFE_RECORDER_PATHS    wanted outputs, relative to the working
//                             directory: "drivers/:sound/core/init.o"
//   DEVLIFE_RECORDER_OBJECT   the empty object; outputs become links to it,
//                             20,000 copies take 7 s to write and remove
//   DEVLIFE_RECORDER_DEPENDS  if set, dependency files are written
//
// A record is one write(2): 8 hexadecimal digits that give the size of what
// follows, then NUL-terminated fields: output, "+" if the output did not exist
// before and "-" if it did (it is then left alone), dependency file if one was
// written, working directory, source, arguments without the compiler.
//
// Exit code: the real compiler's; 0 if recorded; 1 if the record or the object
// could not be written, 127 if the real compiler could not be started.
//
//===----------------------------------------------------------------------===//

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>
#include <vector>

namespace {

struct Command {
  bool Compiles = false; ///< -c
  bool Kernel = false;   ///< -D__KERNEL__
  std::string_view Output;
  std::string_view Source; ///< The .c file; empty if there is none.
  std::string_view DependencyFile;
};

bool startsWith(std::string_view Text, std::string_view Prefix) {
  return Text.substr(0, Prefix.size()) == Prefix;
}

bool endsWith(std::string_view Text, std::string_view Suffix) {
  return Text.size() >= Suffix.size() &&
         Text.substr(Text.size() - Suffix.size()) == Suffix;
}

Command inspect(int Argc, char **Argv) {
  Command C;
  for (int I = 1; I < Argc; ++I) {
    std::string_view Arg = Argv[I];
    if (Arg == "-c")
      C.Compiles = true;
    else if (Arg == "-D__KERNEL__")
      C.Kernel = true;
    else if (Arg == "-o" && I + 1 < Argc)
      C.Output = Argv[++I];
    else if ((Arg == "-include" || Arg == "-isystem" || Arg == "-I") &&
             I + 1 < Argc)
      ++I;
    else if (startsWith(Arg, "-Wp,-MMD,") || startsWith(Arg, "-Wp,-MD,"))
      C.DependencyFile = Arg.substr(Arg.find(',', 4) + 1);
    else if (!startsWith(Arg, "-") && endsWith(Arg, ".c"))
      C.Source = Arg;
  }
  return C;
}

/// \p Paths is a list separated by colons; a path that ends with a slash is
/// meant with all that is below it.
bool isWanted(std::string_view Output, std::string_view Paths) {
  while (!Paths.empty()) {
    std::string_view Path = Paths.substr(0, Paths.find(':'));
    if (!Path.empty() &&
        (Path.back() == '/' ? startsWith(Output, Path) : Output == Path))
      return true;
    Paths.remove_prefix(std::min(Paths.size(), Path.size() + 1));
  }
  return false;
}

int fail(const char *Doing, std::string_view File) {
  std::fprintf(stderr, "devlife-cc-recorder: cannot %s '%.*s': %s\n", Doing,
               static_cast<int>(File.size()), File.data(),
               std::strerror(errno));
  return 1;
}

bool writeAll(int FD, std::string_view Text) {
  while (!Text.empty()) {
    ssize_t N = write(FD, Text.data(), Text.size());
    if (N < 0 && errno == EINTR)
      continue;
    if (N <= 0)
      return false;
    Text.remove_prefix(N);
  }
  return true;
}

bool readAll(const char *File, std::string &Text) {
  int FD = open(File, O_RDONLY | O_CLOEXEC);
  if (FD < 0)
    return false;
  char Buffer[8192];
  ssize_t N;
  while ((N = read(FD, Buffer, sizeof(Buffer))) > 0)
    Text.append(Buffer, N);
  close(FD);
  return N == 0;
}

void addField(std::string &Record, std::string_view Field) {
  Record += Field;
  Record += '\0';
}

/// Makes \p Output an empty object. \p Created is false if it exists already.
bool makeObject(const char *Output, bool &Created) {
  const char *Template = std::getenv("DEVLIFE_RECORDER_OBJECT");
  Created = true;
  if (Template && link(Template, Output) == 0)
    return true;
  std::string Contents;
  if (errno != EEXIST && (!Template || !readAll(Template, Contents)))
    return false;
  int FD = open(Output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (FD < 0) {
    Created = false;
    return errno == EEXIST;
  }
  return writeAll(FD, Contents) && close(FD) == 0;
}

int record(const Command &C, int Argc, char **Argv, const char *Journal) {
  // Views of arguments end where the arguments do: .data() names a file.
  bool Created;
  if (!makeObject(C.Output.data(), Created))
    return fail("create", C.Output);
  std::string_view DependencyFile =
      std::getenv("DEVLIFE_RECORDER_DEPENDS") ? C.DependencyFile : "";
  char Directory[PATH_MAX];
  if (!getcwd(Directory, sizeof(Directory)))
    return fail("find", "the working directory");

  std::string Record(8, '0');
  addField(Record, C.Output);
  addField(Record, Created ? "+" : "-");
  addField(Record, DependencyFile);
  addField(Record, Directory);
  addField(Record, C.Source);
  for (int I = 1; I < Argc; ++I)
    addField(Record, Argv[I]);
  char Size[16];
  std::snprintf(Size, sizeof(Size), "%08zx", Record.size() - 8);
  Record.replace(0, 8, Size, 8);

  // O_APPEND alone keeps records apart on local file systems; the lock does so
  // on network ones.
  int FD = open(Journal, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (FD < 0 || flock(FD, LOCK_EX) != 0 || !writeAll(FD, Record))
    return fail("write", Journal);
  close(FD);

  if (!DependencyFile.empty()) {
    int Rules = open(DependencyFile.data(),
                     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    std::string Rule(C.Output);
    Rule.append(": ").append(C.Source).append("\n");
    if (Rules < 0 || !writeAll(Rules, Rule) || close(Rules) != 0)
      return fail("write", DependencyFile);
  }
  return 0;
}

int compile(int Argc, char **Argv) {
  const char *Compiler = std::getenv("DEVLIFE_RECORDER_CC");
  if (!Compiler || !*Compiler) {
    std::fputs("devlife-cc-recorder: DEVLIFE_RECORDER_CC is not set; "
               "'devlife compdb' starts this program\n",
               stderr);
    return 127;
  }
  std::string Words(Compiler);
  std::vector<char *> Arguments;
  char *Rest = nullptr;
  for (char *Word = strtok_r(Words.data(), " ", &Rest); Word;
       Word = strtok_r(nullptr, " ", &Rest))
    Arguments.push_back(Word);
  Arguments.insert(Arguments.end(), Argv + 1, Argv + Argc);
  Arguments.push_back(nullptr);
  execvp(Arguments[0], Arguments.data());
  fail("start", Arguments[0]);
  return 127;
}

} // namespace

int main(int Argc, char **Argv) {
  const char *Journal = std::getenv("DEVLIFE_RECORDER_JOURNAL");
  const char *Paths = std::getenv("DEVLIFE_RECORDER_PATHS");
  if (Journal && *Journal && Paths) {
    Command C = inspect(Argc, Argv);
    if (C.Compiles && C.Kernel && !C.Source.empty() &&
        isWanted(C.Output, Paths))
      return record(C, Argc, Argv, Journal);
  }
  return compile(Argc, Argv);
}
