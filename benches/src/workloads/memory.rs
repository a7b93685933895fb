//! What an object takes, as the growth of the resident set tells.

use super::{Sample, Size};
use crate::columns::Column;

pub(super) fn leaf<C: Column>(size: Size) -> Option<Sample> {
    bytes_per_object(size.operations, C::leaf)
}

pub(super) fn container<C: Column>(size: Size) -> Option<Sample> {
    bytes_per_object(size.operations, |value| C::list(value, None))
}

/// `None` where the system does not tell the resident set.
pub fn bytes_per_object<T>(objects: u64, mut make: impl FnMut(u64) -> T) -> Option<Sample> {
    let mut all = Vec::with_capacity(objects as usize);
    let before = resident_bytes()?;
    all.extend((0..objects).map(&mut make));
    let grown = resident_bytes()? - before - (objects as usize * size_of::<T>()) as f64;
    // The process ends now.
    std::mem::forget(all);
    Some(Sample { value: grown / objects as f64, leaked: 0 })
}

fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
