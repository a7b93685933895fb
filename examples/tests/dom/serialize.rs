//! Trees written as HTML.

use gc_examples::dom::{parse::context, parse_document, parse_fragment};

/// What a page is written as, and that it is read as the same tree again.
fn written(page: &str) -> String {
    let tree = parse_document(page);
    let html = tree.to_html();
    assert_eq!(parse_document(&html).to_test_format(), tree.to_test_format(), "{html}");
    html
}

#[test]
fn a_page_that_is_written_and_read_is_the_same() {
    for page in [
        "",
        "<!doctype html><p>a &lt; b &amp;amp; c&nbsp;d<p title='\"&amp;&lt;'>",
        "<script>if (a < b && c) {}</script><style>a > b</style><xmp><b></xmp>",
        "<noscript><p>no scripts</noscript><head><noscript><link></noscript>",
        "<textarea>\n\nx</textarea><pre>\n\n\nx</pre><listing>\nx</listing>",
        "<svg viewBox='0 0 1 1' xlink:href=#a><foreignObject><p>x</foreignObject></svg><math><mi>x</math>",
        "<template><tr><td>x<template>y</template></template>",
        "<table><caption>c<tr><td>x</table><select><option>a<optgroup><option>b</select>",
        "<!-- a --><!doctype html><!-- b --><html lang=en><!-- c --><body><br><img src=x><hr></body><!-- d -->",
        "<frameset><frame></frameset><noframes>x</noframes>",
    ] {
        written(page);
    }
}

#[test]
fn a_doctype_keeps_its_identifiers() {
    for (doctype, expected) in [
        ("<!doctype HTML>", "<!DOCTYPE html>"),
        ("<!DOCTYPE html PUBLIC 'p'>", "<!DOCTYPE html PUBLIC \"p\">"),
        ("<!DOCTYPE html SYSTEM 's\"'>", "<!DOCTYPE html SYSTEM 's\"'>"),
        ("<!DOCTYPE html PUBLIC \"p\" 's'>", "<!DOCTYPE html PUBLIC \"p\" \"s\">"),
    ] {
        assert_eq!(written(doctype), format!("{expected}<html><head></head><body></body></html>"));
    }
}

#[test]
fn a_fragment_is_written_without_what_is_around_it() {
    let fragment = parse_fragment(context("tr"), "<td>a<td>b");
    assert_eq!(fragment.to_html(), "<td>a</td><td>b</td>");
}
