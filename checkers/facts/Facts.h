//===- Facts.h - What one translation unit says ---------------------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The facts of a translation unit (TU): its functions as small control-flow
// graphs over symbolic expressions, its tables (initialisers of records that
// hold functions), record layouts, and the syntax skeleton that repairs need.
//
// Facts are plain data, they know neither Clang nor the rules: what an API
// does to its arguments is applied later, in module/ and timeline/. So a
// stored TU stays valid when a rule changes.
//
// Ownership: every StringRef points into TUFacts::Strings, or is a literal.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_FACTS_FACTS_H
#define DEVLIFE_FACTS_FACTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace devlife {

using llvm::StringRef;

/// A spot in a file of the TU. Macro expansions stand where they are written.
struct Loc {
  uint32_t File = 0;   ///< Index into TUFacts::Files.
  uint32_t Line = 0;   ///< 1-based; 0 means "nowhere".
  uint32_t Column = 0; ///< 1-based, in bytes.
  uint32_t Offset = 0; ///< In bytes from the start of the file.

  bool isValid() const { return Line != 0; }
};

/// A half-open byte range of a file; empty when the text comes out of a macro
/// and so cannot be edited.
struct Extent {
  uint32_t File = 0;
  uint32_t Begin = 0;
  uint32_t End = 0;

  bool isValid() const { return End > Begin; }
  bool contains(const Extent &O) const {
    return File == O.File && Begin <= O.Begin && O.End <= End;
  }
};

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

/// Index into FunctionFacts::Exprs (TUFacts::Exprs for tables); 0 is none.
using ExprId = uint32_t;

enum class ExprKind : uint8_t {
  Unknown,     ///< Anything that is not modelled.
  Int,         ///< Value; enumerators carry their Name too.
  String,      ///< Name is the text.
  Function,    ///< Name is the function.
  Var,         ///< Name; Index is the VarFacts index, -1 for a global.
  Member,      ///< Ops[0].Name or Ops[0]->Name (Arrow); Base is the record
               ///< that declares the field ("" when anonymous).
  Index,       ///< Ops[0][Ops[1]].
  Deref,       ///< *Ops[0].
  AddrOf,      ///< &Ops[0].
  Call,        ///< The result of FunctionFacts::Calls[Index].
  ContainerOf, ///< container_of(Ops[0], struct Record, Name).
  Cast,        ///< A cast of Ops[0] to a pointer to another Record.
  Not,         ///< !Ops[0].
  Binary,      ///< Ops[0] Op Ops[1].
  Conditional, ///< Ops[0] ? Ops[1] : Ops[2].
};

enum class BinaryOp : uint8_t {
  None,
  EQ,
  NE,
  LT,
  LE,
  GT,
  GE,
  And,
  Or,
  Add,
  Sub,
  Shl,
  BitAnd,
  BitOr,
  Other
};

struct Expr {
  ExprKind Kind = ExprKind::Unknown;
  BinaryOp Op = BinaryOp::None;
  bool IsPointer = false; ///< The value is a pointer.
  bool IsArray = false;   ///< The value is an array; it decays to an address.
  bool Arrow = false;     ///< Member: through a pointer.
  uint8_t Bits = 0;       ///< Width of an integer value; 0 when not an integer.
  int32_t Index = -1;     ///< See ExprKind.
  StringRef Name;
  StringRef
      Record;     ///< Type of the value: the record, or the record pointed to.
  StringRef Base; ///< Member: see ExprKind.
  ExprId Ops[3] = {0, 0, 0};
  int64_t Value = 0;
};

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

struct VarFacts {
  StringRef Name;
  StringRef Record;  ///< As in Expr.
  StringRef Type;    ///< As written, for messages.
  StringRef Cleanup; ///< Function of __attribute__((cleanup)), else "".
  bool IsPointer = false;
  bool IsStatic = false;   ///< A static local: lives as long as the module.
  int32_t ParamIndex = -1; ///< -1: not a parameter.
  Loc At;
  std::vector<uint32_t> Uses;   ///< Offsets of what names it, in At.File.
  std::vector<uint32_t> Writes; ///< Those of Uses that are assigned to.
};

/// A read of a field that the rules can rewrite: `pdev->irq`.
struct FieldRead {
  ExprId Member = 0;
  Extent Whole; ///< "pdev->irq"
  Extent Base;  ///< "pdev"; when the base is no pointer, it wants an "&".
};

/// A call, with the anchors that an edit of it needs.
struct CallFacts {
  StringRef Callee;  ///< The function's name; "" for an indirect call.
  ExprId Target = 0; ///< Indirect call: the expression that is called.
  std::vector<ExprId> Args;
  StringRef Record; ///< Of the result, as in Expr.
  Loc At;           ///< The callee's name.
  Extent Name;      ///< The callee's name; invalid inside a macro.
  Extent Whole;     ///< From the name to the closing parenthesis; of the
                    ///< macro, when it expands to nothing but the call.
  std::vector<Extent> ArgText;
  int32_t Stmt = -1; ///< Innermost node of the skeleton that holds it.
  StringRef Macro;   ///< Outermost macro whose expansion holds it, or "".
};

enum class EventKind : uint8_t {
  Call,     ///< Calls[Index] happens.
  Store,    ///< Target = Value.
  Use,      ///< The memory that Target names is read.
  Return,   ///< return Value (0 when void).
  ScopeEnd, ///< Vars[Index], which has a Cleanup, leaves its scope.
};

