//! The figures as Markdown and as JSON.

use std::fmt::Write;
use std::fs;
use std::io;
use std::process::Command;

use serde_json::{Value, json};

use crate::columns;
use crate::runner::{Cell, Row};
use crate::workloads::{self, Unit};

/// Prints what there is.
pub fn list() {
    println!("columns:");
    for name in columns::ALL.iter().map(|(name, _)| *name).chain([columns::CPYTHON]) {
        println!("  {name}");
    }
    println!("workloads:");
    for workload in workloads::ALL {
        println!("  {:18}{}", workload.name, workload.about);
    }
}

/// One line that says what ran this.
pub fn machine() -> String {
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("model name"))?;
        Some(line.trim_start_matches([':', ' ', '\t']).to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let allocator = if cfg!(feature = "mimalloc") { "mimalloc" } else { "the system's malloc" };
    format!(
        "{cores} cores of {}; {}; {}; {allocator}",
        model.as_deref().unwrap_or("an unknown processor"),
        version("rustc"),
        version("python3"),
    )
}

/// What a program says that its version is.
pub fn version(program: &str) -> String {
    let output = Command::new(program).arg("--version").output();
    output.ok().map_or(format!("no {program}"), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Prints the table, each row when it is there.
pub fn table(rows: impl Iterator<Item = io::Result<Row>>, columns: &[&str], unit: Unit) -> io::Result<Vec<Row>> {
    let kind = if unit == Unit::Instructions { "instructions" } else { "workload" };
    println!("{}\n\n| {kind} | {} |\n|---|{}", machine(), columns.join(" | "), "---|".repeat(columns.len()));
    rows.map(|row| row.inspect(|row| println!("{}", line(row, unit)))).collect()
}

/// The medians of a workload, and their ratio to `Rc`'s.
fn line(row: &Row, unit: Unit) -> String {
    let base = row.cell("rc").and_then(Cell::median);
    let cells: Vec<String> = row.cells.iter().map(|cell| cell_text(cell, shown_in(row, unit), base)).collect();
    format!("| {} | {} |", row.workload.name, cells.join(" | "))
}

/// The unit of a row, of a table of times or of instructions.
fn shown_in(row: &Row, table: Unit) -> Unit {
    if table == Unit::Instructions { table } else { row.workload.unit }
}

fn cell_text(cell: &Cell, unit: Unit, base: Option<f64>) -> String {
    let Some(median) = cell.median() else {
        return cell.failure.as_ref().map_or(String::new(), |failure| failure.word().to_owned());
    };
    let mut text = figure(median, unit);
    if let Some(base) = base.filter(|_| cell.column != "rc") {
        write!(text, " ({})", ratio(median / base)).expect("a string takes all");
    }
    if cell.leaked != 0 {
        write!(text, ", leaks {}", cell.leaked).expect("a string takes all");
    }
    text
}

/// A figure with its unit.
pub fn figure(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes if value < 1e4 => format!("{value:.1} B"),
        Unit::Bytes => format!("{:.1} kB", value / 1e3),
        Unit::Instructions if value < 1e6 => format!("{value:.1}"),
        Unit::Instructions => format!("{:.1} million", value / 1e6),
        Unit::Time if value < 1e3 => format!("{value:.1} ns"),
        Unit::Time if value < 1e6 => format!("{:.1} µs", value / 1e3),
        Unit::Time => format!("{:.1} ms", value / 1e6),
    }
}

/// A ratio, with as many digits as say something.
pub fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

/// All samples.
pub fn json(rows: &[Row]) -> String {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let cells: serde_json::Map<String, Value> = row.cells.iter().map(cell_json).collect();
            json!({ "workload": row.workload.name, "about": row.workload.about, "columns": cells })
        })
        .collect();
    format!("{:#}\n", json!({ "machine": machine(), "rows": rows }))
}

fn cell_json(cell: &Cell) -> (String, Value) {
    let failure = cell.failure.as_ref().map(|failure| failure.word());
    let value = json!({ "samples": cell.values, "median": cell.median(), "leaked": cell.leaked, "failure": failure });
    (cell.column.to_owned(), value)
}
