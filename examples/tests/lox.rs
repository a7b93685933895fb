//! The Lox interpreter, seen from outside: programs, errors, exit codes, the session at a prompt, and depth.

mod memory;
mod support;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{fs, io};

use support::expectation::check;
use support::interpreter::{Run, lox, run, run_source, run_with_input, script};

/// The programs of this package.
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/lox/programs");

/// The programs of the book's own tests, where they are at hand.
const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/lox");

/// All Lox programs in a directory and those in it.
fn programs(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(programs(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "lox") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Runs each program and compares what it does with its comments.
fn check_all(programs: &[PathBuf]) {
    let failures: Vec<String> = programs
        .iter()
        .filter_map(|path| {
            let source = fs::read_to_string(path).expect("a test program is a text");
            check(&source, &run([path])).err().map(|error| format!("{}: {error}", path.display()))
        })
        .collect();
    assert!(failures.is_empty(), "{} of {} programs:\n{}", failures.len(), programs.len(), failures.join("\n"));
}

fn success(stdout: &str) -> Run {
    Run { stdout: stdout.into(), stderr: String::new(), code: Some(0) }
}

fn failure(code: i32, stderr: &str) -> Run {
    Run { stdout: String::new(), stderr: stderr.into(), code: Some(code) }
}

#[test]
fn our_programs_do_what_their_comments_say() {
    let programs = programs(Path::new(PROGRAMS)).expect("the package has its programs");
    assert!(programs.len() >= 6);
    check_all(&programs);
}

#[test]
fn the_programs_of_the_book_do_what_their_comments_say() {
    match programs(Path::new(BOOK)) {
        Ok(programs) => check_all(&programs),
        Err(_) => println!("skipped: the book's programs are not at hand"),
    }
}

#[test]
fn a_missing_file_is_an_error() {
    let expected = "Could not read 'no such file.lox': there is no such file.\n";
    assert_eq!(run(["no such file.lox"]), failure(66, expected));
}

#[test]
fn a_directory_is_an_error() {
    let expected = format!("Could not read '{PROGRAMS}': it is a directory.\n");
    assert_eq!(run([PROGRAMS]), failure(66, &expected));
}

#[test]
fn a_file_that_is_not_utf8_is_an_error() {
    let path = script("not_utf8", b"print 1;\nprint \"\xFF\";\n");
    let expected = format!("Could not read '{}': it is not valid UTF-8 (line 2, byte 16).\n", path.display());
    assert_eq!(run([path]), failure(66, &expected));
}

#[test]
fn a_command_line_without_sense_is_an_error() {
    for arguments in [&["a.lox", "b.lox"][..], &["--gc-stat"], &["-x", "a.lox"]] {
        assert_eq!(run(arguments), failure(64, "Usage: lox [script] [--gc-stats]\n"));
    }
}

#[test]
fn a_session_keeps_what_its_lines_declare() {
    let input =
        b"var a = 1;\nfun f() { return a; }\na = 2;\nprint f();\nclass C { m() { return f() + 1; } }\nprint C().m();\n";
    assert_eq!(run_with_input(&[], input), success("> > > > 2\n> > 3\n> "));
}

#[test]
fn errors_do_not_end_a_session() {
    let run = run_with_input(&[], b"print 1\nprint x;\n\xFF\n{ var a = 1; print a + nil; }\nprint \"on\";\n");
    assert_eq!(run.stdout, "> > > > > on\n> ");
    let expected = "[line 1] Error at end: Expect ';' after value.\nUndefined variable 'x'.\n[line 1]\n\
        The line is not valid UTF-8.\nOperands must be two numbers or two strings.\n[line 1]\n";
    assert_eq!((run.stderr.as_str(), run.code), (expected, Some(0)));
}

#[test]
fn the_last_line_of_a_session_may_end_with_the_input() {
    assert_eq!(run_with_input(&[], b"print 1;"), success("> 1\n> "));
}

#[test]
fn output_comes_before_the_error_that_ends_it() {
    let run = run_source("output_and_error", "print 1;\nprint nil + 1;\nprint 2;");
    assert_eq!(run.stdout, "1\n");
    assert_eq!(run.stderr, "Operands must be two numbers or two strings.\n[line 2]\n");
    assert_eq!(run.code, Some(70));
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let path = script("endless_output", "while (true) print \"out\";");
    let mut command = lox();
    command.arg(path).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the interpreter starts");
    drop(child.stdout.take());
    let run = Run::from(child.wait_with_output().expect("the interpreter ends"));
    assert_eq!(run, failure(74, ""));
}

#[test]
fn thousands_of_calls_may_nest() {
    let source = "fun sum(n) { if (n == 0) return 0; return n + sum(n - 1); }\nprint sum(10000);";
    assert_eq!(run_source("deep_calls", source), success("50005000\n"));
}

#[test]
fn endless_recursion_is_a_stack_overflow() {
    let sources = [
        "fun f() { f(); }\nf();",
        "class A { m() {\n return (((((1 + this.m()))))); } }\nA().m();",
        "class A { init() {\n A(); } }\nA();",
        "class A { m() {} }\nclass B < A { m() { var f = this.m; f();\n super.m(); } }\nB().m();",
        "fun f(g) { fun h() { return f(h); }\n return h(); }\nf(f);",
        "fun a() { b(); }\nfun b() { if (true) { while (true) { for (;;) { print a(); } } } } a();",
    ];
    for (index, source) in sources.iter().enumerate() {
        let run = run_source(&format!("endless_{index}"), source);
        assert!(run.stderr.starts_with("Stack overflow.\n[line "), "{source}: {run:?}");
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(70)), "{source}");
    }
}

