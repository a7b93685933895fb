//! The Lox interpreter on gc-core.

mod heap;
#[path = "../interpreter.rs"]
mod interpreter_files;
#[path = "../pointer.rs"]
mod pointer;
#[path = "../../src/tokens.rs"]
mod tokens;

pub use heap::collect;
pub use interpreter_files::run;
pub use tokens::alive;

use interpreter_files::*;
