//! Reports as text.

use std::fmt;
use std::time::Duration;

use crate::generation::Generation;
use crate::report::{Collection, GenerationStats, Stats};

/// One line.
impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { generation, visited, edges, unreachable, resurrected, collected, duration } = self;
        let duration = milliseconds(*duration);
        write!(f, "{generation} collection in {duration}: boxes visited {visited}, edges followed {edges}, ")?;
        write!(f, "unreachable {unreachable}, resurrected {resurrected}, collected {collected}")
    }
}

/// A table with a row for each generation, and a line about what the heap holds.
impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [young, middle, old] =
            Generation::ALL.map(|generation| row(generation, &self.generations[generation.index()]));
        let table = [HEADINGS.map(String::from), young, middle, old];
        let widths = std::array::from_fn(|column| table.iter().map(|row| row[column].len()).max().unwrap_or(0));
        for row in &table {
            write_row(f, row, &widths)?;
        }
        let Self { generations: _, allocated, live_objects, live_bytes, candidates, pool_bytes } = self;
        write!(f, "live objects {live_objects}, live bytes {live_bytes}, candidates {candidates}, ")?;
        write!(f, "pool bytes {pool_bytes}, allocated {allocated}")
    }
}

const COLUMNS: usize = 8;

const HEADINGS: [&str; COLUMNS] =
    ["generation", "collections", "visited", "edges", "collected", "resurrected", "total pause", "longest pause"];

fn row(generation: Generation, stats: &GenerationStats) -> [String; COLUMNS] {
    let GenerationStats { collections, collected, resurrected, visited, edges, total_pause, longest_pause } = *stats;
    let [collections, visited, edges, collected, resurrected] =
        [collections, visited, edges, collected, resurrected].map(|count| count.to_string());
    let [total_pause, longest_pause] = [total_pause, longest_pause].map(milliseconds);
    [generation.to_string(), collections, visited, edges, collected, resurrected, total_pause, longest_pause]
}

/// The name to the left, figures to the right.
fn write_row(f: &mut fmt::Formatter<'_>, row: &[String; COLUMNS], widths: &[usize; COLUMNS]) -> fmt::Result {
    let [name, figures @ ..] = row;
    let [name_width, figure_widths @ ..] = widths;
    write!(f, "{name:<name_width$}")?;
    for (figure, width) in figures.iter().zip(figure_widths) {
        write!(f, "  {figure:>width$}")?;
    }
    writeln!(f)
}

/// To the microsecond, so that a column can be compared at a glance.
fn milliseconds(duration: Duration) -> String {
    format!("{:.3} ms", duration.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: Stats = Stats {
        generations: [GenerationStats::NONE; 3],
        allocated: 0,
        live_objects: 0,
        live_bytes: 0,
        candidates: 0,
        pool_bytes: 0,
    };

    #[test]
    fn statistics_are_a_table_with_a_row_for_each_generation() {
        let young = GenerationStats {
            collections: 130,
            collected: 91_000,
            resurrected: 7,
            visited: 123_456_789,
            edges: 24,
            total_pause: Duration::from_micros(12_345),
            longest_pause: Duration::from_micros(250),
        };
        let old = GenerationStats {
            collections: 1,
            longest_pause: Duration::from_secs(75),
            total_pause: Duration::from_secs(1_234_567),
            ..GenerationStats::NONE
        };
        let stats = Stats {
            generations: [young, GenerationStats::NONE, old],
            allocated: 100_000,
            live_objects: 3,
            live_bytes: 144,
            candidates: 2,
            pool_bytes: 65_536,
        };
        assert_eq!(
            stats.to_string(),
            "\
generation  collections    visited  edges  collected  resurrected        total pause  longest pause
young               130  123456789     24      91000            7          12.345 ms       0.250 ms
middle                0          0      0          0            0           0.000 ms       0.000 ms
old                   1          0      0          0            0  1234567000.000 ms   75000.000 ms
live objects 3, live bytes 144, candidates 2, pool bytes 65536, allocated 100000"
        );
    }

    #[test]
    fn the_statistics_of_a_new_heap_are_as_narrow_as_the_headings() {
        assert_eq!(
            EMPTY.to_string(),
            "\
generation  collections  visited  edges  collected  resurrected  total pause  longest pause
young                 0        0      0          0            0     0.000 ms       0.000 ms
middle                0        0      0          0            0     0.000 ms       0.000 ms
old                   0        0      0          0            0     0.000 ms       0.000 ms
live objects 0, live bytes 0, candidates 0, pool bytes 0, allocated 0"
        );
    }

    #[test]
    fn a_collection_is_one_line() {
        let collection = Collection {
            visited: 12,
            edges: 20,
            unreachable: 5,
            resurrected: 1,
            collected: 4,
            duration: Duration::from_micros(1_234),
            ..Collection::empty(Generation::Middle)
        };
        assert_eq!(
            collection.to_string(),
            "middle collection in 1.234 ms: boxes visited 12, edges followed 20, unreachable 5, resurrected 1, collected 4"
        );
    }
}
