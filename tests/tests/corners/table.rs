//! README.md and the tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Both named from the folder of this crate.
const TESTS: &str = "tests";
const README: &str = "tests/corners/README.md";

/// A file, and a test in it.
type Name = (String, String);

/// The tests that the tables name.
fn listed() -> BTreeSet<Name> {
    let readme = fs::read_to_string(README).expect("readable");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | "));
    let names = rows.flat_map(|(_, tests)| tests.split("; ")).filter_map(|test| {
        let (file, name) = test.strip_prefix('`')?.strip_suffix('`')?.split_once("::")?;
        Some((file.to_owned(), name.to_owned()))
    });
    names.collect()
}

/// The tests of a file.
fn tests_in(path: &Path) -> BTreeSet<String> {
    let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut tests, mut is_test) = (BTreeSet::new(), false);
    for line in source.lines().map(str::trim) {
        is_test |= line == "#[test]";
        if let Some(name) = line.strip_prefix("fn ").filter(|_| is_test) {
            tests.insert(name.split('(').next().unwrap_or(name).to_owned());
            is_test = false;
        }
    }
    tests
}

/// The tests of the files below `folder`, a folder in `tests`.
fn all_in(folder: &str) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(Path::new(TESTS).join(folder)).expect("a folder") {
        let entry = entry.expect("readable");
        let name = format!("{folder}/{}", entry.file_name().to_str().expect("ASCII"));
        if entry.path().is_dir() {
            found.append(&mut all_in(&name));
        } else if name.ends_with(".rs") {
            found.extend(tests_in(&entry.path()).into_iter().map(|test| (name.clone(), test)));
        }
    }
    found
}

#[test]
fn the_readme_names_tests_that_exist_and_all_of_these() {
    let listed = listed();
    assert!(listed.len() > 100, "the tables are read");
    for (file, test) in &listed {
        let path = match file.strip_prefix("gc-core/") {
            Some(path) => Path::new("../gc-core").join(path),
            None => Path::new(TESTS).join(file),
        };
        assert!(tests_in(&path).contains(test), "there is no `{file}::{test}`");
    }
    let of_this_folder: BTreeSet<_> = listed.into_iter().filter(|(file, _)| file.starts_with("corners/")).collect();
    assert_eq!(of_this_folder, all_in("corners"));
}
