//! The command line: what is printed, and what is complained of.

use std::fs;
use std::process::{Command, Stdio};

use crate::program::{Run, dom, page, run, run_with_input};
use crate::say;

fn success(stdout: &str) -> Run {
    Run { stdout: stdout.into(), stderr: String::new(), code: Some(0) }
}

const USAGE: &str = "Usage: dom [FILE] [options]\n";

#[test]
fn a_page_is_written_as_html() {
    let path = page("page.html", "<!doctype html><title>A &amp; B</title><p>one<p>two<br>");
    let expected =
        "<!DOCTYPE html><html><head><title>A &amp; B</title></head><body><p>one</p><p>two<br></p></body></html>";
    assert_eq!(run([path]), success(expected));
    assert_eq!(run_with_input(&[], expected.as_bytes()), success(expected));
}

#[test]
fn standard_input_is_read_without_a_file_or_for_a_hyphen() {
    for arguments in [&["--test-format"][..], &["--test-format", "-"], &["-", "--test-format"]] {
        assert_eq!(run_with_input(arguments, b"x"), success("| <html>\n|   <head>\n|   <body>\n|     \"x\"\n"));
    }
}

#[test]
fn matches_are_written_one_to_a_line() {
    let input = b"<ul><li class=a>one<li>two<li class='b a'><i>three";
    let expected = "<li class=\"a\">one</li>\n<li class=\"b a\"><i>three</i></li>\n";
    assert_eq!(run_with_input(&["--select", "ul > .a"], input), success(expected));
    assert_eq!(run_with_input(&["--select=ol"], input), success(""));
}

#[test]
fn matches_are_written_in_the_notation_of_the_tests_too() {
    let expected = "| <p>\n|   \"a\"\n| <p>\n|   \"b\"\n";
    assert_eq!(run_with_input(&["--select", "p", "--test-format"], b"<div><p>a<p>b"), success(expected));
}

#[test]
fn a_fragment_is_what_is_inside_an_element() {
    let run_in = |context, input: &str| run_with_input(&["--fragment", context, "--test-format"], input.as_bytes());
    assert_eq!(run_in("tr", "<td>x"), success("| <td>\n|   \"x\"\n"));
    assert_eq!(run_in("DIV", "<td>x"), success("| \"x\"\n"));
    assert_eq!(run_in("svg svg", "<g/><title><p>"), success("| <svg g>\n| <svg title>\n|   <p>\n"));
    assert_eq!(run_in("math mi", "<b>x"), success("| <b>\n|   \"x\"\n"));
    assert_eq!(run_in("template", "<tr><td>"), success("| <tr>\n|   <td>\n"));
    let html = run_with_input(&["--fragment", "title"], b"<b>&amp;");
    assert_eq!(html, success("&lt;b&gt;&amp;"));
}

#[test]
fn command_lines_without_sense_are_errors() {
    let cases: [(&[&str], &str); 9] = [
        (&["a.html", "b.html"], "unexpected argument \"b.html\""),
        (&["--stat"], "invalid option '--stat'"),
        (&["-x"], "invalid option '-x'"),
        (&["--select"], "missing argument for option '--select'"),
        (&["--stats=yes"], "unexpected argument for option '--stats': \"yes\""),
        (
            &["--select", "p:hover"],
            "cannot parse argument \"p:hover\": pseudo-classes are not supported at character 2",
        ),
        (&["--select", ""], "cannot parse argument \"\": expected a selector, found the end at character 1"),
        (&["--fragment", ""], "cannot parse argument \"\": not the name of an element"),
        (&["--fragment", "<p>"], "cannot parse argument \"<p>\": not the name of an element"),
    ];
    for (arguments, error) in cases {
        let run = run(arguments);
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(64)), "{arguments:?}");
        assert!(run.stderr.starts_with(&format!("{error}\n{USAGE}")), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn help_is_the_usage() {
    let run = run(["--help"]);
    assert!(run.stdout.starts_with(USAGE), "{run:?}");
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    for (path, reason) in [("no such page.html", "there is no such file"), (folder, "it is a directory")] {
        let expected = format!("Could not read '{path}': {reason}.\n");
        assert_eq!(run([path]), Run { stdout: String::new(), stderr: expected, code: Some(66) });
    }
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let path = page("unwritable.html", "x");
    let run = run([path.as_os_str(), "--dot".as_ref(), "no such folder/x.dot".as_ref()]);
    assert!(run.stderr.starts_with("Could not write 'no such folder/x.dot': "), "{run:?}");
    assert_eq!((run.stdout.as_str(), run.code), ("<html><head></head><body>x</body></html>", Some(74)));
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let path = page("long.html", "<p>x".repeat(100_000));
    let dot = page("long.dot", "");
    let mut command = dom();
    command.arg(path).arg("--dot").arg(&dot).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    drop(child.stdout.take());
    let run = Run::from(child.wait_with_output().expect("the program ends"));
    assert_eq!(run, Run { stdout: String::new(), stderr: String::new(), code: Some(74) });
    // Who asked for more than the page gets it.
    assert!(fs::read_to_string(dot).expect("it was written").ends_with("}\n"));
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_told_of() {
    let run = run_with_input(&["--test-format"], b"\xEF\xBB\xBF<p>a\xFFb");
    assert_eq!(run.stdout, "| <html>\n|   <head>\n|   <body>\n|     <p>\n|       \"a\u{FFFD}b\"\n");
    assert_eq!(run.stderr, "Not all of the page is UTF-8: what is not was replaced by U+FFFD.\n");
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_page_without_an_encoding_that_is_not_utf8_loses_nothing() {
    let expected = "<html><head></head><body><p>caf\u{E9} \u{2013} \u{81}</p></body></html>";
    assert_eq!(run_with_input(&[], b"<p>caf\xE9 \x96 \x81"), success(expected));
}

#[test]
fn the_pointers_are_written_for_graphviz() {
    let input = b"<div id='\"q\\'><template><p>a</template><!--\n--><button>";
    let path = page("pointers.dot", "");
    let dot_path = path.to_str().expect("a path that is text");
    let run = run_with_input(&["--dot", dot_path, "--listen", "button"], input);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
    let graph = fs::read_to_string(&path).expect("it was written");
    for part in [
        "digraph dom {",
        "label=\"<div id=\\\"q\\\\>\"",
        "label=contents",
        "label=\"click\"",
        "label=captures",
        "style=dashed",
    ] {
        assert!(graph.contains(part), "no {part} in {graph}");
    }
    let Ok(output) = Command::new("dot").args(["-Tcanon", dot_path]).output() else {
        say("skipped: Graphviz is not installed, which would read what --dot writes");
        return;
    };
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
