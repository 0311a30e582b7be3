//===- Interpreter.h - Runs functions over abstract states ----------------===//
//
// Part of devlife, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A forward data flow over the control-flow graphs of a module. Functions
// that have effects are followed into, in the state of the call; all others
// return something unknown. States that differ in what a branch can test (the
// result of a call, above all) stay apart, so that an error path is known to
// be one; all others are joined.
//
//===----------------------------------------------------------------------===//

#ifndef DEVLIFE_TIMELINE_INTERPRETER_H
#define DEVLIFE_TIMELINE_INTERPRETER_H

#include "timeline/State.h"
#include "llvm/Support/StringSaver.h"

namespace devlife {

/// A lifetime, or the life of a pointer, that ends.
struct Ending {
  CallRef Site; ///< The call that ends it; null for a store. Of devres, the
                ///< call that acquired it.
  UseSite At;   ///< Where; of devres, where it was acquired.
  const ResourceRule *What = nullptr;   ///< Null for a store.
  llvm::SmallVector<StringRef, 2> Keys; ///< Fields that lead to it.
  StringRef Record;                     ///< Of memory: what it is, or "".
  CallRef Acquired;                     ///< Null when that was not seen.
  bool Many = false;                    ///< One of several of its kind.
  unsigned Since = 0;   ///< State::Clock when it was acquired; 0: not seen.
  unsigned Last = 0;    ///< Likewise, for the last time.
  bool IsThing = false; ///< What has ended cannot be used: not just a state.
  bool ByDevres = false;
  bool IsOnly = true; ///< No other thing of its record is around.
};

/// Is told what happens, in an order that execution could take.
class Observer {
public:
  virtual ~Observer() = default;
  /// \p Rule is applied at \p Site; \p Before is the state it finds.
  virtual void effect(const CallRef &Site, const CallRule &Rule,
                      const Effect &E, const Value &Object, const State &Before,
                      llvm::ArrayRef<CallRef> Stack) = 0;
  /// The unmanaged call at \p Site, by \p E, ends what \p Managed has handed to
  /// devres, and nothing else.
  virtual void endsManaged(const CallRef &Site, const Effect &E,
                           const CallRef &Managed) = 0;
  /// What \p Released ended is acquired anew at \p Site.
  virtual void reacquired(const CallRef &Released, const CallRef &Site) = 0;
  /// \p What ends; \p Now is the state in which it does.
  virtual void ends(const Ending &What, const State &Now,
                    llvm::ArrayRef<CallRef> Stack) = 0;
  /// \p Site ends \p R, which has ended on every way here.
  virtual void endsAgain(const CallRef &Site, const Resource &R,
                         llvm::ArrayRef<CallRef> Stack) = 0;
  /// \p Site ends the \p What of \p Key, which nothing has begun on this way;
  /// \p Failure is the last call that has failed, or null.
  virtual void endsUnbegun(const CallRef &Site, const ResourceRule &What,
                           StringRef Key, const CallFacts *Failure) {}
  /// The first \p Resource, which calls need, is there from now on.
  virtual void begins(const UseSite &What, StringRef Resource, const State &Now,
                      llvm::ArrayRef<CallRef> Stack) = 0;
  /// \p What, which nobody has used before, is made ready for use.
  /// With \p IsPointer, it is a pointer that is set.
  virtual void initialises(const UseSite &What, bool IsPointer,
                           const State &Now, llvm::ArrayRef<CallRef> Stack) = 0;
};

class Interpreter {
public:
  /// \p Device is the record of the device that the driver binds to: any
  /// pointer to it that the driver keeps is taken to be that one device.
  /// Values point into \p Strings.
  Interpreter(const Uses &Touch, StringRef Device, Observer &Watch,
              llvm::UniqueStringSaver &Strings);
  ~Interpreter();

  struct Exit {
    State S;
    Value Return;
  };

  /// One state for all of \p Exits, of which there is at least one.
  static State joined(std::vector<Exit> Exits);
  /// Runs \p F; \p S has the caller's frames.
  std::vector<Exit> run(FunctionRef F, std::vector<Value> Args, State S);
  /// Arguments for an entry that the kernel calls: typed by their record.
  std::vector<Value> entryArguments(FunctionRef F) const;
  /// An expression, or an argument of a call, outside any timeline: as far as
  /// types tell.
  Value staticValue(FunctionRef F, ExprId Id);
  Value staticArgument(const CallRef &Site, ArgRef Arg);
  /// Releases what devres holds, newest first.
  State releaseManaged(State S);
  /// Opens \p W, and with it what its code arms.
  void open(State &S, Window W);
  /// What the kernel calls in between arms, if \p F does.
  void openArmed(State &S, FunctionRef F, const CallRef &Source);
  /// \p Begin, the phase, has succeeded, and left \p S.
  void begun(llvm::ArrayRef<FunctionRef> Begin, const State &S) {
    BeginCalls = &Touch.calledFrom(Begin);
    Begun = S.Windows;
  }
  /// Splits what a function returned into success and failure.
  static bool mayFail(const Exit &E);
  static bool maySucceed(const Exit &E);
  /// The state in which the last, untested call that \p E returns failed.
  State asFailed(Exit E) const;

