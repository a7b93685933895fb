//! Selectors, and what they find.

use gc_examples::dom::select::Selector;
use gc_examples::dom::{Page, parse_document};

const PAGE: &str = "<!doctype html><div id=top class='a b'>\
    <p id=p1 class=a lang=en-GB title='one two'><b id=b1>x</b><i id=i1></i></p>\
    <p id=p2 class='b a' data-x='A'><span id=s1><b id=b2></b></span></p>\
    <ul id=u><li id=l1><li id=l2 class=a><li id=l3><ul id=u2><li id=l4></ul></ul>\
    <input id=in TYPE=Text><svg id=svg viewBox='0 0'><g id=g class=a></g></svg>\
    <template id=t><p id=inside></template></div>";

/// The ids of what is found, in order.
fn found(page: &Page, selector: &str) -> String {
    let elements = Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}")).select(page.root());
    let ids = elements.iter().filter_map(|node| node.as_element()?.attribute(&"id".into()));
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn selectors_find_what_they_say() {
    let page = parse_document(PAGE);
    for (selector, expected) in [
        ("p", "p1 p2"),
        ("P", "p1 p2"),
        ("*#p1", "p1"),
        ("#p2", "p2"),
        (".a", "top p1 p2 l2 g"),
        (".a.b", "top p2"),
        ("p.b", "p2"),
        ("p.c", ""),
        ("div b", "b1 b2"),
        ("div > b", ""),
        ("p > b", "b1"),
        ("p>span>b", "b2"),
        ("div p > * b", "b2"),
        ("ul ul li", "l4"),
        ("ul li", "l1 l2 l3 l4"),
        ("ul > li > ul", "u2"),
        ("li + li", "l2 l3"),
        ("li.a ~ li", "l3"),
        ("b + i", "i1"),
        ("p ~ ul > li", "l1 l2 l3"),
        ("p + p ~ ul li li", "l4"),
        ("p, li, b", "p1 b1 p2 b2 l1 l2 l3 l4"),
        ("[lang]", "p1"),
        ("[LANG]", "p1"),
        ("[lang|=en]", "p1"),
        ("[lang=en]", ""),
        ("[lang|='en-gb']", "p1"),
        ("[title~=two]", "p1"),
        ("[title~='one two']", ""),
        ("[title^=one][title$=two][title*=' ']", "p1"),
        ("[title^='']", ""),
        ("[data-x=A]", "p2"),
        ("[data-x=a]", ""),
        ("[data-x=a i]", "p2"),
        ("[ data-x = \"a\" I ]", "p2"),
        ("[type=text]", "in"),
        ("[type=text s]", ""),
        ("[viewBox]", "svg"),
        ("[viewbox]", ""),
        ("svg .a", "g"),
        ("template p", ""),
        ("template", "t"),
        ("html body > div[id='top']", "top"),
        (" \n p \t", "p1 p2"),
        ("\\70", "p1 p2"),
        ("#\\70 1", "p1"),
        ("#p\\31", "p1"),
        ("[title='one\\20two']", "p1"),
        ("[title=one\\ two]", "p1"),
    ] {
        assert_eq!(found(&page, selector), expected, "{selector}");
    }
}

#[test]
fn classes_and_ids_are_found_in_any_case_in_quirks_mode_only() {
    let quirky = parse_document("<p id=X class=Y>");
    let strict = parse_document("<!doctype html><p id=X class=Y>");
    for selector in ["#x", ".y"] {
        assert_eq!(found(&quirky, selector), "X");
        assert_eq!(found(&strict, selector), "");
    }
}

#[test]
fn the_tree_below_a_node_is_searched_as_if_it_were_alone() {
    let page = parse_document(PAGE);
    let list = Selector::parse("#u").unwrap().select(page.root()).remove(0);
    for (selector, expected) in [("li", 4), ("ul li", 1), ("div li", 0), ("ul", 1), ("li + li", 2)] {
        assert_eq!(Selector::parse(selector).unwrap().select(&list).len(), expected, "{selector}");
    }
}

#[test]
fn what_is_no_selector_or_not_supported_is_an_error() {
    for (selector, error) in [
        ("", "expected a selector, found the end at character 1"),
        ("p >", "expected a selector, found the end at character 4"),
        ("> p", "expected a selector, found `>` at character 1"),
        ("p,,b", "expected a selector, found `,` at character 3"),
        ("p > > b", "expected a selector, found `>` at character 5"),
        ("p:hover", "pseudo-classes are not supported at character 2"),
        ("é::before", "pseudo-elements are not supported at character 2"),
        ("svg|g", "namespaces are not supported at character 4"),
        ("[xlink|href]", "namespaces are not supported at character 7"),
        ("#", "expected a name, found the end at character 2"),
        ("#1", "expected a name, found `1` at character 2"),
        (".", "expected a name, found the end at character 2"),
        ("1", "expected a selector, found `1` at character 1"),
        ("p!", "expected a combinator, found `!` at character 2"),
        ("p*", "expected a combinator, found `*` at character 2"),
        ("[a", "expected `]` or a comparison, found the end at character 3"),
        ("[a=]", "expected a name or a string, found `]` at character 4"),
        ("[a=b c]", "expected `]`, found `c` at character 6"),
        ("[a='b]", "a string without end at character 7"),
        ("[a!=b]", "expected `]` or a comparison, found `!` at character 3"),
        ("a\\", "expected a character behind the backslash, found the end at character 3"),
    ] {
        assert_eq!(Selector::parse(selector).map(drop).unwrap_err().to_string(), error, "{selector}");
    }
}

#[test]
fn a_list_may_have_64_compound_selectors() {
    let list = |length| vec!["a"; length].join(" > ");
    assert!(Selector::parse(&list(64)).is_ok());
    let error = Selector::parse(&list(65)).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "more than 64 compound selectors at character 1");
    let deep = parse_document(&"<a>".repeat(3));
    assert_eq!(
        Selector::parse(&vec!["b"; 63].join(", ").replacen('b', "body, a", 1)).unwrap().select(deep.root()).len(),
        4
    );
}
