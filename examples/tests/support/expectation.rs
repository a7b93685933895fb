//! What the comments of a Lox program say it does.
//!
//! | comment | meaning |
//! |---|---|
//! | `// expect: TEXT` | a line of standard output |
//! | `// expect runtime error: MESSAGE` | the run ends here with this message |
//! | `// Error...` | a compile error on this line |
//! | `// [line N] Error...` | a compile error on that line |
//! | `// [java line N] Error...` | the same, if the interpreter behaves as the book's first one, as ours does |
//! | `// [c line N] Error...` | nothing: that is the book's second one |

use super::interpreter::Run;

/// What a run of the program must do.
#[derive(Default)]
struct Expectation {
    stdout: String,
    runtime_error: Option<String>,
    compile_errors: Vec<String>,
}

/// What is wrong with `run`, if it did not do what the comments in `source` say.
pub(crate) fn check(source: &str, run: &Run) -> Result<(), String> {
    let expected = Expectation::read(source).into_run();
    // Errors may be reported in any order.
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let same_errors = sorted(&run.stderr) == sorted(&expected.stderr);
    if same_errors && run.stdout == expected.stdout && run.code == expected.code {
        return Ok(());
    }
    Err(format!("expected {expected:#?}\nfound {run:#?}"))
}

impl Expectation {
    fn read(source: &str) -> Self {
        let mut expectation = Self::default();
        for (index, line) in source.lines().enumerate() {
            if let Some((_, comment)) = line.split_once("//") {
                expectation.read_comment(index + 1, comment);
            }
        }
        expectation
    }

    fn read_comment(&mut self, line: usize, comment: &str) {
        if let Some((_, text)) = comment.split_once("expect: ") {
            self.stdout.push_str(text);
            self.stdout.push('\n');
        } else if let Some((_, message)) = comment.split_once("expect runtime error: ") {
            self.runtime_error = Some(format!("{message}\n[line {line}]\n"));
        } else if comment.starts_with(" Error") {
            self.compile_errors.push(format!("[line {line}]{comment}\n"));
        } else if comment.starts_with(" [line ") {
            self.compile_errors.push(format!("{}\n", &comment[1..]));
        } else if let Some(rest) = comment.strip_prefix(" [java line ") {
            self.compile_errors.push(format!("[line {rest}\n"));
        }
    }

    fn into_run(self) -> Run {
        let code = match (&self.runtime_error, self.compile_errors.is_empty()) {
            (_, false) => 65,
            (Some(_), true) => 70,
            (None, true) => 0,
        };
        let stderr = self.compile_errors.concat() + &self.runtime_error.unwrap_or_default();
        Run { stdout: self.stdout, stderr, code: Some(code) }
    }
}
