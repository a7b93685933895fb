//! Takes the samples of all columns in turn: A B C A B C ...

use std::fs;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Duration;

use crate::child::{self, Failure};
use crate::workloads::{self, Size, Unit, Workload};
use crate::{Options, columns, report, targets};

/// Workloads that can end early do so after this time.
const LIMIT: Duration = Duration::from_secs(3);

/// The samples of one workload in one column.
pub struct Cell {
    pub column: &'static str,
    pub values: Vec<f64>,
    pub leaked: i64,
    pub failure: Option<Failure>,
}

impl Cell {
    pub fn median(&self) -> Option<f64> {
        self.failure.is_none().then(|| median(&self.values))
    }
}

/// The samples of one workload, in the order of the columns.
pub struct Row {
    pub workload: &'static Workload,
    pub cells: Vec<Cell>,
}

impl Row {
    pub fn cell(&self, column: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.column == column)
    }
}

pub fn run(options: &Options) -> io::Result<ExitCode> {
    let columns = chosen_columns(options, &[])?;
    let workloads = chosen_workloads(options)?.into_iter();
    let rows = workloads.map(|workload| row(workload, &columns, options.samples));
    let rows = report::table(rows, &columns, Unit::Time)?;
    let targets = targets::table(&rows, Unit::Time);
    if !targets.is_empty() {
        println!("\n{targets}");
    }
    if let Some(file) = &options.json {
        fs::write(file, report::json(&rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(workload: &'static Workload, columns: &[&'static str], samples: usize) -> io::Result<Row> {
    let cell = |&column| Cell { column, values: Vec::new(), leaked: 0, failure: None };
    let mut cells: Vec<Cell> = columns.iter().map(cell).collect();
    let size = Size { operations: workload.operations, live: workload.live, limit: Some(LIMIT) };
    for sample in 0..samples {
        for cell in cells.iter_mut().filter(|cell| cell.failure.is_none()) {
            progress(workload.name, cell.column, sample);
            match child::sample(cell.column, workload.name, size)? {
                Ok(sample) => {
                    cell.values.push(sample.value);
                    cell.leaked = cell.leaked.max(sample.leaked);
                }
                Err(failure) => cell.failure = Some(failure),
            }
        }
    }
    Ok(Row { workload, cells })
}

fn progress(workload: &str, column: &str, sample: usize) {
    if io::stderr().is_terminal() {
        eprint!("\r\x1b[K{workload} {column} {}\r", sample + 1);
    }
}

/// The columns asked for, or `default`, or if that is empty all of them.
pub fn chosen_columns(options: &Options, default: &[&str]) -> io::Result<Vec<&'static str>> {
    let all = || columns::ALL.iter().map(|(name, _)| *name).chain([columns::CPYTHON]);
    let wanted: Vec<&str> = options.only.iter().map(String::as_str).collect();
    reject_unknown("column", &wanted, all())?;
    let wanted = if wanted.is_empty() { default } else { &wanted };
    Ok(all().filter(|name| wanted.is_empty() || wanted.contains(name)).collect())
}

pub fn chosen_workloads(options: &Options) -> io::Result<Vec<&'static Workload>> {
    let wanted: Vec<&str> = options.workload.iter().map(String::as_str).collect();
    reject_unknown("workload", &wanted, workloads::ALL.iter().map(|workload| workload.name))?;
    Ok(workloads::ALL.iter().filter(|workload| wanted.is_empty() || wanted.contains(&workload.name)).collect())
}

fn reject_unknown(
    kind: &str,
    wanted: &[&str],
    mut known: impl Iterator<Item = &'static str> + Clone,
) -> io::Result<()> {
    let known = &mut known;
    match wanted.iter().find(|name| !known.clone().any(|known| known == **name)) {
        Some(name) => Err(io::Error::other(format!("no {kind} is called `{name}`; see --list"))),
        None => Ok(()),
    }
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + sorted[middle]) / 2.0 } else { sorted[middle] }
}
