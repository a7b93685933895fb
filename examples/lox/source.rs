//! Reading a program.

use std::path::Path;
use std::{fs, io, str};

/// The text of the file, or a sentence that says why there is none.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| sentence(path, &reason(path, &error)))?;
    String::from_utf8(bytes).map_err(|error| sentence(path, &bad_text(error.as_bytes(), error.utf8_error())))
}

fn sentence(path: &Path, reason: &str) -> String {
    format!("Could not read '{}': {reason}.\n", path.display())
}

fn reason(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        _ if path.is_dir() => "it is a directory".into(),
        _ => error.to_string(),
    }
}

fn bad_text(bytes: &[u8], error: str::Utf8Error) -> String {
    let good = &bytes[..error.valid_up_to()];
    let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
    format!("it is not valid UTF-8 (line {line}, byte {})", good.len())
}
