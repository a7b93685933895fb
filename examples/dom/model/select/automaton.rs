//! Matching a selector along the tree, whatever the tree is made of.
//!
//! A set of compound selectors is a number: bit *n* for the *n*th. A compound selector *ends* at an element if it matches the
//! element, and those before it match what they must. With what ended at the elements around and before an element, one
//! shift tells which compound selectors have what they need before them there.

use html5ever::{Attribute, QualName};

use super::Selector;
use super::compound::Case;

/// What is known when an element is met.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// What ends at the parent.
    parent: u64,
    /// What ends at any element around.
    around: u64,
    /// What ends at the element before.
    previous: u64,
    /// What ends at any element before.
    before: u64,
}

impl Context {
    /// The context of the first element in one that was met in this context, and at which this ends.
    #[must_use]
    pub fn inside(self, ended: u64) -> Self {
        Self { parent: ended, around: self.around | ended, previous: 0, before: 0 }
    }

    /// The context of the element behind.
    #[must_use]
    pub fn behind(self, ended: u64) -> Self {
        Self { previous: ended, before: self.before | ended, ..self }
    }
}

impl Selector {
    /// What ends at an element that is met in `context`.
    pub fn step(&self, context: Context, name: &QualName, attributes: &[Attribute], case: Case) -> u64 {
        let mut left = self.firsts
            | self.descendants & context.around << 1
            | self.children & context.parent << 1
            | self.next_siblings & context.previous << 1
            | self.later_siblings & context.before << 1;
        let mut ended = 0;
        while left != 0 {
            let index = left.trailing_zeros();
            left &= left - 1;
            if self.compounds[index as usize].matches(name, attributes, case) {
                ended |= 1 << index;
            }
        }
        ended
    }

    /// Whether the element is selected at which this ends.
    pub fn selects(&self, ended: u64) -> bool {
        ended & self.lasts != 0
    }
}
