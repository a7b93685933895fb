//! The syntax tree: what the parser makes, the resolver reads and the lowering turns into [`code`](crate::code).
//!
//! Chains of operators of one precedence and chains of `else if` are lists, so a long one is not a deep one: the parser's
//! nesting limit bounds the depth of every tree.

use crate::symbol::Symbol;

/// Identifies one occurrence of a name in one source text. A declaration's own occurrence identifies its variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NameId(u32);

impl NameId {
    /// The occurrence numbered `index`, counted from 0.
    pub(crate) fn new(index: u32) -> Self {
        Self(index)
    }

    /// Its number, which indexes tables that have one entry for each occurrence.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One occurrence of an identifier, `this` or `super`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    /// The identifier.
    pub(crate) symbol: Symbol,
    /// The line it is on.
    pub(crate) line: u32,
    /// Which occurrence it is.
    pub(crate) id: NameId,
}

/// A whole program, or one line of a session.
pub(crate) struct Program {
    /// Its statements.
    pub(crate) statements: Vec<Stmt>,
    /// How many [`NameId`]s occur in it.
    pub(crate) name_count: u32,
}

/// A statement or declaration.
pub(crate) enum Stmt {
    /// `expression;`
    Expression(Expr),
    /// `print expression;`
    Print(Expr),
    /// `var name = initializer;`
    Var {
        /// The variable.
        name: Name,
        /// Its first value; nil without.
        initializer: Option<Expr>,
    },
    /// `{ ... }`
    Block(Vec<Stmt>),
    /// `if (...) ... else if (...) ... else ...`
    If {
        /// The conditions in order, each with what it guards.
        branches: Vec<(Expr, Stmt)>,
        /// What happens when none holds.
        otherwise: Option<Box<Stmt>>,
    },
    /// `while (condition) body`
    While {
        /// Tested before each round.
        condition: Expr,
        /// One round.
        body: Box<Stmt>,
    },
    /// `for (initializer; condition; increment) body`
    For(Box<For>),
    /// `return value;`
    Return {
        /// The line of the keyword.
        line: u32,
        /// The result; nil without.
        value: Option<Expr>,
    },
    /// `fun name(...) { ... }`
    Function(Function),
    /// `class name < superclass { ... }`
    Class(Class),
}

/// A `for` loop.
pub(crate) struct For {
    /// A variable declaration or expression statement.
    pub(crate) initializer: Option<Stmt>,
    /// Tested before each round; true without.
    pub(crate) condition: Option<Expr>,
    /// Evaluated after each round.
    pub(crate) increment: Option<Expr>,
    /// One round.
    pub(crate) body: Stmt,
}

/// A function or method.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: Name,
    /// The variable `this`, if it is a method.
    pub(crate) this: Option<NameId>,
    /// Its parameters.
    pub(crate) parameters: Vec<Name>,
    /// Its body, in the same scope as the parameters.
    pub(crate) body: Vec<Stmt>,
}

/// A class.
pub(crate) struct Class {
    /// Its name.
    pub(crate) name: Name,
    /// What it inherits from.
    pub(crate) superclass: Option<Superclass>,
    /// Its own methods.
    pub(crate) methods: Vec<Function>,
}

/// The `< name` of a class.
pub(crate) struct Superclass {
    /// The variable that holds the class.
    pub(crate) name: Name,
    /// The variable `super`, in a scope around the methods.
    pub(crate) super_id: NameId,
}

/// An expression.
pub(crate) enum Expr {
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string, without its quotes.
    String(Box<str>),
    /// A variable's value.
    Variable(Name),
    /// `name = value`
    Assign {
        /// The variable.
        name: Name,
        /// Its new value.
        value: Box<Expr>,
    },
    /// `first op right op right ...`, grouped from the left.
    Chain {
        /// The leftmost operand.
        first: Box<Expr>,
        /// The operators, each with its right operand.
        links: Vec<Link>,
    },
    /// `a and b and ...` or `a or b or ...`
    Logical {
        /// Which of the two.
        operator: Logical,
        /// Two operands or more.
        operands: Vec<Expr>,
    },
    /// `!operand` or `-operand`
    Unary {
        /// Which of the two.
        operator: Unary,
        /// The operator's line.
        line: u32,
        /// What it is applied to.
        operand: Box<Expr>,
    },
    /// `(inner)`, which cannot be assigned to.
    Grouping(Box<Expr>),
    /// `callee(arguments)`
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// With what.
        arguments: Vec<Expr>,
        /// The line of the closing parenthesis.
        line: u32,
    },
    /// `object.name`
    Get {
        /// The instance.
        object: Box<Expr>,
        /// The property.
        name: Name,
    },
    /// `object.name = value`
    Set {
        /// The instance.
        object: Box<Expr>,
        /// The field.
        name: Name,
        /// Its new value.
        value: Box<Expr>,
    },
    /// `this`
    This(Name),
    /// `super.method`
    Super {
        /// The `super`.
        keyword: Name,
        /// The `this` it is bound to.
        this: Name,
        /// The method.
        method: Name,
    },
}

/// One operator of a chain and its right operand.
pub(crate) struct Link {
    /// The operator.
    pub(crate) operator: Binary,
    /// Its line.
    pub(crate) line: u32,
    /// The operand on its right.
    pub(crate) right: Expr,
}

/// A binary operator that evaluates both operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// A binary operator that may leave its right operand alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Logical {
    /// The first operand that is false, or the last one.
    And,
    /// The first operand that is true, or the last one.
    Or,
}

/// An operator with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unary {
    /// `!`
    Not,
    /// `-`
    Negate,
}
