//! Leaf types made of text: strings, paths, and the strings of the operating system and of C.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::Trace;

impl_trace_leaf!(String, PathBuf, OsString, CString);

/// A type without a size cannot be asked for `has_edges`.
macro_rules! unsized_leaves {
    ($($text:ty),+) => {$(
        // SAFETY: text owns no `Gc` (T1 to T4).
        unsafe impl Trace for $text {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}
        }
    )+};
}
unsized_leaves!(str, Path, OsStr, CStr);
