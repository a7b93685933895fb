//! The map of gc-core cannot rot: imports follow the floors that ARCHITECTURE.md gives its modules.
//!
//! A module imports only from lower floors, and from its own folder. Two modules of one floor may import one way,
//! not both. A module is named as its file without `.rs`: `heap`, `object/header`, `trace` for `trace/mod.rs`.
//!
//! Read here: the rows `| floor | modules | purpose |`, and every `crate::` and `super::` path in the sources, outside
//! comments, strings, exported macros' `$crate` and `#[cfg(test)]` items.

mod imports;
mod map;
mod safety;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use imports::{File, Import};
use map::{Floors, is_inside};

#[test]
fn imports_lead_to_lower_floors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the map can be read");
    let problems = check(&map, &read_sources(&root.join("gc-core/src")));
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Everything that is wrong with these sources according to the floors table in `map`.
fn check(map: &str, sources: &Sources) -> Vec<String> {
    let floors = Floors::parse(map);
    if floors.0.is_empty() {
        return vec!["the map has no floors table `| floor | module | purpose |`".to_owned()];
    }
    let files = imports::scan(sources);
    let mut problems = unlisted(&floors, &files);
    problems.extend(stale(&floors, sources));
    problems.extend(wrong_imports(&floors, &files));
    problems
}

/// Modules by name, with their text.
type Sources = BTreeMap<String, String>;

fn read_sources(src: &Path) -> Sources {
    let mut files = Vec::new();
    list_files(src, &mut files);
    let named = files.into_iter().map(|file| {
        let text = fs::read_to_string(&file).expect("a readable source file");
        (module_name(file.strip_prefix(src).expect("a file below src")), text)
    });
    named.collect()
}

fn list_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            list_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn module_name(file: &Path) -> String {
    let parts: Vec<_> = file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    match parts.as_slice() {
        [folder @ .., last] if last == "mod" => folder.join("/"),
        _ => parts.join("/"),
    }
}

/// The folder or file directly below `src` that a module belongs to.
fn unit(module: &str) -> &str {
    module.split('/').next().unwrap_or(module)
}

fn unlisted(floors: &Floors, files: &[File]) -> Vec<String> {
    let missing = files.iter().filter(|file| floors.of(&file.module).is_none());
    missing.map(|file| format!("`{}` is on no floor", file.module)).collect()
}

fn stale(floors: &Floors, sources: &Sources) -> Vec<String> {
    let exists = |entry: &str| sources.keys().any(|module| module == entry || is_inside(module, entry));
    let gone = floors.0.keys().filter(|entry| !exists(entry));
    gone.map(|entry| format!("`{entry}` is on the map, but not in the sources")).collect()
}

fn wrong_imports(floors: &Floors, files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut level = BTreeSet::new();
    for (from, import) in files.iter().flat_map(imports_from_elsewhere) {
        let Import { line, path, to } = import;
        match (floors.of(from), floors.of(to)) {
            (Some(here), Some(there)) if here < there => problems
                .push(format!("`{from}`, line {line}: floor {here} imports `{path}` from `{to}` on floor {there}")),
            (here, there) if here == there => {
                level.insert((unit(from), unit(to)));
            }
            _ => {}
        }
    }
    problems.extend(mutual(&level));
    problems
}

fn imports_from_elsewhere(file: &File) -> impl Iterator<Item = (&str, &Import)> {
    let imports = file.imports.iter().map(|import| (&*file.module, import));
    imports.filter(|(from, import)| unit(from) != unit(&import.to))
}

/// The pairs of one floor that import each other.
fn mutual(level: &BTreeSet<(&str, &str)>) -> impl Iterator<Item = String> {
    let pairs = level.iter().filter(|(from, to)| from < to && level.contains(&(*to, *from)));
    pairs.map(|(from, to)| format!("`{from}` and `{to}` share a floor and import each other"))
}

mod the_check {
    use super::*;

    const MAP: &str = "
# Floors
| floor | module | purpose |
|---|---|---|
| 0 | `generation` | ages |
| 1 | `report`, `policy` | what a pass did; `when` one is due |
| 2 | `object/{header, vtable}` | boxes |
| 3 | `trace/` | the contract |
| 9 | `lib` | front page |

| other | table |
|---|---|
| `word` | 3 |
";

    /// The problems of a crate with every module of `MAP`, in which `module` has this text.
    fn problems(module: &str, text: &str) -> Vec<String> {
        let names = [
            "generation",
            "report",
            "policy",
            "object",
            "object/header",
            "object/vtable",
            "trace",
            "trace/cell",
            "lib",
        ];
        let mut sources: Sources = names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        sources.insert("trace".to_owned(), "#[macro_export] macro_rules! leaf { () => {}; }".to_owned());
        sources.insert(module.to_owned(), text.to_owned());
        check(MAP, &sources)
    }

    #[track_caller]
    fn assert_fine(module: &str, text: &str) {
        assert_eq!(problems(module, text), [] as [String; 0]);
    }

    #[track_caller]
    fn assert_problem(module: &str, text: &str, expected: &str) {
        assert_eq!(problems(module, text), [expected]);
    }

