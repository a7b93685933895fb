//! Function pointers of up to twelve arguments: leaves, whatever they take and return.
//!
//! A pointer that is generic over a lifetime (`fn(&str)`) is a different type from each `fn(A)`, so no impl here covers
//! it; `#[derive(Trace)]` handles such a field by itself, and [`Leaf`](crate::Leaf) holds one elsewhere.

use crate::impl_trace_leaf;

/// Implements `Trace` for the four kinds of pointer to a function of these arguments, then of one fewer.
macro_rules! fn_pointers {
    ($($first:ident $($arg:ident)*)?) => {
        impl_trace_leaf!(
            <Ret $(, $first $(, $arg)*)?> fn($($first $(, $arg)*)?) -> Ret,
            <Ret $(, $first $(, $arg)*)?> unsafe fn($($first $(, $arg)*)?) -> Ret,
            <Ret $(, $first $(, $arg)*)?> extern "C" fn($($first $(, $arg)*)?) -> Ret,
            <Ret $(, $first $(, $arg)*)?> unsafe extern "C" fn($($first $(, $arg)*)?) -> Ret
        );
        $(fn_pointers!($($arg)*);)?
    };
}

fn_pointers!(A B C D E F G H I J K L);
