//! How many objects of each type are alive, and what they take.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use super::capture::{self, Types};
use super::names::{Short, Visible};
use super::snapshot::Snapshot;
use crate::heap::Heap;

/// What is alive on this thread's heap, by type. Linear in the number of objects, into which it does not look.
///
/// # Panics
/// Inside a [`trace`](crate::Trace::trace).
///
/// # Examples
/// ```
/// use gc_core::{Gc, inspect};
///
/// let names = [Gc::new("ada"), Gc::new("grace")];
/// let before = inspect::census();
/// assert_eq!((before.rows()[0].type_name, before.rows()[0].objects), ("&str", 2));
///
/// let pair = Gc::new(names);
/// let difference = inspect::census().diff(&before);
/// assert_eq!(difference.rows().len(), 1);
/// assert_eq!(difference.rows()[0].objects, 1);
/// println!("{difference}");
/// # drop(pair);
/// ```
#[must_use]
pub fn census() -> Census {
    Census::capture()
}

/// How many objects of each type there are, and what they take: see [`census`]. Prints as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    rows: Vec<CensusRow>,
}

/// The objects of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CensusRow {
    /// As [`std::any::type_name`] gives it.
    pub type_name: &'static str,
    /// How many there are.
    pub objects: usize,
    /// What their boxes take, headers included. What values own elsewhere (the buffer of a vector) is not counted.
    pub bytes: usize,
}

impl Census {
    /// As [`census`].
    ///
    /// # Panics
    /// As [`census`].
    #[must_use]
    pub fn capture() -> Self {
        Heap::with(|heap| {
            let mut types = Types::default();
            let mut counts: Vec<(usize, usize)> = Vec::new();
            for boxed in capture::live_boxes(heap) {
                // SAFETY: nothing was freed since the boxes were listed (I2), and no `&mut Header` exists (H1).
                let vtable = unsafe { boxed.as_ref() }.vtable();
                // SAFETY: the table is the box's own (V1).
                let allocation = unsafe { vtable.allocation(boxed) };
                count(&mut counts, types.number(vtable), allocation.layout.size());
            }
            Self::new(&types.names, &counts)
        })
    }

    fn new(types: &[&'static str], counts: &[(usize, usize)]) -> Self {
        let row = |(&type_name, &(objects, bytes))| CensusRow { type_name, objects, bytes };
        let mut rows: Vec<_> = types.iter().zip(counts).map(row).collect();
        rows.sort_by_key(|row| (Reverse(row.bytes), Reverse(row.objects), row.type_name));
        Self { rows }
    }

    /// The types, the one that takes most first.
    #[must_use]
    pub fn rows(&self) -> &[CensusRow] {
        &self.rows
    }

    /// How many objects there are.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.rows.iter().map(|row| row.objects).sum()
    }

    /// What they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(|row| row.bytes).sum()
    }

    /// What is more, and less, than in an `earlier` census.
    #[must_use]
    pub fn diff(&self, earlier: &Self) -> CensusDiff {
        let mut changes = BTreeMap::new();
        for (rows, sign) in [(&self.rows, 1), (&earlier.rows, -1)] {
            for row in rows {
                let (objects, bytes): &mut (isize, isize) = changes.entry(row.type_name).or_default();
                *objects += sign * row.objects.cast_signed();
                *bytes += sign * row.bytes.cast_signed();
            }
        }
        let changed = |(type_name, (objects, bytes))| CensusDiffRow { type_name, objects, bytes };
        let mut rows: Vec<_> = changes.into_iter().filter(|&(_, change)| change != (0, 0)).map(changed).collect();
        rows.sort_by_key(|row| (Reverse(row.bytes), Reverse(row.objects), row.type_name));
        CensusDiff { rows }
    }
}

/// One object more.
fn count(counts: &mut Vec<(usize, usize)>, number: u32, bytes: usize) {
    let number = number as usize;
    if number == counts.len() {
        counts.push((0, 0));
    }
    counts[number].0 += 1;
    counts[number].1 += bytes;
}

impl Snapshot {
    /// The objects of the snapshot by type.
    #[must_use]
    pub fn census(&self) -> Census {
        let mut counts = vec![(0, 0); self.types.len()];
        self.records.iter().for_each(|record| count(&mut counts, record.of, record.bytes));
        Census::new(&self.types, &counts)
    }
}

/// The difference of two [`Census`]es: types of which there is more first. Prints as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CensusDiff {
    rows: Vec<CensusDiffRow>,
}

/// The change for one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CensusDiffRow {
    /// As [`std::any::type_name`] gives it.
    pub type_name: &'static str,
    /// How many objects more there are.
    pub objects: isize,
    /// How many bytes more they take.
    pub bytes: isize,
}

impl CensusDiff {
    /// The types that there is a change for, the one that grew most first.
    #[must_use]
    pub fn rows(&self) -> &[CensusDiffRow] {
        &self.rows
    }

    /// Whether there is no change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A row for each type, and the sums. Names of types are shown without modules.
impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = ("sum", self.objects(), self.bytes());
        let rows = self.rows.iter().map(|row| (row.type_name, row.objects, row.bytes)).chain([sum]);
        write_table(f, rows.map(|(name, objects, bytes)| [name_of(name), objects.to_string(), bytes.to_string()]))
    }
}

/// A row for each type. Names of types are shown without modules.
impl fmt::Display for CensusDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = |change: isize| format!("{change:+}");
        write_table(f, self.rows.iter().map(|row| [name_of(row.type_name), signed(row.objects), signed(row.bytes)]))
    }
}

fn name_of(type_name: &'static str) -> String {
    Visible(Short(type_name)).to_string()
}

fn write_table(f: &mut fmt::Formatter<'_>, rows: impl Iterator<Item = [String; 3]>) -> fmt::Result {
    let table: Vec<_> = [["type", "objects", "bytes"].map(String::from)].into_iter().chain(rows).collect();
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [names, objects, bytes] = [0, 1, 2].map(width);
    for (number, [name, count, size]) in table.iter().enumerate() {
        f.write_str(if number > 0 { "\n" } else { "" })?;
        write!(f, "{name:<names$}  {count:>objects$}  {size:>bytes$}")?;
    }
    Ok(())
}
