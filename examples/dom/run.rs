//! The order of things: read, parse, listen, write, drop.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use gc_core::Gc;
use gc_examples::dom::decode::Bytes;
use gc_examples::dom::parse::Parser;
use gc_examples::dom::{Node, Page, dot, write_html, write_test_format};

use crate::options::Options;
use crate::stats::Stats;
use crate::{Exit, clicks, complain, input};

pub(crate) fn run(options: &Options) -> Exit {
    let page = match parse(options) {
        Ok(page) => page,
        Err(error) => {
            complain(&error);
            return Exit::NoInput;
        }
    };
    let heard = options.listen.as_ref().map(|selector| clicks::listen_and_click(page.root(), selector));
    // What cannot be written does not keep the rest from being written.
    let written = [write_dot(&page, options.dot.as_deref()), write(&page, options)];
    if options.stats {
        complain(&Stats::of_the_end(page, heard));
    }
    written.iter().fold(Exit::Success, |exit, written| match written {
        Ok(()) => exit,
        Err(error) => {
            complain(error);
            Exit::OutputError
        }
    })
}

fn parse(options: &Options) -> Result<Page, String> {
    let bytes = input::read(options.file.as_deref())?;
    let mut bytes = if options.test_format { Bytes::utf8(bytes) } else { Bytes::new(bytes) };
    let (page, is_malformed) = bytes.parse(|| match &options.fragment {
        Some(context) => Parser::for_fragment(context.clone()),
        None => Parser::for_document(),
    });
    if is_malformed {
        complain(&format_args!("Not all of the page is {}: what is not was replaced by U+FFFD.\n", bytes.encoding()));
    }
    Ok(page)
}

/// Writes what was asked for to standard output.
fn write(page: &Page, options: &Options) -> Result<(), String> {
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match &options.select {
        Some(selector) => {
            selector.select(page.root()).iter().try_for_each(|node| write_match(&mut output, node, options))
        }
        // No line break follows: it would be part of the page.
        None => write_node(&mut output, page.root(), options),
    };
    written.and_then(|()| output.flush()).map_err(|error| match error.kind() {
        // The reader went away, as in `dom FILE | head`: nobody is there to be told.
        io::ErrorKind::BrokenPipe => String::new(),
        _ => format!("Could not write the output: {error}.\n"),
    })
}

fn write_node(output: &mut impl Write, node: &Gc<Node>, options: &Options) -> io::Result<()> {
    if options.test_format { write_test_format(output, node) } else { write_html(output, node) }
}

/// The lines of a node, or one line.
fn write_match(output: &mut impl Write, node: &Gc<Node>, options: &Options) -> io::Result<()> {
    write_node(output, node, options)?;
    if options.test_format { Ok(()) } else { writeln!(output) }
}

fn write_dot(page: &Page, path: Option<&Path>) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let written = File::create(path).and_then(|file| {
        let mut output = BufWriter::new(file);
        dot::write_dot(&mut output, page.root())?;
        output.flush()
    });
    written.map_err(|error| format!("Could not write '{}': {error}.\n", path.display()))
}
