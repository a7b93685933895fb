//! What the interpreter has resident while programs run in it over and over: in release mode with ten million cycles, in debug
//! mode with a twentieth of that.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::support::interpreter::lox;

/// Each is a line that defines `round(count)`, and how many cycles all rounds make.
const PROGRAMS: [(&str, usize, &str); 5] = [
    (
        "instances that refer to themselves",
        10_000_000,
        "class Node { init() { this.me = this; } } fun round(count) { while (count > 0) { Node(); count = count - 1; } }",
    ),
    (
        "closures that call themselves",
        2_000_000,
        "fun round(count) { while (count > 0) { fun loop(n) { if (n > 0) loop(n - 1); } loop(1); count = count - 1; } }",
    ),
    (
        "rings of ten nodes",
        200_000,
        "class Node {} fun ring(size) { var first = Node(); var last = first; for (var i = 1; i < size; i = i + 1) \
         { var next = Node(); next.before = last; last.after = next; last = next; } last.after = first; } \
         fun round(count) { while (count > 0) { ring(10); count = count - 1; } }",
    ),
    (
        "classes, their subclasses and bound methods",
        400_000,
        "fun round(count) { while (count > 0) { class A { m() { return this; } } class B < A { m() { return super.m; } } \
         var b = B(); b.bound = b.m(); b.class_ = B; count = count - 1; } }",
    ),
    (
        "texts that become longer and go",
        200_000,
        "fun round(count) { var text = \"\"; while (count > 0) { text = text + \"ab\"; if (count / 100 == floor(count / 100)) \
         text = \"\"; count = count - 1; } } fun floor(x) { var n = 0; var step = 65536; while (step >= 1) \
         { if (n + step <= x) n = n + step; step = step / 2; } return n; }",
    ),
];

const ROUNDS: usize = 20;
const SLACK: usize = 1024 * 1024;

#[test]
fn programs_in_a_loop_keep_what_is_resident_flat() {
    for (what, cycles, program) in PROGRAMS {
        let count = cycles / ROUNDS / if cfg!(debug_assertions) { 20 } else { 1 };
        let mut session = Session::start();
        session.run(program);
        let mut resident = Vec::new();
        for _ in 0..ROUNDS {
            session.run(&format!("round({count});"));
            let Some(bytes) = session.resident() else {
                return println!("skipped: the system does not tell what is resident, nothing was measured");
            };
            resident.push(bytes);
        }
        session.end();
        let (warm_up, rest) = resident.split_at(ROUNDS / 2);
        let (warm, highest) = (warm_up[ROUNDS / 2 - 1], *rest.iter().max().expect("rounds"));
        println!(
            "{what}, {} of them: {} KB resident after half, at most {} KB more later",
            count * ROUNDS,
            warm / 1024,
            highest.saturating_sub(warm) / 1024,
        );
        // A sanitizer keeps freed memory for a while.
        assert!(highest <= warm + SLACK || cfg!(gc_system_alloc), "{what}: {resident:?}");
    }
}

/// A session at the prompt.
struct Session {
    interpreter: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn start() -> Self {
        let mut command = lox();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut interpreter = command.spawn().expect("the interpreter starts");
        let input = interpreter.stdin.take().expect("standard input is a pipe");
        let output = BufReader::new(interpreter.stdout.take().expect("standard output is a pipe"));
        Self { interpreter, input, output }
    }

    /// Runs a line to its end.
    fn run(&mut self, line: &str) {
        writeln!(self.input, "{line} print \"done\";").expect("the interpreter reads");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("the interpreter answers");
        assert!(answer.ends_with("done\n"), "{answer}");
    }

    /// The anonymous memory that is resident, in bytes.
    fn resident(&self) -> Option<usize> {
        let figure = |file: &str, key: &str| {
            let text = fs::read_to_string(format!("/proc/{}/{file}", self.interpreter.id())).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? * 1024)
        };
        figure("smaps_rollup", "Anonymous:").or_else(|| figure("status", "RssAnon:"))
    }

    fn end(mut self) {
        drop(self.input);
        assert!(self.interpreter.wait().expect("the interpreter ends").success());
    }
}
