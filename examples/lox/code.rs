//! The resolved tree: what the lowering makes of the syntax tree and the interpreter walks.
//!
//! A variable is one of three things here. A global is known by its symbol. A local that no inner function uses lives on
//! the interpreter's stack, at a slot counted from the base of the call. A captured local lives in an environment, `up`
//! environments out from the current one. A scope without captured variables makes no environment.

use std::cell::Cell;
use std::rc::Rc;

use crate::ast::{Binary as Operator, Logical as LogicalOperator};
use crate::heap::Gc;
use crate::number::Number;
use crate::object::LoxString;
use crate::symbol::Symbol;

/// A whole program, or one line of a session.
pub(crate) struct Program {
    /// Its statements.
    pub(crate) statements: Box<[Stmt]>,
    /// How deep statements and expressions nest in it, not counting the bodies of functions.
    pub(crate) depth: u32,
}

/// What a name leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Variable {
    /// The stack slot, from the base of the call.
    Local(u32),
    /// A slot of an environment.
    Captured(Captured),
    /// A global variable.
    Global(Global),
}

/// A variable in an environment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Captured {
    /// How many environments out from the current one.
    pub(crate) up: u32,
    /// Which of its variables.
    pub(crate) slot: u32,
}

/// One use of a global variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Global {
    /// Its name.
    pub(crate) symbol: Symbol,
    /// Where it is used.
    pub(crate) line: u32,
}

/// Where a declaration puts its value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// On the stack: the slot is where the stack ends now.
    Local,
    /// In this slot of the current environment.
    Captured(u32),
    /// Among the globals.
    Global(Symbol),
}

/// A statement or declaration.
pub(crate) enum Stmt {
    /// Evaluates and forgets.
    Expression(Expr),
    /// Evaluates and prints.
    Print(Expr),
    /// Gives a new variable its first value.
    Define(Target, Box<Expr>),
    /// Runs statements in a scope of their own.
    Block(Box<Block>),
    /// Runs the first branch whose condition holds.
    If(Box<If>),
    /// Runs its body as long as a condition holds.
    While(Box<While>),
    /// Leaves the function.
    Return(Expr),
    /// Makes a function.
    Function(Target, Rc<Function>),
    /// Makes a class.
    Class(Target, Box<Class>),
}

/// Statements in a scope of their own.
pub(crate) struct Block {
    /// How many captured variables the scope has; without any it makes no environment.
    pub(crate) environment_size: u32,
    /// What to run.
    pub(crate) statements: Box<[Stmt]>,
}

/// A conditional statement.
pub(crate) struct If {
    /// The conditions, each with what it guards.
    pub(crate) branches: Box<[(Expr, Stmt)]>,
    /// What to run if none holds.
    pub(crate) otherwise: Option<Stmt>,
}

/// A `while` or `for` loop.
pub(crate) struct While {
    /// Tested before each round.
    pub(crate) condition: Expr,
    /// One round.
    pub(crate) body: Stmt,
    /// Evaluated after each round.
    pub(crate) increment: Option<Expr>,
}

/// A function or method.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: Rc<str>,
    /// How many arguments it takes, not counting `this`.
    pub(crate) arity: usize,
    /// Whether it returns `this`, whatever happens.
    pub(crate) is_initializer: bool,
    /// How many captured variables its scope has.
    pub(crate) environment_size: u32,
    /// The captured ones among `this` and the parameters: from which stack slot to which slot of the environment.
    pub(crate) captured_parameters: Box<[(u32, u32)]>,
    /// What to run.
    pub(crate) body: Box<[Stmt]>,
    /// How deep statements and expressions nest in it.
    pub(crate) depth: u32,
}

/// A class.
pub(crate) struct Class {
    /// Its name.
    pub(crate) name: Rc<str>,
    /// The variable that holds its superclass, and its line.
    pub(crate) superclass: Option<(Expr, u32)>,
    /// Whether a method uses `super`, which then is the one variable of an environment around the methods.
    pub(crate) captures_super: bool,
    /// Its own methods.
    pub(crate) methods: Box<[(Symbol, Rc<Function>)]>,
}

