//! SAFETY.md cannot rot: its table has each invariant that a file declares, each number has one meaning, what comments cite is there, and
//! every `SAFETY:` comment says on what it rests.
//!
//! Declared is `- **H1** ...` in the documentation of a file; cited is `H1` as a word of any comment, `T1 to T4` meaning all four.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{Sources, read_sources};

#[test]
fn the_table_of_invariants_is_that_of_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let table = fs::read_to_string(root.join("SAFETY.md")).expect("the table can be read");
    let mut sources = read_sources(&root.join("gc-core/src"));
    let derive = read_sources(&root.join("gc-derive/src"));
    sources.extend(derive.into_iter().map(|(module, text)| (format!("gc-derive/{module}"), text)));
    let problems = check(&table, &sources);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Everything that is wrong with the table, or with what the sources declare and cite.
fn check(table: &str, sources: &Sources) -> Vec<String> {
    let (rows, mut problems) = rows(table);
    let declared = sources.iter().flat_map(|(module, text)| declared(text).map(move |number| (number, module)));
    let mut keepers: BTreeMap<&str, &str> = BTreeMap::new();
    for (number, module) in declared {
        if let Some(other) = keepers.insert(number, module) {
            problems.push(format!("`{number}` is declared in `{other}` and in `{module}`"));
        }
        if rows.get(number) != Some(&module.as_str()) {
            problems.push(format!("the table does not say that `{module}` keeps `{number}`"));
        }
    }
    let gone = rows.keys().filter(|number| !keepers.contains_key(*number));
    problems.extend(gone.map(|number| format!("the table has `{number}`, which no file declares")));
    for (module, text) in sources {
        problems.extend(comments(text).into_iter().flat_map(|comment| judge(&comment, module, &rows)));
    }
    problems
}

/// The file that keeps each invariant, from the rows `| H1 | `file` | what |`; and those that are there twice.
fn rows(table: &str) -> (BTreeMap<&str, &str>, Vec<String>) {
    let mut rows = BTreeMap::new();
    let mut problems = Vec::new();
    for line in table.lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        if let (Some(number), Some(keeper)) = (cells.next(), cells.next())
            && is_number(number)
            && rows.insert(number, keeper.trim_matches('`')).is_some()
        {
            problems.push(format!("the table has `{number}` twice"));
        }
    }
    (rows, problems)
}

/// A capital and one or two digits.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(|first: char| first.is_ascii_uppercase());
    digits.is_some_and(|digits| matches!(digits.len(), 1 | 2) && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

fn declared(text: &str) -> impl Iterator<Item = &str> {
    let documentation = text.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("//!").or_else(|| line.strip_prefix("///"))
    });
    documentation
        .filter_map(|line| line.trim_start().strip_prefix("- **")?.split_once("**"))
        .filter_map(|(number, _)| is_number(number).then_some(number))
}

/// Lines of comment that belong together.
struct Comment {
    line: usize,
    text: String,
    is_documentation: bool,
}

fn comments(text: &str) -> Vec<Comment> {
    let mut comments: Vec<Comment> = Vec::new();
    let mut is_open = false;
    for (line, text) in (1..).zip(text.lines()) {
        let Some(text) = text.trim_start().strip_prefix("//") else {
            is_open = false;
            continue;
        };
        let is_documentation = text.starts_with(['/', '!']);
        match comments.last_mut() {
            Some(last)
                if is_open
                    && last.is_documentation == is_documentation
                    && !text.trim_start().starts_with("SAFETY:") =>
            {
                last.text.push_str(text);
            }
            _ => comments.push(Comment { line, text: text.to_owned(), is_documentation }),
        }
        is_open = true;
    }
    comments
}

/// The numbers that a text has as words.
fn cited(text: &str) -> Vec<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let mut cited = BTreeSet::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| is_number(word)) {
        cited.insert((*word).to_owned());
        if let [_, "to", last, ..] = words[at..]
            && is_number(last)
            && last[..1] == word[..1]
            && let (Ok(first), Ok(last)) = (word[1..].parse::<u32>(), last[1..].parse())
        {
            cited.extend((first..last).map(|number| format!("{}{number}", &word[..1])));
        }
    }
    cited.into_iter().collect()
}

