//! Instruction counts under callgrind, which do not depend on what else the machine does.
//!
//! A workload runs at two lengths. The difference of their counts, divided by the difference of their operations, is what
//! one operation takes: start and end of the process cancel out. What a workload does besides for each operation (building the
//! list that is dropped, say) is part of the figure here, though it is not part of the time.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use crate::child::{self, Failure};
use crate::runner::{Cell, Row, chosen_columns, chosen_workloads};
use crate::workloads::{Counted, Size, Unit, Workload};
use crate::{Options, report, targets};

/// Callgrind is some 50 times slower.
const PATIENCE: Duration = Duration::from_secs(600);

/// What one operation takes.
type Count = Result<f64, Failure>;

pub fn run(options: &Options) -> io::Result<ExitCode> {
    let columns: Vec<_> = chosen_columns(options, &["rc", "gc-core"])?;
    let counted = |workload: &&Workload| !matches!(workload.counted, Counted::Nothing);
    let workloads = chosen_workloads(options)?.into_iter().filter(counted);
    let rows = report::table(workloads.map(|workload| row(workload, &columns)), &columns, Unit::Instructions)?;
    println!("\n{}", targets::table(&rows, Unit::Instructions));
    let ours: BTreeMap<String, f64> = rows.iter().filter_map(ours_in).collect();
    match &options.baseline {
        None => Ok(ExitCode::SUCCESS),
        Some(file) if options.update => {
            let baseline = json!({ "rustc": report::version("rustc"), "instructions": ours });
            fs::write(file, format!("{baseline:#}\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(file) => compare(&ours, &fs::read_to_string(file)?, options),
    }
}

fn row(workload: &'static Workload, columns: &[&'static str]) -> io::Result<Row> {
    let cell = |column: &&'static str| {
        let (values, failure) = match instructions(column, workload)? {
            Ok(count) => (vec![count], None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        Ok(Cell { column, values, leaked: 0, failure })
    };
    Ok(Row { workload, cells: columns.iter().map(cell).collect::<io::Result<_>>()? })
}

fn ours_in(row: &Row) -> Option<(String, f64)> {
    let count = row.cell("gc-core")?.median()?;
    Some((row.workload.name.to_owned(), (count * 100.0).round() / 100.0))
}

fn instructions(column: &str, workload: &Workload) -> io::Result<Count> {
    match workload.counted {
        Counted::Operation(lengths, live) => operation(column, workload.name, lengths, live),
        Counted::Pause(operations, live) => longest_pause(column, workload.name, operations, live),
        Counted::Nothing => Ok(Err(Failure::Unsupported)),
    }
}

fn operation(column: &str, workload: &str, lengths: [u64; 2], live: u64) -> io::Result<Count> {
    let mut totals = [0.0; 2];
    for (total, operations) in totals.iter_mut().zip(lengths) {
        let size = Size { operations, live, limit: None };
        let errors = match callgrind(column, workload, size, &["--callgrind-out-file=/dev/null"])? {
            Ok(errors) => errors,
            Err(failure) => return Ok(Err(failure)),
        };
        let collected = errors.lines().find_map(|line| line.split_once("Collected :"));
        let count = collected.and_then(|(_, count)| count.trim().parse().ok());
        *total = count.ok_or_else(|| io::Error::other(format!("callgrind did not tell a count:\n{errors}")))?;
    }
    Ok(Ok((totals[1] - totals[0]) / (lengths[1] - lengths[0]) as f64))
}

/// Callgrind writes a file at the end of each pause, with what was counted since its begin.
fn longest_pause(column: &str, workload: &str, operations: u64, live: u64) -> io::Result<Count> {
    let folder = std::env::temp_dir().join(format!("benches-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let files = format!("--callgrind-out-file={}", folder.join("pause").display());
    let flags = [&files, "--zero-before=pause_begins", "--dump-before=pause_ends", "--dump-line=no"];
    let outcome = callgrind(column, workload, Size { operations, live, limit: None }, &flags);
    let longest = fs::read_dir(&folder)?
        .map(|file| pause_in(&fs::read_to_string(file?.path())?))
        .filter_map(Result::transpose)
        .try_fold(None, |longest: Option<f64>, pause| Ok::<_, io::Error>(Some(longest.unwrap_or(0.0).max(pause?))));
    fs::remove_dir_all(&folder)?;
    match outcome? {
        Ok(_) => Ok(longest?.ok_or(Failure::Unsupported)),
        Err(failure) => Ok(Err(failure)),
    }
}

/// The instructions in a file of callgrind's, if it was written at the end of a pause.
fn pause_in(dump: &str) -> io::Result<Option<f64>> {
    if !dump.contains("--dump-before=pause_ends") {
        return Ok(None);
    }
    let totals = dump.lines().find_map(|line| line.strip_prefix("totals:").or(line.strip_prefix("summary:")));
    let count = totals.and_then(|totals| totals.trim().parse().ok());
    count.map(Some).ok_or_else(|| io::Error::other("a file of callgrind's has no totals"))
}

/// Prints what changed; fails if something needs more instructions than the baseline allows.
fn compare(ours: &BTreeMap<String, f64>, baseline: &str, options: &Options) -> io::Result<ExitCode> {
    let baseline: serde_json::Value = serde_json::from_str(baseline)?;
    let mut worse = 0;
    println!();
    if baseline["rustc"] != report::version("rustc") {
        println!("the baseline is of {}, this is {}", baseline["rustc"], report::version("rustc"));
    }
    for (name, count) in ours {
        let Some(before) = baseline["instructions"][name].as_f64() else {
            println!("{name}: {count:.1}, not in the baseline");
            worse += 1;
            continue;
        };
        let percent = (count / before - 1.0) * 100.0;
        if percent.abs() > options.tolerance {
            println!("{name}: {count:.1} instead of {before:.1} ({percent:+.1} %)");
            worse += usize::from(percent > 0.0);
        }
    }
    println!("{} compared with the baseline, {worse} worse by more than {} %", ours.len(), options.tolerance);
    Ok(if worse == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a child under callgrind; what callgrind said.
fn callgrind(column: &str, workload: &str, size: Size, flags: &[&str]) -> io::Result<Result<String, Failure>> {
    let mut command: Vec<String> =
        ["valgrind", "--tool=callgrind"].iter().chain(flags).map(|word| word.to_string()).collect();
    command.extend(child::command(column, workload, size)?);
    let Some(output) = child::output_of(&command, PATIENCE)? else { return Ok(Err(Failure::Timeout)) };
    Ok(child::judge(&output).map(|_| String::from_utf8_lossy(&output.stderr).into_owned()))
}
