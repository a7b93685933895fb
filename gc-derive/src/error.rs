//! Mistakes in a type, kept until all of them are known.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            none => *none = Some(error),
        }
    }

    /// Notes a mistake and the tokens it is about.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// One `compile_error!` for each mistake, unless there is none.
    pub(crate) fn into_compile_errors(self) -> Option<TokenStream> {
        self.0.map(syn::Error::into_compile_error)
    }
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``.
pub(crate) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => format!("`{word}`"),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", most.join(", "))
        }
    }
}

/// The word that `typo` was probably meant to be: misspelt, with an ending (`skipped`) or cut short (`final`).
pub(crate) fn nearest<'a>(typo: &str, words: &[&'a str]) -> Option<&'a str> {
    let begins = |word: &str| typo.len() >= 3 && (typo.starts_with(word) || word.starts_with(typo));
    let near = |word: &&&str| distance(typo, word) <= (word.len() / 3).max(1) || begins(word);
    words.iter().filter(near).min_by_key(|word| distance(typo, word)).copied()
}

/// The number of letters to insert, remove, replace or swap with a neighbour to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_recognised() {
        let words = ["leaf", "finalize", "unsafe_drop", "bound", "crate"];
        for (typo, word) in [
            ("leef", "leaf"),
            ("laef", "leaf"),
            ("finalise", "finalize"),
            ("finalizer", "finalize"),
            ("unsafeDrop", "unsafe_drop"),
            ("bounds", "bound"),
            ("leaf_type", "leaf"),
            ("unsafe", "unsafe_drop"),
        ] {
            assert_eq!(nearest(typo, &words), Some(word));
        }
        assert_eq!(nearest("ignore", &words), None);
    }

    #[test]
    fn words_are_listed_as_in_a_sentence() {
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b"]), "`a` or `b`");
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
