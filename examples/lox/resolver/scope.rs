//! The scopes around one point of the source text, and the variables declared in them so far.

use std::collections::HashMap;

use crate::ast::NameId;
use crate::symbol::Symbol;

/// A variable declared in a scope.
#[derive(Clone, Copy)]
pub(super) struct Variable {
    /// The occurrence that declares it.
    pub(super) id: NameId,
    /// Whether its initializer is behind us.
    pub(super) defined: bool,
}

/// Where a name leads to.
pub(super) struct Found {
    /// The occurrence that declares the variable.
    pub(super) id: NameId,
    /// Whether it belongs to a function around the current one.
    pub(super) outside: bool,
}

/// One block, function or class body.
struct Scope {
    variables: HashMap<Symbol, Variable>,
    /// How many functions are around it.
    function_depth: u32,
}

/// The scopes from the outermost to the current one. There is none for globals: what no scope has is global.
#[derive(Default)]
pub(super) struct Scopes {
    scopes: Vec<Scope>,
    function_depth: u32,
}

impl Scopes {
    /// Opens a scope in the current function.
    pub(super) fn open(&mut self) {
        self.scopes.push(Scope { variables: HashMap::new(), function_depth: self.function_depth });
    }

    /// Closes the scope opened last.
    pub(super) fn close(&mut self) {
        self.scopes.pop();
    }

    /// Opens the scope of a function.
    pub(super) fn open_function(&mut self) {
        self.function_depth += 1;
        self.open();
    }

    /// Closes the scope of a function.
    pub(super) fn close_function(&mut self) {
        self.close();
        self.function_depth -= 1;
    }

    /// Declares a variable in the current scope and says whether the name was free. At global level this does nothing.
    pub(super) fn declare(&mut self, symbol: Symbol, id: NameId) -> bool {
        let Some(scope) = self.scopes.last_mut() else { return true };
        scope.variables.insert(symbol, Variable { id, defined: false }).is_none()
    }

    /// Marks a variable of the current scope as ready for use.
    pub(super) fn define(&mut self, symbol: Symbol) {
        if let Some(variable) = self.scopes.last_mut().and_then(|scope| scope.variables.get_mut(&symbol)) {
            variable.defined = true;
        }
    }

    /// Whether the name stands in the initializer of the variable of that name in the current scope.
    pub(super) fn in_own_initializer(&self, symbol: Symbol) -> bool {
        let variable = self.scopes.last().and_then(|scope| scope.variables.get(&symbol));
        variable.is_some_and(|variable| !variable.defined)
    }

    /// The innermost variable of this name, if it is not a global one.
    pub(super) fn find(&self, symbol: Symbol) -> Option<Found> {
        self.scopes.iter().rev().find_map(|scope| {
            let variable = scope.variables.get(&symbol)?;
            Some(Found { id: variable.id, outside: scope.function_depth != self.function_depth })
        })
    }
}
