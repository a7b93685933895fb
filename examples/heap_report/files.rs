//! The files: what is captured, and where it goes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use gc_core::inspect::{self, Phase, Snapshot};

use crate::data::Data;
use crate::options::Options;
use crate::progress::{Counted, Progress};
use crate::{Exit, page};

/// What went wrong: the exit code, and a sentence.
type Failure = (Exit, String);

/// Captures the heap of this thread and writes the files.
pub(crate) fn write(title: &str, options: &Options) -> Result<(), Failure> {
    let directory = &options.output;
    fs::create_dir_all(directory).map_err(|error| {
        (Exit::CannotCreate, format!("Could not make the directory '{}': {error}.\n", directory.display()))
    })?;
    let progress = Progress::new();
    let snapshot = Snapshot::capture_with(&mut |at| progress.show(&sentence(at)));
    let census = snapshot.census();
    progress.show(&"Computing what each object retains");
    let data = Data::new(title, &census, &snapshot);
    let file =
        |name: &str, write: &dyn Fn(&mut dyn Write) -> io::Result<()>| write_file(directory, name, &progress, write);
    file("heap.heapsnapshot", &|output| snapshot.write_heapsnapshot(output))?;
    file("heap.dot", &|output| snapshot.dot().limit(options.limit).write(output))?;
    file("heap.html", &|output| page::write(output, &data))?;
    if options.json {
        file("heap.json", &|output| data.write_json(output))?;
    }
    Ok(())
}

/// How far the capture is.
fn sentence(at: inspect::Progress) -> String {
    let what = match at.phase {
        Phase::Reading => "Reading the heap",
        Phase::Linking => "Putting edges in order",
        Phase::Reaching => "Following what is held from outside",
        _ => "Capturing the heap",
    };
    if at.total == 0 { what.into() } else { format!("{what}: {} of {} objects", at.done, at.total) }
}

fn write_file(
    directory: &Path,
    name: &str,
    progress: &Progress,
    write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let path = directory.join(name);
    let sentence = |verb: &str, error: &io::Error| format!("Could not {verb} '{}': {error}.\n", path.display());
    let file = File::create(&path).map_err(|error| (Exit::CannotCreate, sentence("create", &error)))?;
    let mut output = BufWriter::new(Counted::new(file, name, progress));
    write(&mut output).and_then(|()| output.flush()).map_err(|error| (Exit::OutputError, sentence("write", &error)))?;
    progress.tell(&format_args!("{}: {} bytes\n", path.display(), output.get_ref().bytes()));
    Ok(())
}
