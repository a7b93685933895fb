//! Counts the values that are alive, so that a leak is seen.

use std::cell::Cell;

thread_local! {
    static ALIVE: Cell<i64> = const { Cell::new(0) };
}

/// Part of every value whose drop is counted. Takes no space.
pub struct Token(());

impl Token {
    #[inline]
    pub fn new() -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(())
    }
}

impl Drop for Token {
    #[inline]
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

/// How many tokens have not been dropped.
pub fn alive() -> i64 {
    ALIVE.get()
}
