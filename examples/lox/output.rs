//! Where `print` writes: standard output, locked once and buffered.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// How many bytes are collected before they are written.
const BUFFER_SIZE: usize = 64 << 10;

/// Standard output.
pub(crate) struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    /// Whether somebody watches, who wants each line at once.
    interactive: bool,
}

impl Output {
    /// Locks standard output.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        let interactive = stdout.is_terminal();
        Self { writer: BufWriter::with_capacity(BUFFER_SIZE, stdout.lock()), interactive }
    }

    /// Writes a line.
    pub(crate) fn print(&mut self, value: &impl Display) -> io::Result<()> {
        writeln!(self.writer, "{value}")?;
        if self.interactive { self.writer.flush() } else { Ok(()) }
    }

    /// Writes text at once.
    pub(crate) fn prompt(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(text.as_bytes())?;
        self.writer.flush()
    }

    /// Writes what was collected.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