/// What is wrong with a comment: it cites what is not there, or is a `SAFETY:` comment that rests on nothing.
fn judge(comment: &Comment, module: &str, rows: &BTreeMap<&str, &str>) -> Vec<String> {
    let cited = cited(&comment.text);
    let unknown = cited.iter().filter(|number| !rows.contains_key(number.as_str()));
    let mut problems: Vec<_> =
        unknown.map(|number| format!("`{module}`, line {}: `{number}` is not in the table", comment.line)).collect();
    let is_about_unsafe_code = !comment.is_documentation && comment.text.trim_start().starts_with("SAFETY:");
    if is_about_unsafe_code && cited.is_empty() && !is_of_a_test(module) && !rests_on_others(&comment.text) {
        problems.push(format!("`{module}`, line {}: `{}` cites no invariant", comment.line, comment.text.trim()));
    }
    problems
}

/// On what the caller promised, on the comment above, or on nothing of ours.
fn rests_on_others(comment: &str) -> bool {
    ["the caller", "as above", "as in `", "no invariant"].iter().any(|words| comment.to_lowercase().contains(words))
}

fn is_of_a_test(module: &str) -> bool {
    module.ends_with("tests")
}

mod the_check {
    use super::*;

    const TABLE: &str = "
| number | kept by | in short |
|---|---|---|
| A1 | `clock` | one |
| B1 | `lists` | two |
| B2 | `lists` | three |
";

    #[track_caller]
    fn assert_problems(clock: &str, lists: &str, expected: &[&str]) {
        let clock = format!("//! Ages.\n//! - **A1** one.\n{clock}");
        let lists = format!("/// - **B1** two.\n/// - **B2** three.\n{lists}");
        let sources = Sources::from([("clock".to_owned(), clock), ("lists".to_owned(), lists)]);
        assert_eq!(check(TABLE, &sources), expected);
    }

    #[test]
    fn what_is_cited_and_declared_is_in_the_table() {
        assert_problems("// SAFETY: it is so (A1), and\n// so (B1 to B2).\n// Not `X1_`, E0277, or `u8`.", "", &[]);
        assert_problems("// It is (A2).", "", &["`clock`, line 3: `A2` is not in the table"]);
        assert_problems(
            "\n/// See B1 to B4.",
            "",
            &["`clock`, line 4: `B3` is not in the table", "`clock`, line 4: `B4` is not in the table"],
        );
        assert_problems(
            "//! - **C1** new.",
            "",
            &["the table does not say that `clock` keeps `C1`", "`clock`, line 1: `C1` is not in the table"],
        );
    }

    #[test]
    fn a_number_has_one_meaning_and_one_keeper() {
        let expected = ["`A1` is declared in `clock` and in `lists`", "the table does not say that `lists` keeps `A1`"];
        assert_problems("", "/// - **A1** another.", &expected);
        let sources = Sources::from([("lists".to_owned(), "//! - **B1** two.\n//! - **B2** three.".to_owned())]);
        assert_eq!(check(TABLE, &sources), ["the table has `A1`, which no file declares"]);
        assert_eq!(check("| A1 | `a` | |\n| A1 | `a` | |", &Sources::new())[0], "the table has `A1` twice");
    }

    #[test]
    fn a_safety_comment_says_on_what_it_rests() {
        let expected = ["`clock`, line 3: `SAFETY: it is fine.` cites no invariant"];
        assert_problems("// SAFETY: it is fine.", "", &expected);
        assert_problems("// SAFETY: it is fine.\n// SAFETY: A1.", "", &expected);
        assert_problems("// SAFETY: the caller's promise.\n// SAFETY: as above.\n/// // SAFETY: an example.", "", &[]);
    }
}
