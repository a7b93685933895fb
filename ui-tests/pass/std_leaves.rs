//! Types of std without edges are leaves; a type made of nothing else is never tracked.

use gc_core::Trace;
use gc_ui_tests::{edges, is_tracked, reclaims};

#[derive(Trace, Default)]
struct Numbers {
    ints: (i8, u16, i32, u64, i128, usize),
    floats: (f32, f64),
    rest: (bool, char, ()),
    non_zero: Option<std::num::NonZeroU32>,
    atomic: std::sync::atomic::AtomicUsize,
}

#[derive(Trace, Default)]
struct Texts {
    string: String,
    path: std::path::PathBuf,
    os: std::ffi::OsString,
    c: std::ffi::CString,
    boxed: Vec<Box<std::path::Path>>,
}

#[derive(Trace)]
enum Others {
    Time(std::time::Duration, Option<std::time::Instant>),
    Address(std::net::IpAddr),
    Error(std::io::Error),
    Ordering(std::cmp::Ordering),
    Type(std::any::TypeId),
    Range(std::ops::Range<usize>),
}

#[derive(Trace)]
struct All<T>(Numbers, Option<Texts>, T);

fn main() {
    assert!(!is_tracked(Numbers::default()));
    assert!(!Others::has_edges());
    assert!(!is_tracked(Others::Range(0..1)));
    assert_eq!(edges(All(Numbers::default(), Some(Texts::default()), 1)), 0);
    assert!(reclaims(|edge| All(Numbers::default(), None, edge)));
}
