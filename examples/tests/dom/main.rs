//! The example `dom`: its document object model, and the program seen from outside.

#[path = "../support/executable.rs"]
mod executable;
mod program;
#[path = "../support/run.rs"]
mod run;

mod cli;
mod deep;
mod events;
mod heap;
mod html5lib;
#[cfg(feature = "inspect")]
mod leaks;
mod mutation;
mod parse;
mod random;
mod select;
mod serialize;

use std::fmt::Display;
use std::io::{self, Write};

/// Says something that is shown though the test passes.
fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
