//! Parsing: encodings, modes, and what the html5lib tests do not cover.

use gc_examples::dom::decode::Bytes;
use gc_examples::dom::parse::{Parser, context};
use gc_examples::dom::{Node, parse_document, parse_fragment};
use html5ever::interface::QuirksMode;

/// The texts of a page of these bytes, how they were decoded, and whether some meant nothing.
fn decoded(bytes: &[u8]) -> (String, &'static str, bool) {
    let mut bytes = Bytes::new(bytes.to_vec());
    let (page, is_malformed) = bytes.parse(Parser::for_document);
    (Node::text_content(page.root()), bytes.encoding(), is_malformed)
}

#[test]
fn bytes_are_decoded_as_browsers_do() {
    let cases: [(&[u8], &str, &str, bool); 18] = [
        (b"caf\xC3\xA9", "caf\u{E9}", "UTF-8", false),
        (b"caf\xE9", "caf\u{E9}", "windows-1252", false),
        (b"\xEF\xBB\xBFx", "x", "UTF-8", false),
        (b"\xEF\xBB\xBF\xEF\xBB\xBFx", "\u{FEFF}x", "UTF-8", false),
        (b"\xFE\xFF\x00x\xD8\x3D\xDE\x00", "x\u{1F600}", "UTF-16BE", false),
        (b"\xFF\xFEx\x00", "x", "UTF-16LE", false),
        (b"\xEF\xBB\xBF<meta charset=latin1>\xC3\xA9", "\u{E9}", "UTF-8", false),
        (b"<meta charset=utf-8>\xE9!", "\u{FFFD}!", "UTF-8", true),
        (b"<meta charset=shift_jis>\x83\x5C", "\u{30BD}", "Shift_JIS", false),
        (b"<meta charset=' KOI8-R '>\xC1", "\u{430}", "KOI8-R", false),
        (
            b"<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>\xE0",
            "\u{430}",
            "windows-1251",
            false,
        ),
        (b"<meta charset=nonsense><meta charset=iso-8859-2>\xB1", "\u{105}", "ISO-8859-2", false),
        (b"<meta charset=iso-8859-2><meta charset=utf-8>\xB1", "\u{105}", "ISO-8859-2", false),
        (b"<meta charset=utf-16>\xC3\xA9", "\u{E9}", "UTF-8", false),
        (b"<meta charset=x-user-defined>\xE9", "\u{E9}", "windows-1252", false),
        (b"<meta charset=iso-2022-kr>\xC3\xA9", "\u{E9}", "UTF-8", false),
        (
            b"<!-- <meta charset=koi8-r> --><title><meta charset=koi8-r></title>\xE9",
            "<meta charset=koi8-r>\u{E9}",
            "windows-1252",
            false,
        ),
        (b"<p>\xC3\xA9<meta charset=windows-1252>", "\u{C3}\u{A9}", "windows-1252", false),
    ];
    for (bytes, text, encoding, is_malformed) in cases {
        assert_eq!(decoded(bytes), (text.to_owned(), encoding, is_malformed), "{}", bytes.escape_ascii());
    }
}

#[test]
fn an_encoding_that_is_named_late_counts_too() {
    let page = [&b"<p>\xE0".repeat(10_000)[..], b"<meta charset=windows-1251>"].concat();
    assert_eq!(decoded(&page), ("\u{430}".repeat(10_000), "windows-1251", false));
}

#[test]
fn test_cases_are_utf8_whatever_they_say() {
    let mut bytes = Bytes::utf8("<meta charset=koi8-r>é".into());
    let (page, _) = bytes.parse(Parser::for_document);
    assert_eq!(Node::text_content(page.root()), "é");
    let mut bytes = Bytes::utf8(b"<meta charset=koi8-r>\xC1".to_vec());
    let (page, _) = bytes.parse(Parser::for_document);
    assert_eq!(Node::text_content(page.root()), "\u{430}");
}

#[test]
fn pieces_of_a_long_page_meet_without_a_seam() {
    let words = "é\r\n&amp;<b>x</b>&notit;€".repeat(20_000);
    let expected = "é\n&x¬it;€".repeat(20_000);
    assert_eq!(Node::text_content(parse_document(&words).root()), expected);
}

#[test]
fn the_doctype_decides_the_mode() {
    for (doctype, mode) in [
        ("<!doctype html>", QuirksMode::NoQuirks),
        ("", QuirksMode::Quirks),
        ("<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 3.2//EN'>", QuirksMode::Quirks),
        ("<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Transitional//EN' ''>", QuirksMode::LimitedQuirks),
    ] {
        let page = parse_document(&format!("{doctype}<p><table>"));
        assert_eq!(page.document().quirks(), mode, "{doctype}");
        // In quirks mode, a table does not close a paragraph.
        let is_inside = page.to_html().contains("<p><table>");
        assert_eq!(is_inside, mode == QuirksMode::Quirks, "{doctype}");
    }
}

#[test]
fn a_select_shows_what_is_selected() {
    let shown = |options: &str| {
        let page = format!("<select><button><selectedcontent>old</selectedcontent></button>{options}");
        let html = parse_document(&page).to_html();
        let (_, rest) = html.split_once("<selectedcontent>").expect("it is there");
        rest.split_once("</selectedcontent>").expect("it ends").0.to_owned()
    };
    for (options, expected) in [
        ("<option>a<b>b</b></option><option>c", "a<b>b</b>"),
        ("<option>a<option selected>b<option>c", "b"),
        ("<option selected>a<option selected>b</select>", "b"),
        ("<option disabled>a<optgroup disabled><option>b</optgroup><option>c", "c"),
        ("<datalist><option>a</datalist><option>b", "b"),
        ("", "old"),
    ] {
        assert_eq!(shown(options), expected, "{options}");
    }
    let multiple =
        parse_document("<select multiple><button><selectedcontent>old</selectedcontent></button><option selected>a");
    assert!(multiple.to_html().contains("<selectedcontent>old</selectedcontent>"));
    let second =
        parse_document("<select><selectedcontent></selectedcontent><selectedcontent></selectedcontent><option>a");
    assert!(second.to_html().contains("<selectedcontent>a</selectedcontent><selectedcontent></selectedcontent>"));
    // What a copy would be made of is not filled itself: each level would double the page.
    let inner = "<select><button><selectedcontent></selectedcontent></button><option><i>b</i></select>";
    let nested = parse_document(&format!("<select><selectedcontent></selectedcontent><option><table><td>{inner}"));
    assert_eq!(nested.to_html().matches("<i>b</i>").count(), 2);
}

#[test]
fn an_input_inside_a_select_is_ignored() {
    let inside = |text| parse_fragment(context("select"), text).to_html();
    assert_eq!(inside("<input><option>a<input>b"), "<option>ab</option>");
    assert_eq!(inside("<svg><input/></svg>"), "<svg><input></input></svg>");
    assert_eq!(parse_fragment(context("svg select"), "<input>").to_html(), "<input></input>");
}

#[test]
fn a_part_of_a_table_ends_where_the_next_begins_in_a_template_too() {
    let page = parse_document("<template><thead><tr><tbody><tr><td>x</table><thead><tfoot>");
    let expected = "<thead><tr></tr></thead><tbody><tr><td>x</td></tr></tbody><thead></thead><tfoot></tfoot>";
    assert!(page.to_html().contains(&format!("<template>{expected}</template>")), "{}", page.to_html());
}
