//! Reading the page.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The bytes of the file, or of standard input, or a sentence that says why there are none.
pub(crate) fn read(file: Option<&Path>) -> Result<Vec<u8>, String> {
    match file {
        Some(path) if path != Path::new("-") => {
            fs::read(path).map_err(|error| sentence(&path.display().to_string(), &reason(path, &error)))
        }
        _ => {
            let mut bytes = Vec::new();
            match io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) => Ok(bytes),
                Err(error) => Err(sentence("standard input", &error.to_string())),
            }
        }
    }
}

fn sentence(name: &str, reason: &str) -> String {
    format!("Could not read '{name}': {reason}.\n")
}

fn reason(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        _ if path.is_dir() => "it is a directory".into(),
        _ => error.to_string(),
    }
}
