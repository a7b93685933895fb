//! `heap_report`, seen from outside: its files, what it says, and its exit codes. What browsers make of the files, `tests/browser` asks.
#![cfg(feature = "inspect")]

#[path = "support/executable.rs"]
mod executable;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

static EXECUTABLE: LazyLock<PathBuf> = LazyLock::new(|| executable::example("heap_report", "heap_report"));

/// An empty directory for a test's files.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("heap_report-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("the directory for test files can be written to");
    path
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(&*EXECUTABLE);
    command.args(arguments).arg("--output").arg(directory).stdin(Stdio::null()).output().expect("the program starts")
}

/// Runs it, and fails if it does.
#[track_caller]
fn report(name: &str, arguments: &[&str]) -> PathBuf {
    let directory = directory(name);
    let output = run(&directory, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    directory
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_owned()).expect("the program writes UTF-8")
}

fn read(directory: &Path, name: &str) -> String {
    fs::read_to_string(directory.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(|number| number.as_i64().expect("a number")).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}

/// Writes a Lox program next to the files.
fn program(directory: &Path, source: &str) -> String {
    let path = directory.join("program.lox");
    fs::write(&path, source).expect("the directory can be written to");
    path.to_str().expect("a text").to_owned()
}

#[test]
fn every_file_is_written_and_named() {
    let directory = directory("every");
    let output = run(&directory, &["--document", "400", "--json"]);
    let said = text(&output.stderr);
    for name in ["heap.heapsnapshot", "heap.dot", "heap.html", "heap.json"] {
        let size = fs::metadata(directory.join(name)).expect("it is there").len();
        assert!(said.contains(&format!("{}: {size} bytes\n", directory.join(name).display())), "{said}");
    }
    // Progress is for terminals.
    assert_eq!((said.lines().count(), said.contains('\x1b')), (4, false), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn figures_for_programs_are_written_on_demand_only() {
    assert!(!report("without_json", &["--document", "100"]).join("heap.json").exists());
}

#[test]
fn a_directory_that_is_not_there_is_made() {
    let directory = directory("deep").join("a/b");
    assert!(run(&directory, &["--document", "100"]).status.success());
    assert!(directory.join("heap.html").exists());
}

#[test]
fn the_columns_fit_together() {
    let data = json(&read(&report("columns", &["--document", "2000", "--json"]), "heap.json"));
    let objects = data["objects"].as_object().expect("columns");
    let count = numbers(&objects["id"]).len();
    assert!(count > 500, "{count}");
    for (name, column) in objects {
        assert_eq!(column.as_array().expect("a list").len(), count, "{name}");
    }
    let edges = numbers(&data["edges"]["to"]);
    assert_eq!(numbers(&data["edges"]["count"]).iter().sum::<i64>() as usize, edges.len());
    assert!(edges.iter().all(|&to| (to as usize) < count));
    let labels = texts(&data["labels"]);
    assert!(numbers(&data["edges"]["label"]).iter().all(|&label| (label as usize) < labels.len()));
    assert!(labels.contains(&"listeners.0.all[0].listener"), "{labels:?}");

    let column = |name: &str| numbers(&data["objects"][name]);
    let (size, retained, dominator, distance) =
        (column("size"), column("retained"), column("dominator"), column("distance"));
    let mut expected = size.clone();
    for (object, &above) in dominator.iter().enumerate().filter(|(_, above)| **above >= 0) {
        assert!(distance[above as usize] < distance[object]);
        expected[above as usize] += retained[object];
    }
    assert_eq!(retained, expected);
    let bytes: i64 = size.iter().sum();
    assert_eq!(numbers(&data["census"]["bytes"]).iter().sum::<i64>(), bytes);
    assert_eq!(numbers(&data["census"]["objects"]).iter().sum::<i64>() as usize, count);
}

#[test]
fn each_way_to_leak_is_in_the_report() {
    let data = json(&read(&report("leaks", &["--document", "2000", "--json"]), "heap.json"));
    let types = texts(&data["types"]);
    let of: Vec<_> = numbers(&data["objects"]["type"]).iter().map(|&each| types[each as usize]).collect();
    let rows = texts(&data["census"]["path"]);
    let path: HashMap<_, _> =
        numbers(&data["census"]["type"]).iter().map(|&each| types[each as usize]).zip(rows).collect();
    assert_eq!(path["heap_report::document::Shortcut<'<'>"], "Shortcuts.first[0] -> Shortcut<'<'>");
    assert_eq!(path["heap_report::document::Shortcut<'\"'>"], "Shortcuts.quote[0] -> Shortcut<'\"'>");
    let garbage = path.iter().find(|(_, path)| path.starts_with("Only garbage holds it")).expect("there is garbage");
    assert!(garbage.0.contains("document::Captures"), "{garbage:?}");
    assert!(types.iter().any(|name| name.starts_with('<') && name.ends_with("::Watcher")), "{types:?}");
    assert_eq!(numbers(&data["edges"]["weak"]).len(), of.iter().filter(|name| name.ends_with("::Watcher")).count());
    let busy: Vec<_> = numbers(&data["busy"]).iter().map(|&object| of[object as usize]).collect();
    assert!(matches!(busy[..], [cell] if cell.starts_with("core::cell::RefCell")), "{busy:?}");
}

#[test]
fn the_page_has_the_figures_in_it_and_asks_nobody_for_more() {
    let directory = report("page", &["--document", "500", "--json"]);
    let page = read(&directory, "heap.html");
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("the page has data");
    let (data, rest) = rest.split_once("</script>").expect("the data end");
    assert!(!data.contains('<'), "an element could end or begin in the data");
    assert_eq!(json(data), json(&read(&directory, "heap.json")));
    let parts = |text: &str, part: &str| text.matches(part).count();
    assert_eq!((parts(&page, "<script"), parts(rest, "</script>")), (2, 1));
    for elsewhere in ["http:", "https:", "src=", "href=", "url(", "@import", "fetch(", "innerHTML", "<!--"] {
        assert!(!page.contains(elsewhere), "{elsewhere} is on the page");
    }
}

#[test]
fn the_graph_shows_as_many_objects_as_it_may() {
    for limit in [0, 5, 1_000_000] {
        let directory = report("limit", &["--document", "300", "--json", "--limit", &limit.to_string()]);
        let all = numbers(&json(&read(&directory, "heap.json"))["objects"]["id"]).len();
        let graph = read(&directory, "heap.dot");
        assert_eq!(graph.matches(" bytes, retains ").count(), all.min(limit), "{limit}");
        assert_eq!(graph.contains("left out:"), limit < all, "{limit}");
    }
}

#[test]
fn documents_without_nodes_and_programs_without_objects_are_reported_too() {
    report("empty_document", &["--document", "0"]);
    let directory = directory("empty_program");
    let program = program(&directory, "");
    let output = run(&directory, &[&program, "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let data = json(&read(&directory, "heap.json"));
    // Not even an empty program is without `clock`.
    assert_eq!(texts(&data["short_types"]), ["Native"]);
}

#[test]
fn a_program_prints_what_it_prints_and_its_globals_are_alive_at_its_end() {
    let directory = directory("program");
    let program =
        program(&directory, "class Pair {} var kept = Pair(); kept.twin = Pair(); kept.twin.twin = kept; print 1 + 2;");
    let output = run(&directory, &[&program, "--json"]);
    assert_eq!((text(&output.stdout), output.status.code()), ("3\n".to_owned(), Some(0)));
    let data = json(&read(&directory, "heap.json"));
    assert_eq!(data["title"], format!("The end of {program}"));
    let row = texts(&data["short_types"]).iter().position(|name| *name == "Instance").expect("there are instances");
    let census = &data["census"];
    let place = numbers(&census["type"]).iter().position(|&each| each as usize == row).expect("they are counted");
    assert_eq!(numbers(&census["objects"])[place], 2);
    assert_eq!(numbers(&data["objects"]["distance"]).iter().filter(|&&distance| distance == 1).count(), 1);
}

#[test]
fn a_program_that_fails_is_reported_on_as_it_ended() {
    let directory = directory("runtime_error");
    let program = program(&directory, "var kept = \"a\" + \"b\"; print nil + 1;");
    let output = run(&directory, &[&program]);
    assert_eq!(output.status.code(), Some(70));
    assert!(text(&output.stderr).starts_with("Operands must be two numbers or two strings.\n[line 1]\n"));
    assert!(read(&directory, "heap.dot").contains("LoxString"));
}

#[test]
fn programs_that_do_not_run_have_no_report() {
    let directory = directory("compile_error");
    let wrong = program(&directory, "print ;");
    let missing = directory.join("missing.lox").to_str().expect("a text").to_owned();
    for (program, code, said) in [
        (wrong, 65, "[line 1] Error at ';': Expect expression.\n".to_owned()),
        (missing.clone(), 66, format!("Could not read '{missing}': there is no such file.\n")),
    ] {
        let output = run(&directory, &[&program]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(code), said));
    }
    assert!(!directory.join("heap.html").exists());
}

#[test]
fn command_lines_without_sense_are_errors() {
    let cases: [(&[&str], &str); 7] = [
        (&[], "either a Lox program or '--document' is needed"),
        (&["a.lox", "--document", "1"], "a Lox program and '--document' exclude each other"),
        (&["a.lox", "b.lox"], "unexpected argument \"b.lox\""),
        (&["--document", "many"], "cannot parse argument \"many\": invalid digit found in string"),
        (&["--document", "1", "--limit", "-1"], "cannot parse argument \"-1\": invalid digit found in string"),
        (&["--documents", "1"], "invalid option '--documents'"),
        (&["--document", "1", "--json=yes"], "unexpected argument for option '--json': \"yes\""),
    ];
    for (arguments, error) in cases {
        let output = Command::new(&*EXECUTABLE).args(arguments).output().expect("the program starts");
        assert_eq!((text(&output.stdout), output.status.code()), (String::new(), Some(64)), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("{error}\nUsage: heap_report ")), "{arguments:?}: {said}");
    }
}

#[test]
fn help_is_no_error() {
    for option in ["--help", "-h"] {
        let output = Command::new(&*EXECUTABLE).arg(option).output().expect("the program starts");
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        assert!(text(&output.stdout).starts_with("Usage: heap_report "));
    }
}

#[test]
fn files_that_cannot_be_made_are_errors() {
    let directory = directory("no_directory");
    fs::write(directory.join("file"), "").expect("the directory can be written to");
    let output = run(&directory.join("file"), &["--document", "1"]);
    assert_eq!(output.status.code(), Some(73));
    assert!(text(&output.stderr).starts_with("Could not make the directory '"), "{}", text(&output.stderr));
    fs::create_dir(directory.join("heap.dot")).expect("the directory can be written to");
    let output = run(&directory, &["--document", "1"]);
    assert_eq!(output.status.code(), Some(73));
    assert!(text(&output.stderr).contains("Could not create '"), "{}", text(&output.stderr));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let directory = directory("full");
    std::os::unix::fs::symlink("/dev/full", directory.join("heap.html")).expect("the directory can be written to");
    let output = run(&directory, &["--document", "1"]);
    assert_eq!(output.status.code(), Some(74));
    let said = text(&output.stderr);
    assert!(said.contains(&format!("Could not write '{}': ", directory.join("heap.html").display())), "{said}");
}
