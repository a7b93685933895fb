//! The thread the interpreter runs on, and how deep what runs there may nest.
//!
//! Depth is counted in levels: one for each statement or expression inside another, of which a call adds those of the
//! function's body. So a program nests as deep in one build of the interpreter as in the next.

use std::io;
use std::panic;
use std::thread::{self, JoinHandle};

/// How large the thread's stack is. The smaller sizes are for systems that do not give as much.
const STACK_SIZES: [usize; 3] = [512 << 20, 128 << 20, 64 << 20];

/// How much stack one level needs at most, in a debug build with a sanitizer, where it is 3,000 bytes.
const BYTES_PER_LEVEL: usize = 3 << 10;

/// Runs `main` on a thread with a large stack, passes it the number of levels there is room for, and returns its result.
pub(crate) fn with_large_stack<T: Send + 'static>(
    main: impl FnOnce(u32) -> T + Clone + Send + 'static,
) -> io::Result<T> {
    let mut thread = Err(io::ErrorKind::OutOfMemory.into());
    for size in STACK_SIZES {
        thread = thread.or_else(|_| spawn(size, main.clone()));
    }
    thread?.join().map_err(|payload| panic::resume_unwind(payload))
}

fn spawn<T: Send + 'static>(size: usize, main: impl FnOnce(u32) -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    let levels = u32::try_from(size / BYTES_PER_LEVEL).unwrap_or(u32::MAX);
    thread::Builder::new().name("lox".into()).stack_size(size).spawn(move || main(levels))
}
