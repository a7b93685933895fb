//! What is looked at: the end of a program, or documents that leak. It is alive while the report is written.

use std::path::Path;

use gc_core::gc;

use crate::options::{Options, Subject};
use crate::output::Output;
use crate::session::{self, Session};
use crate::{Exit, complain, document, files, source, stack};

/// Makes the subject and reports on it, on a thread of its own: the heap is the thread's, and programs may recurse.
pub(crate) fn report_on(options: Options) -> Exit {
    stack::with_large_stack(move |levels| match &options.subject {
        Subject::Program(path) => program(path, &options, levels),
        Subject::Document(nodes) => {
            let title = format!("Documents of {nodes} nodes");
            // What became garbage meanwhile is there to be seen.
            let _paused = gc::pause();
            document::while_leaking(*nodes, || written(&title, &options))
        }
    })
    .unwrap_or_else(|error| {
        complain(&format_args!("Could not start a thread to run on: {error}.\n"));
        Exit::NoThread
    })
}

/// Runs a program, and reports on what is alive at its end. The interpreter holds the global variables until then.
fn program(path: &Path, options: &Options, levels: u32) -> Exit {
    let text = match source::read(path) {
        Ok(text) => text,
        Err(error) => {
            complain(&error);
            return Exit::NoInput;
        }
    };
    let mut session = Session::new(Output::new(), levels);
    let ran = match session.run(&text) {
        session::Exit::CompileError => return Exit::CompileError,
        session::Exit::OutputError => return Exit::OutputError,
        session::Exit::RuntimeError => Exit::RuntimeError,
        _ => Exit::Success,
    };
    match written(&format!("The end of {}", path.display()), options) {
        Exit::Success => ran,
        failed => failed,
    }
}

fn written(title: &str, options: &Options) -> Exit {
    match files::write(title, options) {
        Ok(()) => Exit::Success,
        Err((exit, sentence)) => {
            complain(&sentence);
            exit
        }
    }
}