    #[test]
    fn accepts_downward_imports_and_those_inside_a_folder() {
        assert_fine("trace/cell", "use crate::object::header::Header;\nuse super::Trace;\nuse crate::trace::Leaf;");
        assert_fine("object/header", "use crate::object::vtable::VTable;");
        assert_fine("lib", "pub use crate::trace::Trace; pub(crate) use trace::*;");
    }

    #[test]
    fn names_the_line_of_an_upward_import() {
        assert_problem(
            "generation",
            "//! Ages.\n\nuse crate::trace::Trace;",
            "`generation`, line 3: floor 0 imports `crate::trace::Trace` from `trace` on floor 3",
        );
    }

    #[test]
    fn sees_imports_in_nested_braces_and_in_code() {
        let expected =
            "`report`, line 2: floor 1 imports `crate::object::vtable::VTable` from `object/vtable` on floor 2";
        assert_problem("report", "use crate::{generation::Generation,\n object::{vtable::VTable}};", expected);
        assert_problem("report", "fn f() {\n crate::object::vtable::VTable }", expected);
        assert_problem("report", "\nuse super::object::vtable::VTable;", expected);
        assert_problem("report", "mod inline { \nuse super::super::object::vtable::VTable; }", expected);
    }

    #[test]
    fn a_name_of_the_root_belongs_to_lib() {
        assert_problem(
            "trace/cell",
            "use crate::Gc;",
            "`trace/cell`, line 1: floor 3 imports `crate::Gc` from `lib` on floor 9",
        );
    }

    #[test]
    fn an_exported_macro_belongs_to_the_module_that_writes_it() {
        assert_fine("trace/cell", "use crate::leaf; crate::leaf!();");
        assert_problem(
            "object",
            "crate::leaf!();",
            "`object`, line 1: floor 2 imports `crate::leaf` from `trace` on floor 3",
        );
    }

    #[test]
    fn ignores_comments_literals_tests_and_other_crates() {
        assert_fine("report", "//! [`crate::trace`]\n/* crate::trace /* */ crate::trace */ fn f<'a>() {}");
        assert_fine("report", r##"const S: &str = "\" crate::trace"; const R: &str = r#"" crate::trace"#;"##);
        assert_fine("report", "const C: [char; 2] = ['\"', '\\'']; // crate::trace '\"'");
        assert_fine("report", "#[cfg(test)]\n#[allow(x)]\nmod tests { use crate::trace::Trace; use super::*; }");
        assert_fine("report", "#[cfg(all(test, unix))] fn f(x: [u8; 2]) { crate::trace::f() } fn g() {}");
        assert_fine("report", "macro_rules! m { () => { $crate::trace::Trace }; } pub(crate) fn f() {}");
        assert_fine("report", "use other::crate_::trace; mod inline { use super::f; } fn f() {}");
    }

    #[test]
    fn sees_what_follows_a_test_item() {
        let expected = "`report`, line 1: floor 1 imports `crate::trace::T` from `trace` on floor 3";
        assert_problem("report", "#[cfg(test)] use crate::lib; use crate::trace::T;", expected);
        assert_problem("report", "struct S { #[cfg(test)] a: crate::lib, b: crate::trace::T }", expected);
        assert_problem("report", "#[cfg(any(test, gc_stress))] use crate::trace::T;", expected);
    }

    #[test]
    fn two_modules_of_one_floor_may_import_one_way_only() {
        let mut sources: Sources = BTreeMap::new();
        for name in ["generation", "object/header", "object/vtable", "trace", "lib", "policy"] {
            sources.insert(name.to_owned(), String::new());
        }
        sources.insert("report".to_owned(), "use crate::policy::Due;".to_owned());
        assert_eq!(check(MAP, &sources), [] as [String; 0]);
        sources.insert("policy".to_owned(), "use crate::report::Report;".to_owned());
        assert_eq!(check(MAP, &sources), ["`policy` and `report` share a floor and import each other"]);
    }

    #[test]
    fn every_file_is_on_a_floor_and_every_entry_is_a_file() {
        assert_problem("object/observer", "", "`object/observer` is on no floor");
        assert_problem("heap", "", "`heap` is on no floor");
        let mut sources: Sources = BTreeMap::from([("lib".to_owned(), String::new())]);
        assert_eq!(check("| 9 | `lib`, `heap` | |", &sources), ["`heap` is on the map, but not in the sources"]);
        sources.insert("tests".to_owned(), "use crate::anything;".to_owned());
        sources.insert("lib".to_owned(), "#[cfg(test)] mod tests;".to_owned());
        assert_eq!(check("| 9 | `lib` | |", &sources), [] as [String; 0]);
    }

    #[test]
    fn a_map_without_a_table_is_refused() {
        let expected = "the map has no floors table `| floor | module | purpose |`";
        assert_eq!(check("# Architecture", &Sources::new()), [expected]);
    }

    #[test]
    fn files_are_named_as_modules() {
        assert_eq!(module_name(Path::new("lib.rs")), "lib");
        assert_eq!(module_name(Path::new("trace/mod.rs")), "trace");
        assert_eq!(module_name(Path::new("object/header.rs")), "object/header");
    }
}
