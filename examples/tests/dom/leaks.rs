//! Nothing that is done with pages leaks, under a [`LeakScope`]: what still holds a node is named, with the way to it.

use gc_core::inspect::LeakScope;
use gc_core::{Gc, gc};
use gc_examples::dom::events::{Event, Options, listener};
use gc_examples::dom::select::Selector;
use gc_examples::dom::{Document, Node, Page, parse_document};

const PAGE: &str = "<!doctype html><title>t</title><body class=c><p id=first>a<b>b</b><p>c<ul><li>1<li>2<li>3</ul>\
    <template><i>in<template>deeper</template></i></template><table><tr><td>x<!--y--></table><svg><g/></svg>";

/// A scope on a heap without collections, where counting has to free all.
fn scope() -> LeakScope {
    gc::disable();
    LeakScope::new()
}

fn select(page: &Page, selector: &str) -> Vec<Gc<Node>> {
    Selector::parse(selector).expect("a selector").select(page.root())
}

fn change(page: &Page) {
    let list = select(page, "ul").remove(0);
    Node::append(&list, &page.document().element("li")).unwrap();
    Node::insert_before(&list, &page.document().text("first"), list.first_child().as_ref()).unwrap();
    Node::replace(&list, &page.document().comment("was the last"), &list.last_child().unwrap()).unwrap();
    Node::remove(&select(page, "table")[0]);
    select(page, "p")[0].as_element().unwrap().set_attribute("title".into(), "new");
}

#[test]
fn parsing_leaves_nothing_but_the_page() {
    let scope = scope();
    let page = parse_document(PAGE);
    // All that the parser has made and not put into the tree is gone.
    let survivors = scope.survivors();
    for object in survivors.objects() {
        assert_eq!((object.is_garbage(), object.is_busy()), (false, false), "{survivors}");
        let path = object.why_alive().expect("it is not garbage");
        assert_eq!(path.start().index(), survivors.snapshot().find(page.document().node()).unwrap().index(), "{path}");
    }
    drop(page);
    scope.assert_empty();
}

#[test]
fn queries_leave_nothing() {
    let page = parse_document(PAGE);
    let scope = scope();
    for selector in ["*", "li", "body.c > ul li", "#first b", "[class]"] {
        assert!(!select(&page, selector).is_empty(), "{selector}");
    }
    assert!(page.to_html().len() > 100 && page.to_test_format().len() > 100);
    assert_eq!(Node::text_content(&select(&page, "ul")[0]), "123");
    scope.assert_empty();
}

#[test]
fn a_page_that_was_changed_goes_whole() {
    let scope = scope();
    let page = parse_document(PAGE);
    change(&page);
    drop(page);
    scope.assert_empty();
}

#[test]
fn what_is_taken_out_of_a_page_goes_while_the_page_stays() {
    let page = parse_document(PAGE);
    let scope = scope();
    let list = page.document().element("ol");
    for _ in 0..3 {
        Node::append(&list, &page.document().element("template")).unwrap();
    }
    Node::append(&select(&page, "body")[0], &list).unwrap();
    assert_eq!(scope.survivors().len(), 7);
    Node::remove(&list);
    drop(list);
    scope.assert_empty();
}

#[test]
fn copies_go_with_their_last_handle() {
    let page = parse_document(PAGE);
    let scope = scope();
    for deep in [false, true] {
        let copy = Node::duplicate(page.document().node(), deep);
        assert!(!scope.survivors().is_empty(), "{deep}");
        drop(copy);
        scope.assert_empty();
    }
}

#[test]
fn what_moves_to_another_document_goes_with_that_one() {
    let scope = scope();
    let (from, to) = (parse_document(PAGE), Document::new());
    let list = select(&from, "ul").remove(0);
    let template = select(&from, "template").remove(0);
    to.adopt(&list).unwrap();
    Node::append(to.node(), &list).unwrap();
    to.adopt(&template).unwrap();
    Node::append(&list, &template).unwrap();
    drop((list, template, from));

    let survivors = scope.survivors();
    let owner = survivors.snapshot().find(to.node()).unwrap();
    for object in survivors.objects() {
        let path = object.why_alive().expect("it is not garbage");
        assert_eq!(path.start().index(), owner.index(), "{path}");
    }
    drop((survivors, to));
    scope.assert_empty();
}

#[test]
fn listeners_that_hold_no_node_go_with_the_page() {
    let scope = scope();
    let page = parse_document(PAGE);
    let heard = std::rc::Rc::new(std::cell::Cell::new(0));
    let counts = listener(heard.clone(), |heard, _| heard.set(heard.get() + 1));
    for item in select(&page, "li") {
        item.listen("click", &counts, Options::default());
        Event::dispatch(&Event::new("click"), &item);
    }
    assert_eq!(heard.get(), 3);
    drop((counts, page));
    scope.assert_empty();
}

#[test]
fn cycles_of_listeners_are_listed_as_garbage_until_a_collection() {
    let scope = scope();
    let page = parse_document(PAGE);
    let items = select(&page, "li");
    for item in &items {
        item.listen("click", &listener(item.clone(), |_, _| {}), Options::default());
        Event::dispatch(&Event::new("click"), item);
    }
    drop((items, page));

    let survivors = scope.survivors();
    assert!(survivors.objects().all(|object| object.is_garbage()), "{survivors}");
    let (said, count) = (survivors.to_string(), survivors.len());
    // Each item with its listener and its text; the rest of the page has gone.
    assert_eq!(count, 9, "{said}");
    assert!(said.contains("garbage in cycles, which only a collection would free:"), "{said}");
    assert!(said.contains(" x Node, "), "{said}");
    assert!(said.contains("listeners.0.all[0].listener"), "{said}");
    drop(survivors);

    assert_eq!(gc::collect(), count);
    scope.assert_empty();
}

#[test]
fn a_node_that_somebody_keeps_is_named() {
    let scope = scope();
    let page = parse_document(PAGE);
    let kept = select(&page, "ul").remove(0);
    drop(page);
    let survivors = scope.survivors();
    assert_eq!(survivors.snapshot().why_alive(&kept).unwrap().len(), 0);
    let last = kept.last_child().unwrap();
    let path = survivors.snapshot().why_alive(&last.first_child().unwrap()).unwrap().to_string();
    assert!(path.starts_with("Node.") && path.ends_with(" -> Node"), "{path}");
    drop((survivors, last, kept));
    scope.assert_empty();
}