  /// Blocks that may be run from now on.
  void setBudget(unsigned Blocks) {
    Budget = Blocks;
    Incomplete = false;
  }
  /// True when the budget was too small; what was seen is then partial.
  bool isIncomplete() const { return Incomplete; }

  /// Whether \p Line of \p W is a number out of \p What of \p Object.
  static bool isNumberOf(const Window &W, StringRef What, const Value &Object);

private:
  struct Location {
    enum KindTy : uint8_t { None, Local, Key } Kind = None;
    uint32_t Frame = 0, Var = 0;
    StringRef Text;
  };

  Value eval(State &S, FunctionRef F, ExprId Id);
  Location locate(State &S, FunctionRef F, ExprId Id);
  Location pointee(const Value &V, StringRef Record);
  Value read(State &S, const Location &L, const Expr &E);
  void write(State &S, const Location &L, const Value &V);
  Value addressOf(const Location &L);
  /// The \p Record that has what \p Part points to as its field \p Field.
  Value holderOf(const Value &Part, StringRef Field, StringRef Record);
  /// What the keys of a record's members begin with; "" for no location.
  StringRef prefix(const Location &L);
  /// Copies a record member by member.
  bool holdsLive(const State &S, const Location &L) const;
  void copyRecord(State &S, StringRef To, StringRef From);
  Value argument(State &S, const CallRef &Site, ArgRef Arg);
  Value handOut(State &S, const CallRef &Site, ArgRef Out);
  State staticState(FunctionRef F) const;

  void assume(State S, FunctionRef F, ExprId Condition, bool Truth,
              std::vector<State> &Out);
  void assumeCall(State S, const CallRef &Site, FunctionRef Callee, bool Truth,
                  std::vector<State> &Out);
  void assumeError(State S, const Value &Pointer, bool IsError,
                   std::vector<State> &Out);
  void assumeCompare(State S, FunctionRef F, ExprId Operand, BinaryOp Op,
                     int64_t Constant, std::vector<State> &Out);
  void forgetHeld(State &S, StringRef Key);
  StringRef question(State &S, const CallRef &Site);
  void replace(State &S, const Value &From, const Value &To);
  void settle(State &S, const Value &Result, bool HasFailed);

