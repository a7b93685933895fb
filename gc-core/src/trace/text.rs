//! Leaf types made of text: strings, paths, the strings of the operating system and of C, and walks over them.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::impl_trace_leaf;

impl_trace_leaf!(str, String, Path, PathBuf, OsStr, OsString, CStr, CString);

// What walks over borrowed text owns no more than a position.
impl_trace_leaf!(
    std::path::Component<'_>,
    std::path::Components<'_>,
    std::path::Prefix<'_>,
    std::path::PrefixComponent<'_>,
    std::path::Display<'_>,
    std::str::Bytes<'_>,
    std::str::CharIndices<'_>,
    std::str::Chars<'_>,
    std::str::Lines<'_>,
    std::str::SplitAsciiWhitespace<'_>,
    std::str::SplitWhitespace<'_>,
    std::char::EscapeDebug,
    std::char::EscapeDefault,
    std::char::EscapeUnicode,
    std::char::ToLowercase,
    std::char::ToUppercase
);
