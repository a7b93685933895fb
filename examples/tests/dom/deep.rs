//! Pages that nest deep, or are wide, neither overflow the stack nor take for ever: 200,000 levels, on threads with little
//! stack.

use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use gc_core::{Gc, gc};
use gc_examples::dom::select::Selector;
use gc_examples::dom::{Node, dot, parse_document, write_html, write_test_format};

use crate::program::{page, run};

/// A sanitizer, under which boxes are allocations of their own, takes its time.
const DEPTH: usize = if cfg!(gc_system_alloc) { 20_000 } else { 200_000 };

/// Far more than it takes, and far less than what is quadratic would.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs on a stack on which recursion over a deep tree fails.
fn with_little_stack(work: impl FnOnce() + Send + 'static) {
    let start = Instant::now();
    thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap();
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
}

/// Nests these tags, until there are as many start tags as levels.
fn check(tags: &'static str) {
    with_little_stack(move || {
        let start_tags = tags.matches('<').count() - tags.matches("</").count();
        let page = parse_document(&format!("{}x", tags.repeat(DEPTH / start_tags)));
        let mut html = Vec::new();
        write_html(&mut html, page.root()).unwrap();
        assert!(html.len() >= 5 * DEPTH);
        assert!(String::from_utf8(html).unwrap().contains(">x<"));
        gc::disable();
        drop(page);
        assert_eq!(gc::stats().live_objects, 0);
    });
}

#[test]
fn blocks_may_nest_deep() {
    check("<div>");
}

#[test]
fn inline_elements_may_nest_deep() {
    check("<span>");
}

#[test]
fn formatting_may_nest_deep() {
    check("<b>");
}

#[test]
fn lists_may_nest_deep() {
    check("<ul><li>");
}

#[test]
fn tables_may_nest_deep() {
    check("<table><tr><td>");
}

#[test]
fn blocks_in_formatting_may_nest_deep() {
    check("<b><div>");
}

#[test]
fn controls_may_be_deep() {
    check("<div><input><option>");
}

#[test]
fn end_tags_without_start_tags_may_be_deep() {
    check("<div></section></p></ul><dl></h1>");
    check("<span></i></x-y><x-z></object-s></em>");
}

#[test]
fn foreign_elements_may_nest_deep() {
    check("<svg>");
}

#[test]
fn what_is_done_with_a_deep_page_takes_no_stack() {
    with_little_stack(|| {
        let open = "<div><b class=a>".repeat(DEPTH / 4);
        let page = parse_document(&format!("{open}x<template>{open}y</template>"));
        for (selector, count) in [("div", DEPTH / 4), ("div div > .a", DEPTH / 4 - 1), ("p .a", 0), ("b + b", 0)] {
            assert_eq!(Selector::parse(selector).unwrap().select(page.root()).len(), count, "{selector}");
        }
        assert_eq!(Node::text_content(page.root()), "x");
        let copy = Node::duplicate(page.root(), true);
        let mut html = [Vec::new(), Vec::new()];
        write_html(&mut html[0], page.root()).unwrap();
        write_html(&mut html[1], &copy).unwrap();
        assert!(html[0] == html[1] && html[0].len() > 10 * DEPTH);
        dot::write_dot(io::sink(), page.root()).unwrap();
        let other = parse_document("");
        other.document().adopt(&copy.last_child().unwrap()).unwrap();
        let bottom = Node::descendants(page.root()).filter(|node| node.as_element().is_some()).last().unwrap();
        assert!(Node::append(&bottom, &page.root().last_child().unwrap()).is_err());
        assert!(Gc::ptr_eq(bottom.document().unwrap().node(), page.document().node()));
        gc::collect();
        drop((page, copy, other, bottom));
        assert_eq!(gc::stats().live_objects, 0);
    });
}

#[test]
fn what_is_done_with_a_wide_page_takes_no_stack() {
    with_little_stack(|| {
        let page = parse_document(&"<i></i>x".repeat(DEPTH / 2));
        let body = Selector::parse("body").unwrap().select(page.root()).remove(0);
        assert_eq!(body.children().count(), DEPTH / 2 * 2);
        assert_eq!(Selector::parse("i ~ i + i").unwrap().select(page.root()).len(), DEPTH / 2 - 2);
        let copy = Node::duplicate(page.root(), true);
        let (first, last) = (body.first_child().unwrap(), body.last_child().unwrap());
        for _ in 0..DEPTH {
            Node::insert_before(&body, &last, Some(&first)).unwrap();
            Node::append(&body, &last).unwrap();
        }
        dot::write_dot(io::sink(), page.root()).unwrap();
        let mut html = [Vec::new(), Vec::new()];
        write_html(&mut html[0], page.root()).unwrap();
        write_html(&mut html[1], &copy).unwrap();
        assert!(html[0] == html[1]);
        gc::disable();
        drop((first, last, body, copy, page));
        assert_eq!(gc::stats().live_objects, 0);
    });
}

#[test]
fn a_long_text_of_special_characters_is_written_in_time() {
    let page = parse_document(&"&amp;".repeat(DEPTH));
    let start = Instant::now();
    assert_eq!(page.to_html().matches("&amp;").count(), DEPTH);
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
}

#[test]
fn an_element_may_have_many_attributes() {
    const MANY: usize = 5_000;
    let attributes: Vec<_> = (0..MANY).rev().map(|number| format!("a{number:04}='{number}'")).collect();
    let page = parse_document(&format!("<p {0} {0}>", attributes.join(" ")));
    let paragraph = Selector::parse("p[a0000='0'][a4999]").unwrap().select(page.root()).remove(0);
    let element = paragraph.as_element().unwrap();
    assert_eq!(element.with_attributes(<[_]>::len), MANY);
    assert!(page.to_test_format().contains("\n|       a0000=\"0\"\n|       a0001=\"1\"\n"));
    assert_eq!(parse_document(&page.to_html()).to_test_format(), page.to_test_format());
}

/// Counts what it is given.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_notation_of_the_tests_takes_no_stack() {
    // The indentation alone is quadratic.
    const DEPTH: usize = 5_000;
    with_little_stack(|| {
        let page = parse_document(&"<template><i>".repeat(DEPTH));
        let mut count = Count(0);
        write_test_format(&mut count, page.root()).unwrap();
        assert!(count.0 > 9 * DEPTH * DEPTH, "{}", count.0);
    });
}

#[test]
fn the_program_reads_a_deep_page() {
    let start = Instant::now();
    let path = page("deep.html", format!("{}x{}", "<div>".repeat(DEPTH), "</div>".repeat(DEPTH)));
    let counted = run([path.as_os_str(), "--stats".as_ref()]);
    assert_eq!((counted.code, counted.stdout.matches("<div>").count()), (Some(0), DEPTH));
    assert_eq!((counted.figure("collections meanwhile"), counted.figure("objects left")), (0, 0));
    let dot = page("deep.dot", "");
    let listened = run([
        path.as_os_str(),
        "--listen=div".as_ref(),
        "--select=p".as_ref(),
        "--stats".as_ref(),
        "--dot".as_ref(),
        dot.as_os_str(),
    ]);
    assert_eq!((listened.code, listened.figure("listeners that heard the click")), (Some(0), DEPTH));
    assert_eq!(listened.figure("live objects"), 0);
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
}
