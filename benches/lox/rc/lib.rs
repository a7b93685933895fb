//! The Lox interpreter on `Rc`.

mod heap;
#[path = "../interpreter.rs"]
mod interpreter_files;
#[path = "../pointer.rs"]
mod pointer;
#[path = "../../src/tokens.rs"]
mod tokens;
#[path = "../trace.rs"]
mod trace;

pub use heap::collect;
pub use interpreter_files::run;
pub use tokens::alive;

use interpreter_files::*;
