//! Syntax tree to resolved tree: gives each variable its place and each use the way to it.
//!
//! # Invariants
//! - **L1** `height` is the number of values the current call has on the stack when the statement being lowered starts.
//! - **L2** `level` is the number of environments around the point being lowered; an environment's variables have the level
//!   it has inside its scope. So a variable is `level` minus its own level environments up.

mod expression;
mod statement;

use std::mem;

use crate::ast::{self, Name, NameId, Stmt};
use crate::code::{Captured, Global, Program, Target, Variable};
use crate::resolver::Resolution;
use crate::symbol::{Interner, Symbol};

/// The resolved tree of `program`, which has no errors.
pub(crate) fn lower(program: ast::Program, resolution: &Resolution, interner: &mut Interner) -> Program {
    let init = interner.intern("init");
    let places = vec![Place::Stack(0); program.name_count as usize];
    let mut lowering = Lowering {
        resolution,
        interner,
        init,
        places,
        scopes: 0,
        height: 0,
        level: 0,
        captured: 0,
        depth: 0,
        deepest: 0,
    };
    let statements = lowering.statements(program.statements);
    Program { statements, depth: lowering.deepest }
}

/// Where a declared variable lives.
#[derive(Clone, Copy)]
enum Place {
    Stack(u32),
    Environment { level: u32, slot: u32 },
}

/// The surroundings of the construct being lowered.
struct Lowering<'a> {
    resolution: &'a Resolution,
    interner: &'a Interner,
    /// The symbol of `init`.
    init: Symbol,
    /// The place of each variable declared so far, by the occurrence that declares it.
    places: Vec<Place>,
    /// How many scopes are around; at 0 a declaration is global.
    scopes: u32,
    height: u32,
    level: u32,
    /// How many captured variables the current scope has so far.
    captured: u32,
    /// How deep the current statement or expression is in the current function, and how deep the deepest is so far.
    depth: u32,
    deepest: u32,
}

impl Lowering<'_> {
    /// Lowers what is in a scope of its own, in which `environment_size` variables are captured.
    fn scope<T>(&mut self, environment_size: u32, contents: impl FnOnce(&mut Self) -> T) -> T {
        let outside = (self.scopes, self.height, self.level, self.captured);
        self.scopes += 1;
        self.level += u32::from(environment_size > 0);
        self.captured = 0;
        let result = contents(self);
        (self.scopes, self.height, self.level, self.captured) = outside;
        result
    }

    /// Lowers a statement or expression that is inside the current one.
    fn deeper<T>(&mut self, contents: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let result = contents(self);
        self.depth -= 1;
        result
    }

    /// Lowers the body of a function and says how deep it is.
    fn separately<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> (T, u32) {
        let outside = (mem::take(&mut self.depth), mem::take(&mut self.deepest));
        let result = body(self);
        let deepest = self.deepest;
        (self.depth, self.deepest) = outside;
        (result, deepest)
    }

    /// Gives a new variable its place.
    fn declare(&mut self, name: &Name) -> Target {
        if self.scopes == 0 {
            Target::Global(name.symbol)
        } else if self.resolution.is_captured(name.id) {
            Target::Captured(self.declare_captured(name.id))
        } else {
            self.declare_on_stack(name.id);
            Target::Local
        }
    }

    fn declare_on_stack(&mut self, id: NameId) {
        self.places[id.index()] = Place::Stack(self.height);
        self.height += 1;
    }

    /// Gives a new variable its slot in the environment of the current scope.
    fn declare_captured(&mut self, id: NameId) -> u32 {
        let slot = self.captured;
        self.captured += 1;
        self.places[id.index()] = Place::Environment { level: self.level, slot };
        slot
    }

    /// The way from here to the variable that a name means.
    fn variable(&self, name: &Name) -> Variable {
        let Some(declaration) = self.resolution.target(name.id) else {
            return Variable::Global(Global { symbol: name.symbol, line: name.line });
        };
        match self.places[declaration.index()] {
            Place::Stack(slot) => Variable::Local(slot),
            Place::Environment { level, slot } => Variable::Captured(Captured { up: self.level - level, slot }),
        }
    }

    /// How many of the variables that `statements` declare in their own scope are captured.
    fn count_captured(&self, statements: &[Stmt]) -> u32 {
        let names = statements.iter().filter_map(declared_name);
        self.count_captured_names(names)
    }

    fn count_captured_names<'n>(&self, names: impl Iterator<Item = &'n Name>) -> u32 {
        names.map(|name| u32::from(self.resolution.is_captured(name.id))).sum()
    }
}

/// The variable that a statement adds to its scope.
fn declared_name(statement: &Stmt) -> Option<&Name> {
    match statement {
        Stmt::Var { name, .. } => Some(name),
        Stmt::Function(function) => Some(&function.name),
        Stmt::Class(class) => Some(&class.name),
        _ => None,
    }
}