#[test]
fn endless_recursion_through_the_deepest_expressions_is_a_stack_overflow() {
    let (open, close) = ("-(".repeat(900), ")".repeat(900));
    let run = run_source("endless_deep", format!("fun f() {{ return {open}f(){close}; }}\nf();"));
    assert_eq!(run, failure(70, "Stack overflow.\n[line 1]\n"));
}

#[test]
fn a_session_goes_on_after_a_stack_overflow() {
    let run = run_with_input(&[], b"fun f() { f(); }\nf();\nprint \"on\";\nf();\n");
    assert_eq!(run.stdout, "> > > on\n> > ");
    assert_eq!(run.stderr, "Stack overflow.\n[line 1]\n".repeat(2));
}

#[test]
fn what_nests_too_deep_is_a_compile_error() {
    const DEPTH: usize = 100_000;
    let nested = [
        ("(", "1", ")"),
        ("-", "1", ""),
        ("!", "1", ""),
        ("{", "", "}"),
        ("a = ", "1", ""),
        ("a.b = ", "1", ""),
        ("f(", "1", ")"),
        ("if (1) ", "print 1;", ""),
        ("while (1) ", "print 1;", ""),
        ("for (;;) ", "print 1;", ""),
        ("fun f() {", "", "}"),
        ("class A { m() {", "", "}}"),
        ("1 + (", "2", ")"),
        ("1 and (", "2", ")"),
        ("", "f", "()"),
        ("", "a", ".b"),
        ("", "a", ".b()"),
        ("if (1) {} else {", "", "}"),
    ];
    for (index, (open, middle, close)) in nested.into_iter().enumerate() {
        let source = format!("{}{middle}{};", open.repeat(DEPTH), close.repeat(DEPTH));
        let run = run_source(&format!("nested_{index}"), source);
        assert!(run.stderr.starts_with("[line 1] Error at '"), "{open}: {:.200}", run.stderr);
        assert!(run.stderr.ends_with("': Too much nesting.\n"), "{open}: {:.200}", run.stderr);
        assert_eq!((run.stderr.lines().count(), run.code), (1, Some(65)), "{open}");
    }
}

