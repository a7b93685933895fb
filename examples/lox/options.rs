//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// What the command line may look like.
pub(crate) const USAGE: &str = "Usage: lox [script] [--gc-stats]\n";

/// What the command line asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The program; a session at a prompt without.
    pub(crate) script: Option<PathBuf>,
    /// Whether to print what the heap did.
    pub(crate) gc_stats: bool,
}

impl Options {
    /// The options that the arguments mean, or none if they make no sense.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let mut options = Self::default();
        for argument in arguments {
            if argument == "--gc-stats" {
                options.gc_stats = true;
            } else if options.script.is_some() || argument.as_encoded_bytes().starts_with(b"-") {
                return None;
            } else {
                options.script = Some(argument.into());
            }
        }
        Some(options)
    }
}
