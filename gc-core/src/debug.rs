//! What the collector is asked to show of its work.

use std::fmt;
use std::ops::{BitOr, BitOrAssign, Sub};

/// What [`gc::set_debug`](crate::gc::set_debug) turns on, after CPython's `gc.set_debug`. Flags are put together by `|`, and taken out
/// by `-`.
///
/// # Examples
/// ```
/// use gc_core::gc::DebugFlags;
///
/// let flags = DebugFlags::STATS | DebugFlags::SAVE_ALL;
/// assert!(flags.contains(DebugFlags::STATS));
/// assert_eq!(flags - DebugFlags::STATS, DebugFlags::SAVE_ALL);
/// assert_eq!(format!("{flags:?}"), "STATS | SAVE_ALL");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DebugFlags(u8);

impl DebugFlags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Each collection prints, to the standard error, that it begins, and what it did.
    pub const STATS: Self = Self(1 << 0);
    /// Each collection prints, to the standard error, the type and the place of each object that it found to be garbage.
    pub const COLLECTABLE: Self = Self(1 << 1);
    /// Garbage is not reclaimed, but kept for [`gc::take_garbage`](crate::gc::take_garbage).
    pub const SAVE_ALL: Self = Self(1 << 2);

    const NAMES: [(Self, &'static str); 3] =
        [(Self::STATS, "STATS"), (Self::COLLECTABLE, "COLLECTABLE"), (Self::SAVE_ALL, "SAVE_ALL")];

    /// Whether all of `flags` are among these.
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl BitOr for DebugFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for DebugFlags {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl Sub for DebugFlags {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for DebugFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            Self::NAMES.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| *name).collect();
        f.write_str(if names.is_empty() { "NONE" } else { "" })?;
        f.write_str(&names.join(" | "))
    }
}