#[test]
fn a_thousand_levels_are_not_too_deep() {
    let source = format!(
        "{}print {}1{};{}",
        "{ var a; if (true) ".repeat(300),
        "-(".repeat(500),
        ")".repeat(500),
        "}".repeat(300)
    );
    assert_eq!(run_source("levels", source), success("1\n"));
}

#[test]
fn chains_may_be_long() {
    const LENGTH: usize = 100_000;
    let cases = [
        (format!("print 0{};", " + 1".repeat(LENGTH)), "100000\n".to_owned()),
        (format!("print \"\"{};", " + \"ab\"".repeat(LENGTH)), "ab".repeat(LENGTH) + "\n"),
        (format!("print 1{};", " * 1 / 1".repeat(LENGTH)), "1\n".to_owned()),
        (format!("print 1{};", " == true".repeat(LENGTH)), "false\n".to_owned()),
        (format!("print nil{};", " or nil".repeat(LENGTH)), "nil\n".to_owned()),
        (format!("print 1{};", " and 1".repeat(LENGTH)), "1\n".to_owned()),
        (format!("{} print 2;", "if (false) print 1; else ".repeat(LENGTH)), "2\n".to_owned()),
        ("print 1;".repeat(LENGTH), "1\n".repeat(LENGTH)),
    ];
    for (index, (source, expected)) in cases.into_iter().enumerate() {
        let run = run_source(&format!("chain_{index}"), source);
        assert!(run == success(&expected), "{index}: {:.200} {:?}", run.stderr, run.code);
    }
}

/// The numbers behind a word in the table of `--gc-stats`.
fn figures(stderr: &str, label: &str) -> Vec<f64> {
    let line = stderr.lines().find_map(|line| line.strip_prefix("gc: ")?.strip_prefix(label));
    let line = line.unwrap_or_else(|| panic!("no line for {label} in {stderr}"));
    line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Checks that the table adds up and that nothing is left.
fn check_stats(run: &Run) {
    let [made, counted, collected, live] = ["objects made", "freed by count", "freed by collections", "live objects"]
        .map(|label| figures(&run.stderr, label)[0]);
    assert_eq!(live, 0.0, "{}", run.stderr);
    assert_eq!(made, counted + collected, "{}", run.stderr);
    let generations = ["young", "middle", "old"].map(|label| figures(&run.stderr, label));
    assert_eq!(generations.iter().map(|figures| figures[1]).sum::<f64>(), collected, "{}", run.stderr);
    assert!(generations.iter().all(|figures| figures.len() == 3), "{}", run.stderr);
}

#[test]
fn no_program_leaves_an_object_behind() {
    let mut all = programs(Path::new(PROGRAMS)).expect("the package has its programs");
    all.extend(programs(Path::new(BOOK)).unwrap_or_default());
    for path in all {
        check_stats(&run([path.as_os_str(), "--gc-stats".as_ref()]));
    }
}

#[test]
fn cycles_are_freed_by_collections_while_the_program_runs() {
    let run = run(["--gc-stats", &format!("{PROGRAMS}/cycles.lox")]);
    check_stats(&run);
    assert!(figures(&run.stderr, "young")[0] > 10.0, "{}", run.stderr);
    assert!(figures(&run.stderr, "freed by collections")[0] > 10_000.0, "{}", run.stderr);
}

#[test]
fn statistics_come_after_errors_too() {
    let path = script("stats_after_error", "fun f() { fun g() { return g; } return g; }\nf();\nf() + 1;");
    let run = run([path.as_os_str(), "--gc-stats".as_ref()]);
    assert!(run.stderr.starts_with("Operands must be two numbers or two strings.\n[line 3]\ngc: "), "{}", run.stderr);
    assert_eq!(run.code, Some(70));
    check_stats(&run);
}

#[test]
fn statistics_come_after_a_session_too() {
    let run = run_with_input(&["--gc-stats"], b"fun f() { fun g() { return g; } return g; }\nvar a = f();\nprint a;\n");
    assert_eq!(run.stdout, "> > > <fn g>\n> ");
    check_stats(&run);
}
