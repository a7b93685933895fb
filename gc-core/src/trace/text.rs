//! Leaf types made of text: strings, paths, and the strings of the operating system and of C.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::impl_trace_leaf;

impl_trace_leaf!(str, String, Path, PathBuf, OsStr, OsString, CStr, CString);
