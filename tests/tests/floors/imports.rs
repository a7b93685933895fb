//! What each file of a crate imports from its crate.

use std::collections::{BTreeMap, BTreeSet};

use crate::Sources;
use crate::map::ancestors;
use crate::tokens::{Token, group_end, starts_with, texts, tokenize, without_tests};

/// A file that is compiled outside tests.
pub(crate) struct File {
    pub(crate) module: String,
    pub(crate) imports: Vec<Import>,
}

pub(crate) struct Import {
    pub(crate) line: usize,
    /// As written, but from the root of the crate.
    pub(crate) path: String,
    /// The module that the path leads to.
    pub(crate) to: String,
}

/// Finds the imports of every file that is compiled outside tests.
pub(crate) fn scan(sources: &Sources) -> Vec<File> {
    let tokens = tokens_outside_tests(sources);
    let macros: BTreeMap<_, _> =
        tokens.iter().flat_map(|(module, tokens)| exported_macros(tokens).map(move |name| (name, *module))).collect();
    let import = |(line, path): (usize, Vec<&str>)| Import {
        line,
        path: format!("crate::{}", path.join("::")),
        to: target(&path, sources, &macros).to_owned(),
    };
    let file = |(module, tokens): (&&str, &Vec<Token>)| File {
        module: (*module).to_owned(),
        imports: crate_paths(module, tokens).into_iter().map(import).collect(),
    };
    tokens.iter().map(file).collect()
}

/// The module a path leads to: the one it names, the one that exports the macro it names, or `lib` for other names.
fn target<'a>(path: &[&str], sources: &'a Sources, macros: &BTreeMap<&str, &'a str>) -> &'a str {
    let path = path.join("/");
    let module = ancestors(&path).find_map(|module| sources.get_key_value(module));
    let module = module.map(|(module, _)| module.as_str());
    module.or_else(|| macros.get(path.as_str()).copied()).unwrap_or("lib")
}

fn tokens_outside_tests(sources: &Sources) -> BTreeMap<&str, Vec<Token>> {
    let mut tokens = BTreeMap::new();
    let mut only_in_tests = BTreeSet::new();
    for (module, text) in sources {
        let (kept, test_modules) = without_tests(&tokenize(text));
        let folder = segments(module);
        only_in_tests.extend(test_modules.iter().map(|name| [&folder[..], &[name]].concat().join("/")));
        tokens.insert(module.as_str(), kept);
    }
    tokens.retain(|module, _| !ancestors(module).any(|module| only_in_tests.contains(module)));
    tokens
}

/// A module's path from the root of the crate.
fn segments(module: &str) -> Vec<&str> {
    module.split('/').filter(|segment| *segment != "lib").collect()
}

/// The macros that a file adds to the root of the crate.
fn exported_macros(tokens: &[Token]) -> impl Iterator<Item = &str> {
    let is_export = |at: &usize| starts_with(&tokens[*at..], &["#", "[", "macro_export", "]"]);
    let exports = (0..tokens.len()).filter(is_export);
    exports.filter_map(|at| texts(&tokens[at..]).skip_while(|text| *text != "macro_rules").nth(2))
}

/// Every path of a file that leads into its crate, from the root of the crate, with its line.
fn crate_paths<'a>(module: &'a str, tokens: &'a [Token]) -> Vec<(usize, Vec<&'a str>)> {
    let mut found = Vec::new();
    let mut here = segments(module);
    // For each open brace, whether it opened an inline module.
    let mut braces = Vec::new();
    for (at, text) in texts(tokens).enumerate() {
        let rest = &tokens[at..];
        match text {
            "{" => {
                let name = inline_module(&tokens[..at]);
                here.extend(name);
                braces.push(name.is_some());
            }
            "}" if braces.pop() == Some(true) => {
                here.pop();
            }
            "crate" if starts_path(tokens, at) => branches(&rest[3..], &[], &mut found),
            "super" if starts_path(tokens, at) => {
                let is_super = |path: &&[Token]| starts_with(path, &["super", ":", ":"]);
                let supers = rest.chunks(3).take_while(is_super).count();
                let base = &here[..here.len().saturating_sub(supers)];
                branches(&rest[3 * supers..], base, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// The name in `mod name`, where these tokens before a brace end so.
fn inline_module(before: &[Token]) -> Option<&str> {
    match before {
        [.., keyword, name] if keyword.text == "mod" => Some(&name.text),
        _ => None,
    }
}

/// Whether a path begins at this word: not `pub(crate)`, not `$crate::`, not the middle of a path.
fn starts_path(tokens: &[Token], at: usize) -> bool {
    let is_middle = match &tokens[..at] {
        [.., last] if last.text == "$" => true,
        [.., first, second] => first.text == ":" && second.text == ":",
        _ => false,
    };
    !is_middle && starts_with(&tokens[at + 1..], &[":", ":"])
}

/// Adds each path that begins with `prefix` and goes on with `tokens`: several, where it branches in braces.
fn branches<'a>(tokens: &'a [Token], prefix: &[&'a str], found: &mut Vec<(usize, Vec<&'a str>)>) {
    let mut path = prefix.to_vec();
    let mut rest = tokens;
    while let [first, after @ ..] = rest {
        if first.text == "{" {
            let group = &rest[1..group_end(rest) - 1];
            return split_at_commas(group).for_each(|branch| branches(branch, &path, found));
        }
        if first.text != "self" && first.text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            path.push(&first.text);
        }
        if !starts_with(after, &[":", ":"]) {
            return found.push((first.line, path));
        }
        rest = &after[2..];
    }
}

/// The parts of a group between the commas that are not in deeper braces.
fn split_at_commas(group: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0;
    let parts = group.split(move |token| {
        depth += i32::from(token.text == "{") - i32::from(token.text == "}");
        depth == 0 && token.text == ","
    });
    parts.filter(|part| !part.is_empty())
}
