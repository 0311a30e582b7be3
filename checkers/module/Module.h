//===- Module.h - The translation units of one kernel module --------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Joins the TUs of one module: functions by name across files, callbacks by
// table, drivers, and what each driver can reach. Borrows the facts and the
// rules; both must outlive it.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_MODULE_MODULE_H
#define DEVLIFE_MODULE_MODULE_H

#include "facts/Extract.h"
#include "facts/Facts.h"
#include "rules/Rules.h"
#include "support/Place.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace devlife {

/// A function with the TU that defines it. Compares by identity.
struct FunctionRef {
  const TUFacts *TU = nullptr;
  const FunctionFacts *F = nullptr;

  explicit operator bool() const { return F != nullptr; }
  bool operator==(const FunctionRef &O) const { return F == O.F; }
};

/// A call with the function it stands in.
struct CallRef {
  FunctionRef In;
  const CallFacts *Call = nullptr;

  explicit operator bool() const { return Call != nullptr; }
  bool operator==(const CallRef &O) const { return Call == O.Call; }
};

struct TableRef {
  const TUFacts *TU = nullptr;
  const TableFacts *Table = nullptr;
};

/// One driver table, with the phases that its rule names.
struct DriverInstance {
  const DriverRule *Rule = nullptr;
  TableRef Table; ///< Null when it is filled by assignment.

  /// The init and exit of the module itself.
  bool isModule() const { return Rule && Rule->Device == "module"; }
  /// What it is called: the table, else its first function.
  StringRef name() const {
    return Table.Table ? Table.Table->Name : Begin.front().F->Name;
  }
  std::vector<FunctionRef> Begin, End;
  bool IsPermanent = false; ///< Once bound, it stays so.
};

/// The resources and entries that the checks of this run ask about; the
/// timelines leave everything else aside.
struct Interest {
  llvm::StringSet<> Names;

  bool all() const { return Names.contains("*"); }
  bool covers(const Effect &E) const {
    return E.Kind != EffectKind::Needs &&
           (Names.contains(E.What) || (all() && !E.What.empty()));
  }
};

class Module {
public:
  Module(llvm::ArrayRef<std::unique_ptr<TUFacts>> TUs, const RuleSet &Rules,
         Interest Wanted);

  const RuleSet &Rules;
  llvm::ArrayRef<std::unique_ptr<TUFacts>> TUs;
  const Interest Wanted;

  /// In the order of the files and of the tables in them.
  llvm::ArrayRef<DriverInstance> drivers() const { return Drivers; }

  /// The definition that \p Name means in \p TU, if this module has it.
  FunctionRef function(const TUFacts *TU, StringRef Name) const;
  /// What a call through `->Field` of \p Record can reach, as tables and
  /// stores of the module say.
  std::vector<FunctionRef> fieldTargets(StringRef Record,
                                        StringRef Field) const;
  /// The driver of table \p Name, or null.
  const DriverInstance *driverOf(const TUFacts *TU, StringRef Name) const;
  /// The functions in table \p Name, and in those that it points to.
  void tableFunctions(const TUFacts *TU, StringRef Name,
                      std::vector<FunctionRef> &Out) const;
  /// The function that \p Field of table \p Name holds, if it does; also as
  /// "record.field", when that is the record of the table.
  FunctionRef tableFunction(const TUFacts *TU, StringRef Name,
                            StringRef Field) const;
  /// The rule of \p Call for the kernel version of its TU, or null.
  const CallRule *rule(const CallRef &Call) const;
  /// Likewise; null too when the module defines the function: its body says
  /// what it does.
  const CallRule *kernelRule(const CallRef &Call) const;

  /// The functions that \p E of \p Call names as handlers.
  std::vector<FunctionRef> handlers(const CallRef &Call, const Effect &E) const;

  /// All functions that run on behalf of \p Roots: called, stored, passed or
  /// put in a table that is named on the way. In a stable order.
  std::vector<FunctionRef> reachable(llvm::ArrayRef<FunctionRef> Roots) const;
  /// Likewise from every function of the driver's table.
  std::vector<FunctionRef> reachable(const DriverInstance &Driver) const;
  /// Whether \p F, or something that it calls or hands to devres, has an effect
  /// that is wanted.
  bool hasEffects(FunctionRef F) const { return WithEffects.contains(F.F); }

  /// Whether any call of the module releases a thing of the kind \p What.
  bool releases(StringRef What) const { return Released.contains(What); }
  /// Whether the module takes further references of the kind \p What.
  bool takesMore(StringRef What) const {
    return TakesAny || Taken.contains(What);
  }

  Place place(FunctionRef In, Loc At) const;
  Place place(const CallRef &Call) const {
    return place(Call.In, Call.Call->At);
  }

private:
  void index();
  void findBegins();
  void findDrivers();
  void findAssigned();
  void findUnloading();
  FunctionRef entryOf(TableRef T, StringRef Path) const;
  void findEffects();
  void tableTargets(TableRef Table, std::vector<FunctionRef> &Out,
                    std::vector<TableRef> &Tables) const;
  TableRef table(const TUFacts *TU, StringRef Name) const;

  std::vector<DriverInstance> Drivers;
  llvm::StringMap<FunctionRef> Externals;
  llvm::DenseMap<const TUFacts *, llvm::StringMap<FunctionRef>> Locals;
  llvm::StringMap<TableRef> ExternalTables;
  llvm::DenseMap<const TUFacts *, llvm::StringMap<TableRef>> LocalTables;
  /// "record.field" -> functions.
  llvm::StringMap<std::vector<FunctionRef>> Fields;
  llvm::DenseMap<const TableFacts *, FunctionRef> BegunBy;
  llvm::DenseSet<const FunctionFacts *> WithEffects;
  llvm::StringSet<> Released; ///< Kinds of things that a call releases.
  llvm::StringSet<> Taken;    ///< Likewise, takes of what it is given.
  bool TakesAny = false;      ///< Some call takes a reference.
};

/// What the extraction has to look for, so that \p Rules can be answered.
ExtractOptions extractOptions(const RuleSet &Rules, StringRef TreeRoot);

} // namespace devlife

#endif // DEVLIFE_MODULE_MODULE_H
