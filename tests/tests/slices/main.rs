//! Full collections that are done in slices, while the program goes on.

mod frozen;
mod lent;
mod random;
mod sentences;
