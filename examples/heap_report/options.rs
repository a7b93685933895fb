//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

/// What the command line may look like.
pub(crate) const USAGE: &str = "\
Usage: heap_report PROGRAM.lox [options]
       heap_report --document NODES [options]
Runs a Lox program, or builds documents that leak, and writes what is alive then, and why, to heap.html (a page),
heap.heapsnapshot (for the memory panel of Chrome's DevTools) and heap.dot (for Graphviz).
  --document NODES  documents of about so many nodes together, instead of a program
  --output DIR      where to write the files; the current directory without
  --limit OBJECTS   how many objects heap.dot shows at most; 200 without
  --json            writes heap.json, too: all figures, to be read by programs
  --help            shows this
";

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// What to look at.
    pub(crate) subject: Subject,
    /// The directory of the files.
    pub(crate) output: PathBuf,
    /// How many objects the graph shows.
    pub(crate) limit: usize,
    /// Whether to write all figures for programs.
    pub(crate) json: bool,
}

/// What is looked at.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// The end of a Lox program.
    Program(PathBuf),
    /// Documents of about so many nodes.
    Document(usize),
}

impl Options {
    /// The options that the arguments mean; `None` if they ask for the usage.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Self>, lexopt::Error> {
        let (mut program, mut document) = (None, None);
        let (mut output, mut limit, mut json) = (PathBuf::from("."), 200, false);
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("document") => document = Some(parser.value()?.parse()?),
                Arg::Long("output") | Arg::Short('o') => output = parser.value()?.into(),
                Arg::Long("limit") => limit = parser.value()?.parse()?,
                Arg::Long("json") => json = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                Arg::Value(path) if program.is_none() => program = Some(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        let subject = match (program, document) {
            (Some(program), None) => Subject::Program(program),
            (None, Some(nodes)) => Subject::Document(nodes),
            (None, None) => return Err("either a Lox program or '--document' is needed".into()),
            (Some(_), Some(_)) => return Err("a Lox program and '--document' exclude each other".into()),
        };
        Ok(Some(Self { subject, output, limit, json }))
    }
}
