//! Runs every workload in every column, each sample in a process of its own, and prints one table.

mod child;
mod columns;
mod dom;
mod instructions;
mod pauses;
mod report;
mod runner;
mod targets;
mod tokens;
mod workloads;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// gc-core beside Rc, its peers and CPython.
#[derive(Parser)]
#[command(version, about)]
pub struct Options {
    /// Only these columns.
    #[arg(long, value_delimiter = ',', value_name = "COLUMN")]
    only: Vec<String>,
    /// Only these workloads.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    workload: Vec<String>,
    /// Samples of each cell.
    #[arg(long, default_value_t = 5)]
    samples: usize,
    /// Writes all samples to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Lists columns and workloads.
    #[arg(long)]
    list: bool,
    /// Counts instructions under callgrind instead of time; of `rc` and `gc-core`, unless told otherwise.
    #[arg(long)]
    instructions: bool,
    /// Compares the instructions of `gc-core` with those in this file.
    #[arg(long, value_name = "FILE", requires = "instructions")]
    baseline: Option<PathBuf>,
    /// Writes the baseline anew.
    #[arg(long, requires = "baseline", conflicts_with_all = ["workload", "only"])]
    update: bool,
    /// How much worse than the baseline is still good, in percent.
    #[arg(long, default_value_t = 1.0, value_name = "PERCENT")]
    tolerance: f64,
    /// Runs one workload in one column, in this process: what the others start.
    #[arg(long, hide = true, num_args = 5, value_names = ["COLUMN", "WORKLOAD", "OPERATIONS", "LIVE", "LIMIT_MS"])]
    child: Option<Vec<String>>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(child) = &options.child {
        return child::run(child);
    }
    if options.list {
        report::list();
        return ExitCode::SUCCESS;
    }
    let outcome = if options.instructions { instructions::run(&options) } else { runner::run(&options) };
    outcome.unwrap_or_else(|error| {
        eprintln!("benches: {error}");
        ExitCode::FAILURE
    })
}
