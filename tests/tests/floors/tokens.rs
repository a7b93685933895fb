//! Rust source as words and punctuation, without comments, literals and tests.

/// A word or one character of punctuation, and its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) text: String,
}

pub(crate) fn texts(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens.iter().map(|token| token.text.as_str())
}

pub(crate) fn starts_with(tokens: &[Token], expected: &[&str]) -> bool {
    texts(tokens).take(expected.len()).eq(expected.iter().copied())
}

/// Cuts source into tokens, leaving out whitespace, comments and literals.
pub(crate) fn tokenize(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let skipped = skipped(rest, first);
        let length = skipped.unwrap_or_else(|| word(rest).max(first.len_utf8()));
        let (text, after) = rest.split_at(length);
        if skipped.is_none() {
            tokens.push(Token { line, text: text.to_owned() });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    tokens
}

/// The length of the word that `source` starts with, zero where it starts with something else.
fn word(source: &str) -> usize {
    source.find(|c: char| !is_word(c)).unwrap_or(source.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of what is no token at the start of `source`.
fn skipped(source: &str, first: char) -> Option<usize> {
    if first.is_whitespace() {
        Some(first.len_utf8())
    } else if source.starts_with("//") {
        Some(source.find('\n').unwrap_or(source.len()))
    } else if source.starts_with("/*") {
        Some(block_comment(source))
    } else {
        raw_string(source).or_else(|| quoted(source))
    }
}

/// The length of the block comment, with those nested in it, that `source` starts with.
fn block_comment(source: &str) -> usize {
    let mut at = 2;
    let mut depth = 1;
    while depth > 0 && at < source.len() {
        let rest = &source.as_bytes()[at..];
        let is_mark = rest.starts_with(b"/*") || rest.starts_with(b"*/");
        if is_mark {
            depth += if rest[0] == b'/' { 1 } else { -1 };
        }
        at += if is_mark { 2 } else { 1 };
    }
    at
}

/// The length of `r#"..."#`, `br"..."` or `cr"..."`, if `source` starts with one.
fn raw_string(source: &str) -> Option<usize> {
    let marked = source.trim_start_matches(['b', 'c']).strip_prefix('r')?;
    let body = marked.trim_start_matches('#').strip_prefix('"')?;
    let hashes = marked.len() - body.len() - 1;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(source.len() - body.len() + length)
}

/// The length of the string or character, but not lifetime, that `source` starts with.
fn quoted(source: &str) -> Option<usize> {
    let body = source.strip_prefix(['b', 'c']).unwrap_or(source);
    let is_lifetime = !body.starts_with("'\\") && body.chars().nth(2) != Some('\'');
    let quote = match body.chars().next() {
        Some('"') => '"',
        Some('\'') if !is_lifetime => '\'',
        _ => return None,
    };
    let mut chars = body.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            _ if c == quote => return Some(source.len() - body.len() + at + 1),
            _ => {}
        }
    }
    Some(source.len())
}

/// The tokens outside `#[cfg(test)]` items, and the names of the modules in other files that are such items.
pub(crate) fn without_tests(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    let (mut kept, mut test_modules) = (Vec::new(), Vec::new());
    let mut rest = tokens;
    while let [first, after @ ..] = rest {
        if is_test(rest) {
            let item = without_attributes(rest);
            let (item, after) = item.split_at(item_end(item));
            test_modules.extend(module_elsewhere(item));
            rest = after;
        } else {
            kept.push(first.clone());
            rest = after;
        }
    }
    (kept, test_modules)
}

fn is_test(tokens: &[Token]) -> bool {
    starts_with(tokens, &["#", "[", "cfg", "(", "test", ")"])
        || starts_with(tokens, &["#", "[", "cfg", "(", "all", "(", "test"])
}

fn without_attributes(mut tokens: &[Token]) -> &[Token] {
    while starts_with(tokens, &["#", "["]) {
        tokens = &tokens[1 + group_end(&tokens[1..])..];
    }
    tokens
}

/// The name in `mod name;`.
fn module_elsewhere(item: &[Token]) -> Option<String> {
    let is_elsewhere = item.last().is_some_and(|token| token.text == ";");
    let name = texts(item).skip_while(|text| *text != "mod").nth(1);
    name.filter(|_| is_elsewhere).map(str::to_owned)
}

/// The number of tokens in the bracketed group that `tokens` starts with.
pub(crate) fn group_end(tokens: &[Token]) -> usize {
    let mut depth = 0;
    let end = texts(tokens).position(|text| {
        depth += match text {
            "(" | "[" | "{" => 1,
            ")" | "]" | "}" => -1,
            _ => 0,
        };
        depth == 0
    });
    end.map_or(tokens.len(), |end| end + 1)
}

/// The number of tokens in the item, field or variant that `tokens` starts with.
fn item_end(tokens: &[Token]) -> usize {
    let is_field = !texts(tokens).take_while(|text| ![":", ","].contains(text)).any(is_item_keyword);
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            ";" => return at + 1,
            "," if is_field => return at + 1,
            ")" | "]" | "}" => return at,
            "{" => return at + group_end(&tokens[at..]),
            _ => at += group_end(&tokens[at..]),
        }
    }
    at
}

fn is_item_keyword(word: &str) -> bool {
    matches!(
        word,
        "fn" | "impl" | "struct" | "enum" | "union" | "trait" | "type" | "mod" | "use" | "const" | "static" | "let"
    )
}
