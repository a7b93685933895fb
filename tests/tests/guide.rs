//! The figures of the guide are those of BENCHMARKS.md, and the links of the documents that are part of the documentation
//! lead somewhere there as well as in the repository.
//!
//! Read here: tables, and of them the rows that begin with a workload in backticks (in the guide) or without (in
//! BENCHMARKS.md), and the columns with a common heading; `-` claims nothing. And definitions of links, `[name]: target`, in
//! a document, and in the source that includes it, where another target of that name comes first.

use std::fs;
use std::path::{Path, PathBuf};

/// A figure: workload, column, text.
type Figure = (String, String, String);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(row.split('|').map(str::trim).collect())
}

/// Every cell of the tables in `text` but those of the first column, with the headings of its row and column.
fn figures(text: &str) -> Vec<Figure> {
    let mut found = Vec::new();
    let mut headings: Option<Vec<&str>> = None;
    for line in text.lines() {
        let Some(row) = cells(line) else {
            headings = None;
            continue;
        };
        match &headings {
            None => headings = Some(row),
            Some(headings) => {
                let figures = headings.iter().zip(&row).skip(1);
                found.extend(figures.map(|(column, cell)| (row[0].into(), (*column).into(), (*cell).into())));
            }
        }
    }
    found
}

/// What the guide claims of the benchmarks' columns.
fn claims(text: &str) -> Vec<Figure> {
    let of_workload = |(row, column, cell): Figure| {
        let workload = row.strip_prefix('`')?.strip_suffix('`')?;
        let is_claim = ["rc", "gc-core", "gc-arena"].contains(&&*column) && cell != "-";
        is_claim.then(|| (workload.to_owned(), column, cell))
    };
    figures(text).into_iter().filter_map(of_workload).collect()
}

#[test]
fn each_figure_of_the_guide_is_one_of_the_benchmarks() {
    let measured = figures(&fs::read_to_string(root().join("BENCHMARKS.md")).expect("the benchmarks can be read"));
    let mut number_of_claims = 0;
    let mut problems = Vec::new();
    for chapter in fs::read_dir(root().join("gc-core/src/guide")).expect("the guide can be read") {
        let path = chapter.expect("a chapter").path();
        for claim in claims(&fs::read_to_string(&path).expect("a chapter is a text")) {
            number_of_claims += 1;
            if !measured.contains(&claim) {
                let (workload, column, cell) = &claim;
                let now: Vec<_> = measured.iter().filter(|(row, of, _)| row == workload && of == column).collect();
                problems.push(format!("{}: `{workload}`, {column}: {cell}; measured {now:?}", path.display()));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    assert!(number_of_claims > 40, "the tables of the guide are not read any more");
}

/// The definitions of links to files, with their targets.
fn definitions(text: &str) -> Vec<(&str, &str)> {
    let links = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
    links.filter(|(_, target)| !target.starts_with("http")).collect()
}

#[test]
fn links_lead_somewhere_in_the_repository_and_in_the_documentation() {
    let documents = [
        ("README.md", "gc-core/src/lib.rs"),
        ("ARCHITECTURE.md", "gc-core/src/guide/mod.rs"),
        ("CONTRIBUTING.md", "gc-core/src/guide/mod.rs"),
        ("BENCHMARKS.md", "gc-core/src/guide/mod.rs"),
        ("CHANGELOG.md", "gc-core/src/guide/mod.rs"),
    ];
    for (document, includer) in documents {
        let [text, source] =
            [document, includer].map(|path| fs::read_to_string(root().join(path)).expect("a readable file"));
        assert!(source.contains(&format!("{document}\")")), "{includer} does not include {document}");
        for (at, _) in text.match_indices("](") {
            assert!(
                text[at..].starts_with("](http"),
                "{document}: `{}`",
                &text[at..].lines().next().unwrap_or_default()
            );
        }
        for (name, target) in definitions(&text) {
            assert!(root().join(target).exists(), "{document}: there is no {target}");
            let elsewhere = format!("[{name}]: ");
            assert!(source.contains(&elsewhere), "{includer} does not say where `{elsewhere}` leads");
        }
    }
}
