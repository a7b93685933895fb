//! The session at a prompt: each line is a program that sees what the lines before it declared.

use std::io::{self, BufRead, IsTerminal};

use crate::report::Failure;
use crate::session::{Exit, Session};

/// Reads lines from standard input and runs them up to the end of the input. Errors in them do not end the session.
pub(crate) fn run(session: &mut Session) -> Exit {
    match read_lines(session) {
        Ok(()) => Exit::Success,
        Err(failure) => {
            session.report(&failure);
            Exit::OutputError
        }
    }
}

fn read_lines(session: &mut Session) -> Result<(), Failure> {
    let input = io::stdin();
    let interactive = input.is_terminal();
    let mut input = input.lock();
    loop {
        session.prompt("> ")?;
        match read_line(&mut input) {
            Ok(Some(line)) => {
                session.run(&line);
            }
            Ok(None) => break,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                session.report(&"The line is not valid UTF-8.\n")
            }
            Err(error) => {
                session.report(&format_args!("Could not read the input: {error}.\n"));
                break;
            }
        }
    }
    // The shell's prompt belongs on a line of its own.
    if interactive { session.prompt("\n") } else { Ok(()) }
}

/// The next line without its end; none at the end of the input. A line that is not UTF-8 is consumed, so reading can go on behind it.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if input.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    String::from_utf8(bytes).map(Some).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
