//===- Arguments.cpp - What to keep of a compile command ------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Arguments.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Basic/Sanitizers.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Options.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
namespace path = llvm::sys::path;
namespace options = clang::driver::options;

namespace devlife {

bool isClang(StringRef Compiler) {
  return path::filename(Compiler).contains("clang");
}

StringRef targetOf(StringRef Compiler) {
  StringRef Name = path::filename(Compiler);
  size_t Suffix = Name.rfind("-gcc");
  if (Suffix == StringRef::npos)
    return "";
  StringRef Version = Name.substr(Suffix + 4);
  return Version.empty() || Version.starts_with("-") ? Name.take_front(Suffix)
                                                     : "";
}

namespace {

/// True if \p Name, from -W<name> or -Wno-<name>, says something to Clang.
bool isKnownWarning(StringRef Name) {
  Name.consume_front("no-");
  return Name == "everything" || Name == "system-headers" ||
         clang::DiagnosticIDs::getGroupForWarningOption(Name).has_value();
}

bool isKnownSanitizer(StringRef Name) {
  return bool(clang::parseSanitizerValue(Name, /*AllowGroups=*/true));
}

/// True if \p A is of no use to an analysis, or harmful.
bool isUnwanted(const opt::Arg &A) {
  const opt::Option &O = A.getOption();
  for (unsigned Group :
       {options::OPT_clang_ignored_f_Group, options::OPT_clang_ignored_m_Group,
        options::OPT_clang_ignored_gcc_optimization_f_Group,
        options::OPT_clang_ignored_legacy_options_Group, options::OPT_M_Group})
    if (O.matches(Group))
      return true;

  switch (O.getID()) {
  case options::OPT_UNKNOWN:
  // What to make and where to write it.
  case options::OPT_c:
  case options::OPT_S:
  case options::OPT_E:
  case options::OPT_o:
  case options::OPT_MJ:
  case options::OPT_save_temps:
  case options::OPT_save_temps_EQ:
  // For others than the frontend.
  case options::OPT_Wa_COMMA:
  case options::OPT_Wl_COMMA:
  case options::OPT_Xassembler:
  case options::OPT_Xlinker:
  case options::OPT_mllvm:
  case options::OPT__param:
  // Plugins of the compiler that built the kernel, which may be gcc.
  case options::OPT_fplugin_EQ:
  case options::OPT_fplugin_arg:
  case options::OPT_fpass_plugin_EQ:
  // The seed differs from folder to folder, and with it the order of fields.
  case options::OPT_frandomize_layout_seed_EQ:
  case options::OPT_frandomize_layout_seed_file_EQ:
    return true;
  case options::OPT_Wp_COMMA:
    return StringRef(A.getValue()).starts_with("-M");
  case options::OPT_W_Joined: {
    StringRef Name = A.getValue();
    return Name.starts_with("error") || Name.starts_with("no-error") ||
           !isKnownWarning(Name);
  }
  case options::OPT_fsanitize_EQ:
  case options::OPT_fno_sanitize_EQ:
    return !all_of(A.getValues(), isKnownSanitizer);
  default:
    return false;
  }
}

/// What Clang's option table says, for a command for any compiler.
ArgumentInfo lookUp(StringRef Argument) {
  ArgumentInfo Info;
  Info.Known = true;
  if (!Argument.starts_with("-") || Argument == "-")
    return Info;

  if (Argument.starts_with("-DKBUILD_MODNAME="))
    Info.Role = ArgumentInfo::ModuleName;
  else if (Argument.starts_with("-DKBUILD_MODFILE="))
    Info.Role = ArgumentInfo::ModuleFile;
  else if (Argument == "-DMODULE")
    Info.Role = ArgumentInfo::Loadable;
  else if (Argument == "-target" || Argument.starts_with("--target"))
    Info.Role = ArgumentInfo::Target;

  // A value to take, should the option be of those that have it separately.
  const char *Words[] = {Argument.data(), "value"};
  opt::InputArgList List(std::begin(Words), std::end(Words));
  unsigned Index = 0;
  std::unique_ptr<opt::Arg> A = clang::driver::getDriverOptTable().ParseOneArg(
      List, Index, opt::Visibility(options::ClangOption));
  Info.HasValue = Index == 2;
  Info.Kept = A && !isUnwanted(*A);
  return Info;
}

} // namespace

/// Asks Clang about options of gcc that it knows, but for another target
/// (-mrecord-mcount) or with other values.
class ArgumentClassifier::OptionProbe {
public:
  explicit OptionProbe(StringRef Target)
      : Diagnostics(new clang::DiagnosticIDs, new clang::DiagnosticOptions,
                    new clang::IgnoringDiagConsumer),
        Driver("clang",
               Target.empty() ? sys::getDefaultTargetTriple() : Target.str(),
               Diagnostics) {
    Driver.setCheckInputsExist(false);
  }

  bool accepts(StringRef Option) {
    Diagnostics.Reset();
    const char *Command[] = {"clang", "-fsyntax-only", Option.data(), "x.c"};
    std::unique_ptr<clang::driver::Compilation> C(
        Driver.BuildCompilation(Command));
    if (!C || Diagnostics.hasErrorOccurred() || C->getJobs().size() != 1)
      return false;
    // Many values are only looked at here.
    clang::CompilerInvocation Invocation;
    return clang::CompilerInvocation::CreateFromArgs(
        Invocation, C->getJobs().begin()->getArguments(), Diagnostics);
  }

private:
  clang::DiagnosticsEngine Diagnostics;
  clang::driver::Driver Driver;
};

ArgumentClassifier::ArgumentClassifier() = default;
ArgumentClassifier::~ArgumentClassifier() = default;

ArgumentInfo ArgumentClassifier::classify(StringRef Argument,
                                          StringRef Compiler) {
  ArgumentInfo Info = lookUp(Argument);
  if (!Info.Kept || Info.HasValue || isClang(Compiler) ||
      !(Argument.starts_with("-f") || Argument.starts_with("-m") ||
        Argument.starts_with("-s")))
    return Info;
  if (!Probe)
    Probe = std::make_unique<OptionProbe>(targetOf(Compiler));
  Info.Kept = Probe->accepts(Argument);
  return Info;
}

} // namespace devlife
