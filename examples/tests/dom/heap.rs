//! What the heap does with pages: counting frees trees, collections free the cycles that listeners close.

use gc_core::{Gc, gc};
use gc_examples::dom::events::{Event, Options, listener};
use gc_examples::dom::select::Selector;
use gc_examples::dom::{Document, Node, Page, parse_document};

use crate::program::run_with_input;

const PAGE: &str = "<!doctype html><title>t</title><body class=c><p>a<b>b<p>c</b><ul><li>1<li>2</ul>\
    <template><i>in<template>deeper</template></i></template><table><tr><td>x<!--y--></table><svg><g/></svg>";

fn collections() -> u64 {
    gc::stats().generations.iter().map(|generation| generation.collections).sum()
}

fn select(page: &Page, selector: &str) -> Vec<Gc<Node>> {
    Selector::parse(selector).expect("a selector").select(page.root())
}

/// Gives a node a listener that holds the node.
fn listen_to_itself(node: &Gc<Node>) {
    node.listen("click", &listener(node.clone(), |_, _| {}), Options::default());
}

#[test]
fn the_last_handle_takes_all_nodes_with_it_without_a_collection() {
    gc::disable();
    let page = parse_document(PAGE);
    assert!(gc::stats().live_objects > 30);
    drop(page);
    assert_eq!((gc::stats().live_objects, collections()), (0, 0));
}

#[test]
fn a_changed_page_is_freed_by_counting_too() {
    gc::disable();
    let page = parse_document(PAGE);
    let list = select(&page, "ul").remove(0);
    let copy = Node::duplicate(page.document().node(), true);
    Node::append(&list, &Node::duplicate(&list, true)).unwrap();
    Node::insert_before(&list, &page.document().text("first"), list.first_child().as_ref()).unwrap();
    Node::replace(&list, &page.document().element("hr"), &list.last_child().unwrap()).unwrap();
    Node::remove(&select(&page, "table")[0]);
    drop(list);
    drop((page, copy));
    assert_eq!((gc::stats().live_objects, collections()), (0, 0));
}

#[test]
fn a_node_in_a_tree_has_one_owner() {
    let page = parse_document(PAGE);
    let nodes: Vec<_> = Node::descendants(page.root()).collect();
    for node in &nodes {
        assert_eq!(Gc::strong_count(node), 2, "the tree's and ours: {node:?}");
    }
}

#[test]
fn a_held_node_outlives_its_document() {
    let page = parse_document("<ul><li>1<li>2<li>3</ul>");
    let items = select(&page, "li");
    drop(page);
    let [first, second, third] = items.try_into().unwrap_or_else(|_| panic!("three items"));
    assert!(second.parent().is_none() && second.document().is_none());
    assert_eq!(Node::text_content(&second), "2");
    // It has kept what was before it, and can go elsewhere.
    assert!(Gc::ptr_eq(&second.previous_sibling().unwrap(), &first));
    let document = Document::new();
    let list = document.element("ol");
    Node::append(&list, &second).unwrap();
    assert!(second.previous_sibling().is_none());
    assert!(Gc::ptr_eq(&third.previous_sibling().unwrap(), &first));
    drop((first, second, third, list, document));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn a_listener_that_holds_its_node_waits_for_a_collection() {
    gc::disable();
    let page = parse_document(PAGE);
    select(&page, "li").iter().for_each(listen_to_itself);
    drop(page);
    assert!(gc::stats().live_objects > 0);
    assert!(gc::collect() > 0);
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn listeners_may_hold_any_part_of_any_page() {
    gc::disable();
    let [one, other] = [PAGE, PAGE].map(parse_document);
    for (from, to) in [(&one, &other), (&other, &one)] {
        let captures = (select(to, "td"), to.document().clone(), to.root().clone());
        select(from, "p")[0].listen("click", &listener(captures, |_, _| {}), Options::default());
    }
    let event = Event::new("click");
    Event::dispatch(&event, &select(&one, "b")[0]);
    // The event holds its target, and a listener the event.
    let keep = listener(event, |_, _| {});
    select(&other, "b")[0].listen("click", &keep, Options::default());
    drop((one, other, keep));
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn listener_cycles_of_many_pages_are_collected_as_they_come() {
    for _ in 0..300 {
        let page = parse_document(PAGE);
        select(&page, "*").iter().for_each(listen_to_itself);
    }
    // Each leaves some 50 boxes behind.
    assert!(gc::stats().live_objects < 10_000, "{}", gc::stats());
    gc::collect();
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn the_program_shows_that_counting_frees_a_page() {
    let run = run_with_input(&["--stats"], PAGE.as_bytes());
    assert_eq!(run.code, Some(0));
    assert_eq!(run.figure("freed by count when it is dropped"), run.figure("objects of the page"));
    for label in ["collections meanwhile", "objects left", "freed by a collection then", "live objects"] {
        assert_eq!(run.figure(label), 0, "{}", run.stderr);
    }
}

#[test]
fn the_program_shows_that_a_collection_frees_the_rest() {
    let run = run_with_input(&["--stats", "--listen", "body, li"], PAGE.as_bytes());
    // The last `li`, and the body around it.
    assert_eq!((run.code, run.figure("listeners that heard the click")), (Some(0), 2));
    assert!(run.figure("objects left") > 0, "{}", run.stderr);
    assert_eq!(run.figure("freed by a collection then"), run.figure("objects left"));
    assert_eq!((run.figure("collections meanwhile"), run.figure("live objects")), (0, 0));
}