struct Event {
  EventKind Kind;
  int32_t Index = -1;
  ExprId Target = 0;
  ExprId Value = 0;
  Loc At;
};

/// A basic block. Block 0 is the entry, the last one the exit.
struct Block {
  uint32_t FirstEvent = 0, EndEvent = 0; ///< Into FunctionFacts::Events.
  ExprId Condition = 0; ///< With two successors: true goes to the first.
  bool IsSwitch = false;
  bool IsLoopHead = false; ///< Target of a back edge.
  llvm::SmallVector<uint32_t, 2> Succs;
};

enum class StmtKind : uint8_t {
  Compound,
  If,
  Else,
  Label,
  Goto,
  Return,
  Expr,
  Decl,
  Loop,
  Switch,
  Case,
  Other
};

/// A node of the syntax skeleton: where statements begin, end and nest.
struct StmtNode {
  StmtKind Kind;
  int32_t Parent = -1;
  Extent Text;      ///< With its semicolon; invalid out of macros.
  Extent Head;      ///< If, Loop, Switch: the condition. Return: the value.
  StringRef Name;   ///< Label and Goto: the label.
  ExprId Value = 0; ///< If: the condition. Return: the value.
};

struct FunctionFacts {
  StringRef Name;
  Loc At;
  Extent Whole; ///< Definition, from its first specifier to '}'.
  Extent Body;  ///< '{' to '}'.
  bool IsStatic = false;
  bool ReturnsPointer = false;
  bool ReturnsVoid = false;
  std::vector<VarFacts> Vars; ///< Parameters first.
  std::vector<Expr> Exprs;    ///< [0] is Unknown.
  std::vector<CallFacts> Calls;
  std::vector<Event> Events;
  std::vector<Block> Blocks; ///< Empty when no graph could be built.
  std::vector<StmtNode> Skeleton;
  std::vector<FieldRead> FieldReads; ///< Of ExtractOptions::Fields.
  std::vector<std::pair<StringRef, Loc>>
      References; ///< Functions and globals named outside calls.

  unsigned numParams() const;
  const Expr &expr(ExprId Id) const { return Exprs[Id]; }
};

//===----------------------------------------------------------------------===//
// Tables and records
//===----------------------------------------------------------------------===//

/// One initialised field of a global or static record that holds a function
/// or the address of another table: `.driver.pm = &foo_pm`.
struct TableEntry {
  StringRef Field; ///< Member path, array indices left out: "driver.pm".
  StringRef Value; ///< Function or global; the text of a string.
  ExprKind Kind;   ///< Function, Var (address of a global), String or Int.
  int64_t Int = 0; ///< For Kind Int.
  Loc At;
};

struct TableFacts {
  StringRef Name;   ///< The variable.
  StringRef Record; ///< Its record type, or its elements'; else "".
  bool IsStatic = false;
  bool IsDefinition = true;
  Loc At;
  std::vector<TableEntry> Entries;
};

/// A field that is a record, or an array of them.
struct FieldFacts {
  StringRef Name;
  StringRef Record;
};

/// A record that this TU defines outside the kernel's own include folders.
struct RecordFacts {
  StringRef Name;
  Loc At;
  std::vector<FieldFacts> Embedded; ///< Also those of anonymous members.
};

/// A declaration of a function without its body, outside the kernel's headers.
struct PrototypeFacts {
  StringRef Name;
  Extent Text; ///< With its semicolon.
};

struct SourceFile {
  std::string Path;     ///< Relative to the tree's root; what people read.
  std::string FullPath; ///< Absolute; what edits open.
};

//===----------------------------------------------------------------------===//
// The translation unit
//===----------------------------------------------------------------------===//

struct TUFacts {
  TUFacts() : Strings(Allocator) {}
  TUFacts(const TUFacts &) = delete;
  TUFacts &operator=(const TUFacts &) = delete;

  std::vector<SourceFile> Files;        ///< [0] is the main file.
  std::string Module;                   ///< KBUILD_MODNAME.
  std::vector<FunctionFacts> Functions; ///< Defined here, in source order.
  std::vector<TableFacts> Tables;
  std::vector<RecordFacts> Records;
  std::vector<PrototypeFacts> Prototypes;
  llvm::StringSet<> Declared; ///< Those of ExtractOptions::Probes it declares.
  uint32_t KernelVersion = 0; ///< LINUX_VERSION_CODE, 0 when not seen.
  unsigned NumErrors = 0;     ///< Of the parse; facts of such a TU are partial.
  std::string FirstError;     ///< "file:line:col: message".
  unsigned FunctionsLeftOut = 0; ///< Bodies for which no CFG could be built.

  StringRef save(StringRef Text) { return Strings.save(Text); }
  const SourceFile &file(Loc At) const { return Files[At.File]; }

private:
  llvm::BumpPtrAllocator Allocator;
  llvm::UniqueStringSaver Strings;
};

inline unsigned FunctionFacts::numParams() const {
  unsigned N = 0;
  while (N < Vars.size() && Vars[N].ParamIndex >= 0)
    ++N;
  return N;
}

} // namespace devlife

#endif // DEVLIFE_FACTS_FACTS_H
