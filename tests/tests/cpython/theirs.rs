//! Runs programs on CPython.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::objects::Event;
use crate::ours::{Outcome, Shown};

/// An interpreter, and the version it is of.
pub(crate) struct Python {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub(crate) version: (u32, u32),
}

impl Python {
    /// The interpreter in `PATH`, if there is one.
    pub(crate) fn start() -> Option<Self> {
        let mut child = Command::new("python3")
            .args(["-I", "-S", "-B", "-c", include_str!("driver.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let mut python = Self { child, input, output, version: (0, 0) };
        let version = numbers(&python.line(), ' ');
        python.version = (version[0] as u32, version[1] as u32);
        Some(python)
    }

    /// What CPython shows after each of the steps.
    ///
    /// # Panics
    /// If the interpreter fails, or keeps an object at the end.
    pub(crate) fn run(&mut self, thresholds: [usize; 3], steps: &[Shown]) -> Vec<Outcome> {
        let mut text = thresholds.map(|it| it.to_string()).join(" ") + "\n";
        steps.iter().for_each(|shown| text += &format!("{}\n", shown.step));
        text += "run\n";
        let input = self.input.as_mut().expect("open until the end");
        input.write_all(text.as_bytes()).expect("python3 reads");
        let outcomes = steps.iter().map(|_| parse(&self.line())).collect();
        assert_eq!(self.line().trim_end(), "end", "objects left alive in python3");
        outcomes
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.output.read_line(&mut line).expect("python3 writes text");
        assert!(read > 0, "python3 ended early; its message is above");
        line
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        self.input.take();
        let _ = self.child.wait();
    }
}

fn numbers(text: &str, separator: char) -> Vec<i64> {
    let words = text.trim_end().split(separator).filter(|word| !word.is_empty());
    words.map(|word| word.parse().expect("a number")).collect()
}

fn parse(line: &str) -> Outcome {
    let parts: Vec<&str> = line.trim_end_matches('\n').split(';').collect();
    let [returned, died, log, counts, restored, says] = parts[..] else { panic!("six parts in {line:?}") };
    let unsigned = |text| numbers(text, ',').into_iter().map(|it| it as usize);
    let mut outcome = Outcome {
        returned: usize::try_from(numbers(returned, ',')[0]).ok(),
        died: unsigned(died).collect(),
        events: unsigned(log).map(event).collect(),
        counts: unsigned(counts).collect::<Vec<_>>().try_into().expect("three counts"),
        restored: unsigned(restored).collect(),
        says: BTreeMap::new(),
    };
    outcome.died.sort_unstable();
    for word in says.split(',').filter(|word| !word.is_empty()) {
        let (number, says) = word.split_at(word.len() - 1);
        outcome.says.insert(number.parse().expect("a number"), says == "+");
    }
    outcome
}

fn event(code: usize) -> Event {
    [Event::Finalized, Event::Called, Event::Collected, Event::Done][code % 4](code / 4)
}
