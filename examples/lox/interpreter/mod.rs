//! Runs a program by walking its resolved tree.
//!
//! Each function here takes the frame it runs in by value: the base of the call on the stack, and the innermost
//! environment. A call passes a new frame down, so returning restores nothing.
//!
//! # Invariants
//! - **I1** Between two statements the stack ends with the live locals of the current call, which start at the frame's base
//!   and are where the lowering put them.
//! - **I2** An evaluation that succeeds leaves the stack as it found it. One that fails may not: the program ends then.

mod arithmetic;
mod call;
mod class;
mod expression;
mod property;
mod statement;
mod variable;

use crate::code::Program;
use crate::environment::Frame;
use crate::native;
use crate::output::Output;
use crate::report::Failure;
use crate::symbol::{Interner, Symbol};
use crate::value::Value;

/// The program ends here; why is in [`Interpreter::failure`]. An error without content leaves the result of an evaluation
/// as small as the value, which registers hold.
struct Stop;

/// The result of what has none, unless the program ends.
type Done = Result<(), Stop>;

/// The result of an expression.
type Evaluated = Result<Value, Stop>;

/// The result of a condition.
type Tested = Result<bool, Stop>;

/// What a statement leads to.
enum Flow {
    /// The next statement.
    Next,
    /// The end of the function, with its result.
    Return(Value),
}

/// The result of a statement.
type Executed = Result<Flow, Stop>;

/// The state of a running program; it outlives the program in a session.
pub(crate) struct Interpreter {
    /// The names of the program.
    pub(crate) interner: Interner,
    /// Where `print` writes.
    pub(crate) output: Output,
    /// Arguments and locals of all calls.
    stack: Vec<Value>,
    /// The global variables by symbol.
    globals: Vec<Option<Value>>,
    /// The symbol of `init`.
    init: Symbol,
    /// The highest number a class has.
    class_ids: u64,
    /// How many levels there is room for, and how many are left.
    levels: u32,
    levels_left: u32,
    /// Why the program ends, once it does.
    failure: Option<Failure>,
}

impl Interpreter {
    /// An interpreter that knows the native functions.
    pub(crate) fn new(output: Output, levels: u32) -> Self {
        let mut interner = Interner::default();
        let init = interner.intern("init");
        let (stack, globals) = (Vec::new(), Vec::new());
        let mut interpreter =
            Self { interner, output, stack, globals, init, class_ids: 0, levels, levels_left: levels, failure: None };
        for (name, function) in native::functions() {
            let symbol = interpreter.interner.intern(name);
            interpreter.make_room_for_globals();
            interpreter.define_global(symbol, function);
        }
        interpreter
    }

    /// Runs a program to its end or its first error.
    pub(crate) fn run(&mut self, program: &Program) -> Result<(), Failure> {
        self.make_room_for_globals();
        let frame = Frame { base: 0, environment: None };
        self.levels_left = self.levels.saturating_sub(program.depth);
        let result = self.statements(&program.statements, frame);
        self.stack.clear();
        result.map(drop).map_err(|Stop| self.failure.take().expect("a program that stops says why"))
    }

    /// Ends the program with a run-time error.
    #[cold]
    fn fail(&mut self, line: u32, message: impl Into<String>) -> Stop {
        self.failure = Some(Failure::Runtime { message: message.into(), line });
        Stop
    }

    /// Makes the table of globals long enough for every name there is.
    fn make_room_for_globals(&mut self) {
        self.globals.resize(self.interner.len(), None);
    }
}
