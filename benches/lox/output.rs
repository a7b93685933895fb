//! Where `print` writes: into a text.

use std::cell::RefCell;
use std::fmt::{Display, Write};
use std::io;
use std::rc::Rc;

/// A text that all clones share.
#[derive(Clone)]
pub(crate) struct Output {
    text: Rc<RefCell<String>>,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self { text: Rc::default() }
    }

    /// What was printed so far.
    pub(crate) fn text(&self) -> String {
        self.text.borrow().clone()
    }

    pub(crate) fn print(&mut self, value: &impl Display) -> io::Result<()> {
        writeln!(self.text.borrow_mut(), "{value}").map_err(io::Error::other)
    }

    pub(crate) fn prompt(&mut self, text: &str) -> io::Result<()> {
        self.text.borrow_mut().push_str(text);
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
