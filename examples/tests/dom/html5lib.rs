//! The tree-construction tests of html5lib, with scripts off, where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

use gc_examples::dom::parse::context;
use gc_examples::dom::{parse_document, parse_fragment};

use crate::program::run_with_input;
use crate::say;

/// Where the files are.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/html5lib");

/// One test.
#[derive(Default)]
struct Case {
    name: String,
    data: String,
    /// The element around, if it is a fragment.
    context: Option<String>,
    needs_scripts: bool,
    document: String,
}

/// The tests of a file. Their parts begin with `#data`, `#errors` and so on, in a line of their own.
fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).expect("the tests are UTF-8");
    let mut cases: Vec<Case> = Vec::new();
    let mut part = String::new();
    for line in text.split_inclusive('\n') {
        if line == "#data\n" {
            let name = format!("{} {}", file.file_name().unwrap_or_default().display(), cases.len() + 1);
            cases.push(Case { name, ..Case::default() });
        }
        let case = cases.last_mut().expect("a file begins with `#data`");
        match line {
            "#data\n" | "#errors\n" | "#new-errors\n" | "#document-fragment\n" | "#document\n" => part = line.into(),
            "#script-on\n" => case.needs_scripts = true,
            "#script-off\n" => {}
            _ => match &*part {
                "#data\n" => case.data.push_str(line),
                "#document-fragment\n" => case.context = Some(line.trim_end().into()),
                "#document\n" => case.document.push_str(line),
                _ => {}
            },
        }
    }
    for case in &mut cases {
        // The line break before the next part, and the empty line before the next test.
        case.data.pop();
        case.document.truncate(case.document.trim_end_matches('\n').len());
    }
    cases
}

/// The tree that we make of it.
fn outcome(case: &Case) -> String {
    let page = match &case.context {
        Some(name) => parse_fragment(context(name), &case.data),
        None => parse_document(&case.data),
    };
    page.to_test_format().trim_end_matches('\n').to_owned()
}

fn files() -> Option<Vec<PathBuf>> {
    let entries = fs::read_dir(FILES).ok()?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "dat"));
    files.sort();
    Some(files)
}

/// A number with its thousands set apart.
fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1_000), number % 1_000),
    }
}

#[test]
fn trees_are_those_of_html5lib() {
    let Some(files) = files() else {
        say("skipped: the html5lib tests are not at hand");
        return;
    };
    let cases: Vec<_> = files.iter().flat_map(|file| cases(file)).filter(|case| !case.needs_scripts).collect();
    let mut failures = Vec::new();
    for case in &cases {
        let found = outcome(case);
        if found != case.document {
            let Case { name, data, document, .. } = case;
            failures.push(format!("{name}\n{data}\nexpected\n{document}\nfound\n{found}\n"));
        }
    }
    let passed = cases.len() - failures.len();
    say(format_args!("html5lib: {} of {} scripting-off cases", grouped(passed), grouped(cases.len())));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(!cases.is_empty());
}

#[test]
fn the_program_prints_the_same_trees() {
    let Some(files) = files() else {
        say("skipped: the html5lib tests are not at hand");
        return;
    };
    // A process takes its time: one case of many.
    let cases: Vec<_> = files.iter().flat_map(|file| cases(file)).filter(|case| !case.needs_scripts).collect();
    for case in cases.iter().step_by(20) {
        let mut arguments = vec!["--test-format"];
        if let Some(context) = &case.context {
            arguments.extend(["--fragment", context]);
        }
        let run = run_with_input(&arguments, case.data.as_bytes());
        assert_eq!((run.stdout.trim_end_matches('\n'), run.code), (&*case.document, Some(0)), "{}", case.name);
    }
}
