//! What objects take, as the growth of the resident set tells.

use std::time::Instant;

use super::cycles::pair;
use super::{Sample, Size, is_due};
use crate::columns::Column;
use crate::tokens;

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

pub(super) fn kept<C: Column>(size: Size) -> Option<Sample> {
    bytes_per_kept::<C>(size, |value| value < size.live)
}

pub(super) fn kept_far<C: Column>(size: Size) -> Option<Sample> {
    bytes_per_kept::<C>(size, |value| value.is_multiple_of(size.operations / size.live))
}

/// Makes leaves, drops all but those that are kept, and divides what is still there by their number.
fn bytes_per_kept<C: Column>(size: Size, is_kept: impl Fn(u64) -> bool) -> Option<Sample> {
    let mut kept = Vec::with_capacity(size.live as usize);
    let before = resident_bytes()?;
    let all: Vec<_> = (0..size.operations).map(C::leaf).collect();
    for (value, leaf) in (0..).zip(all) {
        if is_kept(value) {
            kept.push(leaf);
        }
    }
    C::collect();
    let grown = resident_bytes()? - before;
    // The process ends now.
    std::mem::forget(kept);
    Some(Sample { value: grown / size.live as f64, leaked: 0 })
}

/// Makes as many objects of each of 200 types.
pub(super) fn types<C: Column>(size: Size) -> Option<Sample> {
    let before = resident_bytes()?;
    for _ in 0..size.live {
        two_hundred::<C>()?;
    }
    Some(Sample { value: (resident_bytes()? - before) / size.operations as f64, leaked: 0 })
}

/// An object of each of 200 types, of 8 to 1,600 bytes; all stay.
fn two_hundred<C: Column>() -> Option<()> {
    macro_rules! rows {
        ($($tens:literal)*) => {
            $(
                C::forget_array::<{ 10 * $tens + 1 }>()?;
                C::forget_array::<{ 10 * $tens + 2 }>()?;
                C::forget_array::<{ 10 * $tens + 3 }>()?;
                C::forget_array::<{ 10 * $tens + 4 }>()?;
                C::forget_array::<{ 10 * $tens + 5 }>()?;
                C::forget_array::<{ 10 * $tens + 6 }>()?;
                C::forget_array::<{ 10 * $tens + 7 }>()?;
                C::forget_array::<{ 10 * $tens + 8 }>()?;
                C::forget_array::<{ 10 * $tens + 9 }>()?;
                C::forget_array::<{ 10 * $tens + 10 }>()?;
            )*
        };
    }
    rows!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
    Some(())
}

/// Makes cycles, and divides what the resident set grows by after the first tenth of them by the number of the others.
pub(super) fn churn<C: Column>(size: Size) -> Option<Sample> {
    let start = Instant::now();
    let warm_up = size.operations / 10;
    cycles::<C>(0..warm_up);
    let before = resident_bytes()?;
    let mut done = warm_up;
    while done < size.operations && (done == warm_up || size.limit.is_none_or(|limit| start.elapsed() < limit)) {
        cycles::<C>(done..done + 1_000);
        done += 1_000;
    }
    let grown = (resident_bytes()? - before).max(0.0);
    C::collect();
    Some(Sample { value: grown / (done - warm_up) as f64, leaked: tokens::alive() })
}

fn cycles<C: Column>(numbers: std::ops::Range<u64>) {
    for number in numbers {
        pair::<C>(number, None);
        if is_due::<C>(number) {
            C::collect();
        }
    }
}

/// The anonymous memory that is resident, without code and other files: counted page by page where the system does that, for
/// what it tells otherwise lags behind.
fn resident_bytes() -> Option<f64> {
    figure("smaps_rollup", "Anonymous:").or_else(|| figure("status", "RssAnon:"))
}

fn figure(file: &str, key: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/self/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
