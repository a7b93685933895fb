//! What gc-core is held to.

use std::fmt::Write;

use crate::report::{figure, ratio};
use crate::runner::{Cell, Row, median};
use crate::workloads::Unit;

/// The programs that one target is about: the geometric mean of their ratios. `lox-cycles` is none of them, for `Rc` leaks.
const LOX: &[&str] = &["lox-fib", "lox-closures", "lox-trees", "lox-methods", "lox-strings"];

/// The name of that target.
const LOX_SUITE: &str = "lox suite";

/// What a figure of gc-core is divided by.
enum Against {
    /// The same workload in this column.
    Column(&'static str),
    /// The same workload in the fastest peer that leaks nothing.
    FastestPeer,
    /// This workload in gc-core.
    Workload(&'static str),
    /// This many nanoseconds.
    Nanoseconds(f64),
}

use Against::{Column, FastestPeer, Nanoseconds, Workload};

struct Target {
    workload: &'static str,
    against: Against,
    at_most: f64,
    /// The same with mimalloc.
    with_mimalloc: f64,
}

const fn target(workload: &'static str, against: Against, at_most: f64) -> Target {
    Target { workload, against, at_most, with_mimalloc: at_most }
}

/// A target for an allocation row, which `Rc` does faster with mimalloc.
const fn allocation(workload: &'static str, at_most: f64) -> Target {
    Target { workload, against: Column("rc"), at_most, with_mimalloc: 0.85 }
}

const TARGETS: &[Target] = &[
    target("walk-list", Column("rc"), 1.00),
    target("walk-tree", Column("rc"), 1.00),
    target("clone", Column("rc"), 1.05),
    target("clone-shuffled", Column("rc"), 1.05),
    allocation("container", 0.60),
    allocation("survivors", 0.60),
    allocation("trees", 0.70),
    allocation("trees-weak", 0.70),
    target("cycles", Column("rc"), 1.00),
    target("cycles", FastestPeer, 0.50),
    target("trees-strong", FastestPeer, 0.50),
    target("ring", FastestPeer, 0.50),
    target("digraph", FastestPeer, 0.50),
    target("churn", FastestPeer, 0.50),
    target("mutation", FastestPeer, 0.50),
    target("churn-few", Workload("churn-empty"), 1.10),
    target("churn-pause", Nanoseconds(100e3), 1.00),
    // O(1), that is: whatever it is, it is little.
    target("collect-quiet", Nanoseconds(10e3), 1.00),
    target("collect-shuffled", Column("cpython"), 0.30),
    target("dom", Column("rc"), 1.00),
    target("bytes-leaf", Column("rc"), 1.00),
    target(LOX_SUITE, Column("rc"), 0.90),
];

/// A line for each target that was measured, in time or in instructions; empty if none was.
pub fn table(rows: &[Row], unit: Unit) -> String {
    let mut lines = String::new();
    for target in TARGETS.iter().filter(|target| unit == Unit::Time || !matches!(target.against, Nanoseconds(_))) {
        if let Some(line) = line(target, rows) {
            writeln!(lines, "{line}").expect("a string takes all");
        }
    }
    if lines.is_empty() {
        return lines;
    }
    format!("| workload | against | ratio [lowest, highest] | at most | |\n|---|---|---|---|---|\n{lines}")
}

fn line(target: &Target, rows: &[Row]) -> Option<String> {
    let workloads = if target.workload == LOX_SUITE { LOX } else { &[target.workload] };
    let compared: Option<Vec<Compared>> =
        workloads.iter().map(|workload| compare(workload, &target.against, rows)).collect();
    let compared = compared?;
    let ratios = geometric_means(&compared);
    let (name, leaks) = (&compared[0].name, compared.iter().any(|compared| compared.leaks));
    let lowest = ratios.iter().copied().fold(f64::MAX, f64::min);
    let highest = ratios.iter().copied().fold(0.0, f64::max);
    let middle = median(&ratios);
    let at_most = if cfg!(feature = "mimalloc") { target.with_mimalloc } else { target.at_most };
    // As it is shown: to two decimals.
    let mark = if middle <= at_most + 0.005 && !leaks { "met" } else { "missed" };
    let [middle, lowest, highest] = [middle, lowest, highest].map(ratio);
    Some(format!("| {} | {name} | {middle} [{lowest}, {highest}] | {at_most:.2} | {mark} |", target.workload))
}

/// A workload of gc-core beside what it is divided by.
struct Compared {
    /// One for each round, whose samples are neighbours in time.
    ratios: Vec<f64>,
    /// What it is divided by.
    name: String,
    leaks: bool,
}

fn compare(workload: &str, against: &Against, rows: &[Row]) -> Option<Compared> {
    let row = find(rows, workload)?;
    let ours = row.cell("gc-core")?;
    ours.median()?;
    let (theirs, name) = reference(against, row, rows)?;
    let ratios = ours.values.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
    Some(Compared { ratios, name, leaks: ours.leaked != 0 })
}

/// One for each round.
fn geometric_means(compared: &[Compared]) -> Vec<f64> {
    let rounds = compared.iter().map(|compared| compared.ratios.len()).min().unwrap_or(0);
    let product = |round: usize| compared.iter().map(|compared| compared.ratios[round]).product::<f64>();
    (0..rounds).map(|round| product(round).powf(1.0 / compared.len() as f64)).collect()
}

/// The samples to divide by, and what they are.
fn reference(against: &Against, row: &Row, rows: &[Row]) -> Option<(Vec<f64>, String)> {
    let (cell, name) = match against {
        Column(name) => (row.cell(name)?, format!("`{name}`")),
        Workload(name) => (find(rows, name)?.cell("gc-core")?, format!("`{name}` of gc-core")),
        FastestPeer => {
            let peer = fastest_peer(row)?;
            (peer, format!("the fastest peer, `{}`", peer.column))
        }
        Nanoseconds(limit) => {
            let samples = row.cell("gc-core")?.values.len();
            return Some((vec![*limit; samples], figure(*limit, Unit::Time)));
        }
    };
    cell.median()?;
    Some((cell.values.clone(), name))
}

fn fastest_peer(row: &Row) -> Option<&Cell> {
    let is_peer = |cell: &&Cell| !["rc", "gc-core", "cpython"].contains(&cell.column);
    let peers = row.cells.iter().filter(is_peer).filter(|cell| cell.failure.is_none() && cell.leaked == 0);
    peers.min_by(|left, right| left.median().unwrap_or(f64::MAX).total_cmp(&right.median().unwrap_or(f64::MAX)))
}

fn find<'a>(rows: &'a [Row], name: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.workload.name == name)
}
