//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use gc_examples::dom::select::Selector;
use html5ever::QualName;
use lexopt::{Arg, Parser, ValueExt};

/// What the command line may look like.
pub(crate) const USAGE: &str = "\
Usage: dom [FILE] [options]
Reads an HTML page from FILE, or from standard input, and writes it.
  --select CSS        only the elements that the selector matches
  --test-format       in the notation of the html5lib tests; the input is UTF-8, if it can be
  --fragment CONTEXT  the input is what is inside this element: div, \"svg path\", \"math mi\"
  --listen CSS        elements that get a listener, which holds its element; the last one is clicked
  --dot OUT           writes the pointers of the tree to a file, for Graphviz
  --stats             shows on standard error what the heap did
";

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The page; standard input without.
    pub(crate) file: Option<PathBuf>,
    /// What to write; all without.
    pub(crate) select: Option<Selector>,
    /// Whether to write it in the notation of the tests.
    pub(crate) test_format: bool,
    /// The element around, if this is no whole page.
    pub(crate) fragment: Option<QualName>,
    /// Which elements get a listener.
    pub(crate) listen: Option<Selector>,
    /// Where to write the pointers.
    pub(crate) dot: Option<PathBuf>,
    /// Whether to show what the heap did.
    pub(crate) stats: bool,
    /// Whether to show the usage, and do nothing else.
    pub(crate) help: bool,
}

impl Options {
    /// The options that the arguments mean.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut options = Self::default();
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("select") => options.select = Some(parser.value()?.parse_with(Selector::parse)?),
                Arg::Long("test-format") => options.test_format = true,
                Arg::Long("fragment") => options.fragment = Some(parser.value()?.parse_with(context)?),
                Arg::Long("listen") => options.listen = Some(parser.value()?.parse_with(Selector::parse)?),
                Arg::Long("dot") => options.dot = Some(parser.value()?.into()),
                Arg::Long("stats") => options.stats = true,
                Arg::Long("help") | Arg::Short('h') => options.help = true,
                Arg::Value(file) if options.file.is_none() => options.file = Some(file.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(options)
    }
}

/// The element that the input is inside of.
fn context(name: &str) -> Result<QualName, &'static str> {
    let context = gc_examples::dom::parse::context(name);
    let is_name = context.local.starts_with(|first: char| first.is_ascii_alphabetic())
        && !context.local.contains(|character: char| character.is_ascii_whitespace() || "</>".contains(character));
    is_name.then_some(context).ok_or("not the name of an element")
}
