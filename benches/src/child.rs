//! A sample in a process of its own: so that no column finds the heap as another left it, and a crash is one cell's.

use std::io;
use std::process::{Command, ExitCode, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::columns;
use crate::workloads::{Sample, Size};

/// Ends a child that hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why there is no figure.
#[derive(Clone, PartialEq, Eq)]
pub enum Failure {
    /// The column cannot do this.
    Unsupported,
    /// The stack was not enough.
    Overflow,
    /// The child was ended after [`PATIENCE`].
    Timeout,
    /// The child ended with this status.
    Crash(String),
}

impl Failure {
    pub fn word(&self) -> &str {
        match self {
            Self::Unsupported => "-",
            Self::Overflow => "overflow",
            Self::Timeout => "timeout",
            Self::Crash(status) => status,
        }
    }
}

/// What a child says.
pub type Outcome = Result<Sample, Failure>;

/// The exit code of a child whose column cannot do the workload.
const UNSUPPORTED: u8 = 3;

/// Runs a workload here, and prints what came out.
pub fn run(arguments: &[String]) -> ExitCode {
    let [column, workload, numbers @ ..] = arguments else { unreachable!("clap counts them") };
    let numbers: Vec<u64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    let limit = (numbers[2] > 0).then(|| Duration::from_millis(numbers[2]));
    let size = Size { operations: numbers[0], live: numbers[1], limit };
    let lookup = columns::ALL.iter().find(|(name, _)| name == column).expect("a column").1;
    match lookup(workload).and_then(|run| run(size)) {
        Some(sample) => {
            println!("{}", json!({ "value": sample.value, "leaked": sample.leaked }));
            ExitCode::SUCCESS
        }
        None => ExitCode::from(UNSUPPORTED),
    }
}

/// The command for a child of this column.
pub fn command(column: &str, workload: &str, size: Size) -> io::Result<Vec<String>> {
    let limit = size.limit.map_or(0, |limit| limit.as_millis());
    let numbers = [size.operations.to_string(), size.live.to_string(), limit.to_string()];
    let mut command = if column == columns::CPYTHON {
        vec!["python3".into(), concat!(env!("CARGO_MANIFEST_DIR"), "/cpython.py").into(), workload.into()]
    } else {
        let this = std::env::current_exe()?.display().to_string();
        vec![this, "--child".into(), column.into(), workload.into()]
    };
    command.extend(numbers);
    Ok(command)
}

/// Starts a child and waits for what it says.
pub fn sample(column: &str, workload: &str, size: Size) -> io::Result<Outcome> {
    let output = match output_of(&command(column, workload, size)?, PATIENCE)? {
        Some(output) => output,
        None => return Ok(Err(Failure::Timeout)),
    };
    Ok(judge(&output))
}

/// What the output of a child means.
pub fn judge(output: &Output) -> Outcome {
    if output.status.code() == Some(UNSUPPORTED.into()) {
        return Err(Failure::Unsupported);
    }
    if String::from_utf8_lossy(&output.stderr).contains("overflowed its stack") {
        return Err(Failure::Overflow);
    }
    let parsed: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    let figure = |key: &str| parsed.as_ref()?.get(key)?.as_f64();
    match (output.status.success(), figure("value"), figure("leaked")) {
        (true, Some(value), Some(leaked)) => Ok(Sample { value, leaked: leaked as i64 }),
        _ => Err(Failure::Crash(output.status.to_string().replace(" (core dumped)", ""))),
    }
}

/// Runs a command; `None` if it had to be ended. What it prints must fit into a pipe.
pub fn output_of(command: &[String], patience: Duration) -> io::Result<Option<Output>> {
    let start = Instant::now();
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    while child.try_wait()?.is_none() {
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().map(Some)
}
