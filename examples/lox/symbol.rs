//! Identifiers as small integers: two names are equal when their symbols are, and a symbol indexes tables directly.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// An interned identifier.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Symbol(u32);

impl Symbol {
    /// The symbol's index into tables that have one entry for each interned name.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Gives each distinct name its [`Symbol`], and the name back.
#[derive(Default)]
pub(crate) struct Interner {
    symbols: HashMap<Rc<str>, Symbol>,
    names: Vec<Rc<str>>,
}

impl Interner {
    /// The symbol of `name`, made on first use.
    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.symbols.get(name) {
            return symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.len()).expect("fewer than 2^32 names fit in memory"));
        let name: Rc<str> = name.into();
        self.names.push(Rc::clone(&name));
        self.symbols.insert(name, symbol);
        symbol
    }

    /// The name behind `symbol`.
    pub(crate) fn name(&self, symbol: Symbol) -> &Rc<str> {
        &self.names[symbol.index()]
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A map from symbols to positions in a table.
pub(crate) type SymbolMap = HashMap<Symbol, u32, BuildHasherDefault<SymbolHasher>>;

/// Spreads the bits of one symbol; symbols are small and dense, so one multiplication does.
#[derive(Default)]
pub(crate) struct SymbolHasher(u64);

impl Hasher for SymbolHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