/// An expression.
pub(crate) enum Expr {
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Gc<LoxString>),
    /// The value of a local variable.
    Local(u32),
    /// The value of a captured variable.
    Captured(Captured),
    /// The value of a global variable.
    Global(Global),
    /// Changes a variable.
    Assign(Box<Assign>),
    /// Adds to a variable, `name = name + value`, which can lengthen a string where it is.
    Append(Box<Append>),
    /// One binary operator.
    Binary(Box<Binary>),
    /// Several binary operators, from the left.
    Chain(Box<Chain>),
    /// `and` and `or`.
    Logical(Box<Logical>),
    /// `!`
    Not(Box<Expr>),
    /// `-`
    Negate(Box<Negate>),
    /// A call.
    Call(Box<Call>),
    /// A call of a property.
    Invoke(Box<Invoke>),
    /// A property.
    Get(Box<Get>),
    /// Changes a field.
    Set(Box<Set>),
    /// A method of the superclass.
    Super(Box<Super>),
    /// A call of a method of the superclass.
    SuperInvoke(Box<SuperInvoke>),
}

/// Changes a variable.
pub(crate) struct Assign {
    /// Which one.
    pub(crate) variable: Variable,
    /// Its new value.
    pub(crate) value: Expr,
}

/// Adds to a variable.
pub(crate) struct Append {
    /// Which one.
    pub(crate) variable: Variable,
    /// What to add.
    pub(crate) value: Expr,
    /// The operator's line.
    pub(crate) line: u32,
}

/// One binary operator.
pub(crate) struct Binary {
    /// Which one.
    pub(crate) operator: Operator,
    /// Its line.
    pub(crate) line: u32,
    /// Its left operand.
    pub(crate) left: Expr,
    /// Its right operand.
    pub(crate) right: Expr,
}

/// Several binary operators.
pub(crate) struct Chain {
    /// The leftmost operand.
    pub(crate) first: Expr,
    /// The operators, each with its right operand.
    pub(crate) links: Box<[Link]>,
}

/// An operator of a chain.
pub(crate) struct Link {
    /// Which one.
    pub(crate) operator: Operator,
    /// Its line.
    pub(crate) line: u32,
    /// Its right operand.
    pub(crate) right: Expr,
}

/// `and` or `or`, with two operands or more.
pub(crate) struct Logical {
    /// Which of the two.
    pub(crate) operator: LogicalOperator,
    /// All operands but the last.
    pub(crate) operands: Box<[Expr]>,
    /// The last operand.
    pub(crate) last: Expr,
}

/// `-`
pub(crate) struct Negate {
    /// Its operand.
    pub(crate) operand: Expr,
    /// Its line.
    pub(crate) line: u32,
}

/// A call.
pub(crate) struct Call {
    /// What is called.
    pub(crate) callee: Expr,
    /// With what.
    pub(crate) arguments: Arguments,
}

/// The arguments of a call.
pub(crate) struct Arguments {
    /// Their expressions.
    pub(crate) values: Box<[Expr]>,
    /// The line of the closing parenthesis, which stands for the call in error messages.
    pub(crate) line: u32,
}

/// A call of a property.
pub(crate) struct Invoke {
    /// The instance.
    pub(crate) object: Expr,
    /// The property.
    pub(crate) site: Site,
    /// What it is called with.
    pub(crate) arguments: Arguments,
}

/// A property.
pub(crate) struct Get {
    /// The instance.
    pub(crate) object: Expr,
    /// The property.
    pub(crate) site: Site,
}

/// Changes a field.
pub(crate) struct Set {
    /// The instance.
    pub(crate) object: Expr,
    /// Its stack slot, if it is a local variable that stays what it is while the value is evaluated.
    pub(crate) local: Option<u32>,
    /// The field.
    pub(crate) site: Site,
    /// Its new value.
    pub(crate) value: Expr,
}

/// A method of the superclass.
pub(crate) struct Super {
    /// The variable `super`.
    pub(crate) superclass: Expr,
    /// The variable `this`.
    pub(crate) this: Expr,
    /// The method's name.
    pub(crate) method: Symbol,
    /// The line of that name.
    pub(crate) line: u32,
}

/// A call of a method of the superclass.
pub(crate) struct SuperInvoke {
    /// What is called.
    pub(crate) method: Super,
    /// With what.
    pub(crate) arguments: Arguments,
}

/// A place in the program that names a property, with what it found last time.
pub(crate) struct Site {
    /// The name.
    pub(crate) name: Symbol,
    /// Its line.
    pub(crate) line: u32,
    /// The number of the class it was looked up in, and what was found there.
    pub(crate) cache: Cell<(u64, Property)>,
}

impl Site {
    /// A site that was not used yet.
    pub(crate) fn new(name: Symbol, line: u32) -> Self {
        Self { name, line, cache: Cell::new((0, Property::Unknown)) }
    }
}

/// What a name means for the instances of a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Property {
    /// Neither a field of any instance so far nor a method.
    Unknown,
    /// A field that instances may have, by its slot.
    Field(u32),
    /// A method, by its position, and not a field of any instance so far.
    Method(u32),
}
