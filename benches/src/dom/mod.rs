//! A document object model in two columns, both filled by html5ever and queried by the same selectors: this project's example
//! `dom`, and `markup5ever_rcdom` on `Rc`.

pub mod gc_core;
pub mod page;
pub mod rc;

/// What is queried, each on its own.
const QUERIES: [&str; 5] =
    ["div.item > h2 a[href^='/read/']", "p em", "#item-100, #item-200", "table td.number", "li + li"];

/// How many elements the queries find in a page of 1,000,000 bytes.
pub const FOUND: usize = 7_346;
