//! Age classes.

use std::fmt;

/// The age class of a box, and how far a collection looks.
///
/// A box is born young. Each collection of its generation that it survives makes it one class older; old boxes stay
/// old. Collecting a generation collects the younger ones with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// Born since the last collection of any generation.
    Young,
    /// Survived one collection.
    Middle,
    /// Survived a collection of the middle generation.
    Old,
}

impl Generation {
    /// Youngest first.
    pub const ALL: [Self; 3] = [Self::Young, Self::Middle, Self::Old];

    /// 0, 1 or 2, as CPython numbers them.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Where the survivors of a collection of this generation belong.
    pub(crate) const fn older(self) -> Self {
        match self {
            Self::Young => Self::Middle,
            Self::Middle | Self::Old => Self::Old,
        }
    }
}

/// `young`, `middle` or `old`.
impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Young => "young",
            Self::Middle => "middle",
            Self::Old => "old",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_print_their_names_and_heed_a_width() {
        assert_eq!(Generation::ALL.map(|generation| format!("{generation:>6}|")), [" young|", "middle|", "   old|"]);
    }
}