  std::vector<Exit> call(State S, const CallRef &Site);
  /// Whether \p F can be followed into: it does not run already, and there is
  /// depth left.
  bool canEnter(FunctionRef F) const;
  /// Runs \p F because of \p Site; one state for all of its ways out.
  State enter(State S, const CallRef &Site, FunctionRef F,
              std::vector<Value> Args);
  std::vector<Exit> apply(State S, const CallRef &Site, const CallRule &Rule);
  void acquire(State &S, const CallRef &Site, const CallRule &Rule,
               const Effect &E);
  void release(State &S, const CallRef &Site, const CallRule &Rule,
               const Effect &E);
  void arm(State &S, const CallRef &Site, const CallRule &Rule,
           const Effect &E);
  void quiesce(State &S, const CallRef &Site, const CallRule &Rule,
               const Effect &E);
  Value lineOf(State &S, const CallRef &Site, const Effect &E);
  void armObject(State &S, const CallRef &Site, const Effect &E, bool Managed);
  bool isOtherCookie(const CallRef &Armed, const CallRef &Site,
                     const Effect &E) const;
  void quiesceObject(State &S, const CallRef &Site, const Effect &E);
  void drain(State &S, const CallRef &Site, const Effect &E);
  /// Something else than \p W that can still run and arms it, or null.
  const Window *sourceOf(const State &S, const Window &W) const;
  /// Closes \p W, unless a source of it can still run.
  void close(State &S, Window &W, const CallRef &Site, bool Lasting);
  const DriverInstance *nestedDriver(State &S, const CallRef &Site,
                                     const Effect &E);
  State nested(State S, const CallRef &Site, const Effect &E, bool Begins);
  void mayStop(State &S, llvm::ArrayRef<FunctionRef> Targets);
  void unregister(State &S, const CallRef &Site, const Effect &E);
  std::vector<FunctionRef> callbacksIn(State &S, const CallRef &Site);
  bool isHeld(const CallRef &Site, ExprId Id) const;
  bool isThing(const CallRef &Site, ArgRef Arg, const ResourceRule *What,
               StringRef Key) const;
  void finish(State &S, const Ending &What);
  /// The field key of an argument, from its value or from its type.
  StringRef keyOf(State &S, const CallRef &Site, ArgRef Arg);
  StringRef leaf(StringRef Location) const;
  bool count(State &S, const CallRef &Site, const Effect &E);
  /// The global that \p V is the address of, by name; "" when it is none.
  static StringRef globalAt(const Value &V) {
    bool IsGlobal = V.Kind == Value::Address && V.Text.starts_with("::");
    return IsGlobal ? V.Text.drop_front(2) : "";
  }
  FunctionRef functionAt(State &S, const CallRef &Site, ArgRef Object,
                         StringRef Path, Value *Holder = nullptr);
  std::vector<FunctionRef> functionsAt(State &S, const CallRef &Site,
                                       ArgRef Arg, StringRef Path);
  State callback(State S, const CallRef &Site, ArgRef Object,
                 const Effect &Runs);
  bool runsUnopened(StringRef Key, llvm::ArrayRef<FunctionRef> Openers) const;
  std::vector<std::pair<ArgRef, const Effect *>>
  stopsOf(const CallRef &Managed) const;
  bool isElement(const CallRef &Site, ArgRef Arg) const;
  bool isOfMany() const;
  Value arrayOf(State &S, const CallRef &Site, ArgRef Arg);
  bool isSweep(const Resource &R, const CallRef &Site) const;
  bool isSweptAgain(const Resource &R, const Value &Array,
                    const CallRef &Site) const;
  Resource sweptBefore(const State &S, StringRef What, StringRef Key,
                       const Value &Array, const CallRef &Site) const;
  bool isOnlyOne(const State &S, const Value &Object) const;
  FunctionRef releaseFunction(State &S, const CallRef &Site, const Effect &E,
                              Value &Object);
  State put(State S, const CallRef &Site, const Effect &E);
  void escape(State &S, const CallRef &Site);
  void forgetNumbers(State &S, const CallRef &Site);
  void handOver(State &S, const CallRef &Site, const Effect &E);
  void stored(State &S, FunctionRef F, const Event &E);

  std::optional<int> signOf(const Value &V) const;
  Value common(const Value &A, const Value &B) const;
  void joinAll(State &S, const State &O) const;
  State *closest(std::vector<State> &List, const State &S) const;
  std::optional<int64_t> resultOf(FunctionRef F, unsigned Depth) const;
  llvm::DenseMap<const FunctionFacts *, std::optional<int64_t>> Numbers;
  /// States, and exits, that are kept apart by what has failed.
  static constexpr unsigned MaxFailures = 32;
  bool addState(std::vector<State> &List, State S, bool ByFailure,
                State &Changed) const;

  struct Liveness;
  const Liveness &liveness(const FunctionFacts &F);
  void enterBlock(State &S, const FunctionFacts &F, uint32_t Block);
  std::vector<State> runBlock(State S, FunctionRef F, const Block &B);
  void returned(State S, FunctionRef F, ExprId Id, std::vector<State> &Out);

  StringRef save(const llvm::Twine &Text) { return Strings.save(Text); }
  /// Where the state keeps whether accesses through \p Key are cached.
  StringRef cached(StringRef Key) { return save("$cached." + Key); }

  const Uses &Touch;
  const Module &M;
  const bool All;      ///< Every effect is wanted.
  const bool IsModule; ///< The timeline is that of init and exit.
  StringRef Device;
  Observer &Watch;
  llvm::UniqueStringSaver &Strings;
  /// Locations -> field keys, by their interned text.
  llvm::DenseMap<const char *, StringRef> Leaves;
  std::vector<CallRef> Stack;
  const std::vector<FunctionRef> *BeginCalls = nullptr; ///< See begun().
  Cow<std::vector<Window>> Begun;                       ///< Likewise.
  std::map<const FunctionFacts *, std::unique_ptr<Liveness>> LivenessOf;
  unsigned Budget = 0;
  bool Incomplete = false;
  bool Nested = false;   ///< A driver runs that the driver registers.
  unsigned Called = 0;   ///< Functions run that a call runs of its object.
  unsigned Stopping = 0; ///< Functions run that stop the object for good.
  unsigned Counted = 0;  ///< Release functions of counted objects that run.
  static constexpr unsigned MaxDepth = 14;  ///< Calls followed into each other.
  static constexpr unsigned MaxTargets = 4; ///< Of an indirect call.
};

} // namespace devlife

#endif // DEVLIFE_TIMELINE_INTERPRETER_H
