//! What is going on, on standard error, if that is a terminal: one line, written over and over.

use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::complain;

/// How often the line changes at most.
const PERIOD: Duration = Duration::from_millis(100);

/// The line.
pub(crate) struct Progress {
    is_shown: bool,
    last: Cell<Option<Instant>>,
}

impl Progress {
    /// A line on standard error, which is shown only on a terminal.
    pub(crate) fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal(), last: Cell::new(None) }
    }

    /// Shows what is being done now, unless something was shown a moment ago.
    pub(crate) fn show(&self, what: &impl Display) {
        let is_due = self.last.get().is_none_or(|last| last.elapsed() >= PERIOD);
        if self.is_shown && is_due {
            self.last.set(Some(Instant::now()));
            complain(&format_args!("\r\x1b[K{what}"));
        }
    }

    /// Says what stays.
    pub(crate) fn tell(&self, what: &impl Display) {
        self.clear();
        complain(what);
    }

    /// Takes the line away.
    fn clear(&self) {
        if self.is_shown && self.last.take().is_some() {
            complain(&"\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Counts the bytes that go through, and shows them.
pub(crate) struct Counted<'a, W> {
    output: W,
    name: &'a str,
    bytes: u64,
    progress: &'a Progress,
}

impl<'a, W> Counted<'a, W> {
    /// Nothing went through yet.
    pub(crate) fn new(output: W, name: &'a str, progress: &'a Progress) -> Self {
        Self { output, name, bytes: 0, progress }
    }

    /// How many bytes went through.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.output.write(bytes)?;
        self.bytes += written as u64;
        self.progress.show(&format_args!("Writing {}: {} KiB", self.name, self.bytes >> 10));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
