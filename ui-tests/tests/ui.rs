//! Compiles every file in `pass/` and `fail/`; runs the first, compares what the compiler says about the second.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn accepted_types_are_traced() {
    trybuild::TestCases::new().pass("pass/*.rs");
}

#[test]
fn mistakes_are_told_in_our_words() {
    trybuild::TestCases::new().compile_fail("fail/*/*.rs");
}

/// The tables of README.md: a file, and what is in it.
fn listed() -> Vec<(String, String)> {
    let readme = fs::read_to_string("README.md").expect("readable");
    let row = |line: &str| {
        let (file, text) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((file.to_owned(), text.trim_end_matches(" |").to_owned()))
    };
    readme.lines().filter_map(row).collect()
}

/// The Rust files below `folder`.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(path.to_str().expect("ASCII").replace('\\', "/"));
        }
    }
    found
}

#[test]
fn the_readme_lists_every_file_and_counts_what_is_in_them() {
    let rows = listed();
    let mut expected = files(Path::new("pass"));
    expected.append(&mut files(Path::new("fail")));
    assert_eq!(rows.iter().map(|(file, _)| file.clone()).collect::<BTreeSet<_>>(), expected);

    let (accepted, refused): (Vec<_>, Vec<_>) = rows.iter().partition(|(file, _)| file.starts_with("pass"));
    let shapes: usize = accepted.iter().map(|(_, shapes)| shapes.split("; ").count()).sum();
    let readme = fs::read_to_string("README.md").expect("readable");
    assert!(readme.contains(&format!("## Accepted: {shapes} shapes")), "{shapes} shapes are listed");
    assert!(
        readme.contains(&format!("## Refused: {} mistakes", refused.len())),
        "{} mistakes are listed",
        refused.len()
    );
}
