//! Which declaration each name means, decided before the program runs, and the errors that this shows.

mod expression;
mod scope;

use self::scope::Scopes;
use crate::ast::{Class, For, Function, Name, NameId, Program, Stmt};
use crate::report::Diagnostics;
use crate::symbol::{Interner, Symbol};

/// What the resolver found out about each occurrence of a name.
pub(crate) struct Resolution {
    targets: Vec<Option<NameId>>,
    captured: Vec<bool>,
}

impl Resolution {
    /// The declaration that an occurrence means; none for a global variable.
    pub(crate) fn target(&self, id: NameId) -> Option<NameId> {
        self.targets[id.index()]
    }

    /// Whether a function inside the one that declares the variable uses it, so that it may outlive the call.
    pub(crate) fn is_captured(&self, declaration: NameId) -> bool {
        self.captured[declaration.index()]
    }
}

/// Resolves every name of `program`. The result is meaningful only if `diagnostics` is still empty.
pub(crate) fn resolve(program: &Program, interner: &mut Interner, diagnostics: &mut Diagnostics) -> Resolution {
    let words =
        Words { this: interner.intern("this"), super_: interner.intern("super"), init: interner.intern("init") };
    let count = program.name_count as usize;
    let resolution = Resolution { targets: vec![None; count], captured: vec![false; count] };
    let scopes = Scopes::default();
    let mut resolver = Resolver { interner, diagnostics, words, scopes, function: None, class: None, resolution };
    resolver.statements(&program.statements);
    resolver.resolution
}

/// The names with a meaning of their own.
struct Words {
    this: Symbol,
    super_: Symbol,
    init: Symbol,
}

/// What kind of function is being resolved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FunctionKind {
    Function,
    Method,
    Initializer,
}

/// What kind of class is being resolved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ClassKind {
    Base,
    Derived,
}

/// The surroundings of the construct being resolved.
struct Resolver<'a> {
    interner: &'a Interner,
    diagnostics: &'a mut Diagnostics,
    words: Words,
    scopes: Scopes,
    function: Option<FunctionKind>,
    class: Option<ClassKind>,
    resolution: Resolution,
}

impl Resolver<'_> {
    fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Expression(expression) | Stmt::Print(expression) => self.expression(expression),
            Stmt::Var { name, initializer } => {
                self.declare(name);
                initializer.iter().for_each(|expression| self.expression(expression));
                self.scopes.define(name.symbol);
            }
            Stmt::Block(statements) => {
                self.scopes.open();
                self.statements(statements);
                self.scopes.close();
            }
            Stmt::If { branches, otherwise } => {
                for (condition, branch) in branches {
                    self.expression(condition);
                    self.statement(branch);
                }
                otherwise.iter().for_each(|statement| self.statement(statement));
            }
            Stmt::While { condition, body } => {
                self.expression(condition);
                self.statement(body);
            }
            Stmt::For(each) => self.for_loop(each),
            Stmt::Return { line, value } => {
                self.check_return(*line, value.is_some());
                value.iter().for_each(|expression| self.expression(expression));
            }
            Stmt::Function(function) => {
                self.declare(&function.name);
                self.scopes.define(function.name.symbol);
                self.function(function, FunctionKind::Function);
            }
            Stmt::Class(class) => self.class(class),
        }
    }

    fn for_loop(&mut self, each: &For) {
        self.scopes.open();
        each.initializer.iter().for_each(|statement| self.statement(statement));
        each.condition.iter().for_each(|expression| self.expression(expression));
        self.statement(&each.body);
        each.increment.iter().for_each(|expression| self.expression(expression));
        self.scopes.close();
    }

    fn check_return(&mut self, line: u32, has_value: bool) {
        let message = match self.function {
            None => "Can't return from top-level code.",
            Some(FunctionKind::Initializer) if has_value => "Can't return a value from an initializer.",
            Some(_) => return,
        };
        self.diagnostics.error_at_word(line, "return", message);
    }

    fn function(&mut self, function: &Function, kind: FunctionKind) {
        let enclosing = self.function.replace(kind);
        self.scopes.open_function();
        if let Some(this) = function.this {
            self.scopes.declare(self.words.this, this);
            self.scopes.define(self.words.this);
        }
        for parameter in &function.parameters {
            self.declare(parameter);
            self.scopes.define(parameter.symbol);
        }
        self.statements(&function.body);
        self.scopes.close_function();
        self.function = enclosing;
    }

    fn class(&mut self, class: &Class) {
        let kind = if class.superclass.is_some() { ClassKind::Derived } else { ClassKind::Base };
        let enclosing = self.class.replace(kind);
        self.declare(&class.name);
        self.scopes.define(class.name.symbol);
        if let Some(superclass) = &class.superclass {
            self.check_superclass(&class.name, &superclass.name);
            self.variable(&superclass.name);
            self.scopes.open();
            self.scopes.declare(self.words.super_, superclass.super_id);
            self.scopes.define(self.words.super_);
        }
        for method in &class.methods {
            let is_initializer = method.name.symbol == self.words.init;
            self.function(method, if is_initializer { FunctionKind::Initializer } else { FunctionKind::Method });
        }
        if class.superclass.is_some() {
            self.scopes.close();
        }
        self.class = enclosing;
    }

    fn check_superclass(&mut self, class: &Name, superclass: &Name) {
        if class.symbol == superclass.symbol {
            self.error(superclass, "A class can't inherit from itself.");
        }
    }

    fn declare(&mut self, name: &Name) {
        if !self.scopes.declare(name.symbol, name.id) {
            self.error(name, "Already a variable with this name in this scope.");
        }
    }

    /// Finds the declaration a name means.
    fn bind(&mut self, name: &Name) {
        let Some(found) = self.scopes.find(name.symbol) else { return };
        self.resolution.targets[name.id.index()] = Some(found.id);
        self.resolution.captured[found.id.index()] |= found.outside;
    }

    fn error(&mut self, name: &Name, message: &str) {
        self.diagnostics.error_at_word(name.line, self.interner.name(name.symbol), message);
    }
}
