//! The example `dom`.

use gc_core::{Gc, gc};
use gc_examples::dom::select::Selector;
use gc_examples::dom::{Document, Node, Page, parse_document};

use super::QUERIES;

/// How much the queries found.
pub fn round(html: &str) -> usize {
    let page = parse_document(html);
    let mut found = 0;
    for query in QUERIES {
        found += select(&page, query).len();
    }
    change(&page);
    found += select(&page, "div.item p").len();
    drop(page);
    assert_eq!(gc::stats().live_objects, 0, "counting alone frees a page");
    found
}

fn select(page: &Page, query: &str) -> Vec<Gc<Node>> {
    Selector::parse(query).expect("a selector").select(page.root())
}

/// Of every third item a copy goes to the top, of every third a note is put before its second child, and every third goes.
fn change(page: &Page) {
    // All that is made is part of the page: as while it was parsed, there is no garbage to look for.
    let _pause = gc::pause();
    let document = page.document();
    for (index, item) in select(page, "div.item").iter().enumerate() {
        let parent = item.parent().expect("items are in the page");
        let done = match index % 3 {
            0 => Node::insert_before(&parent, &Node::duplicate(item, true), parent.first_child().as_ref()),
            1 => {
                let second = item.first_child().and_then(|first| first.next_sibling());
                Node::insert_before(item, &note(document), second.as_ref())
            }
            _ => {
                Node::remove(item);
                Ok(())
            }
        };
        done.expect("nothing is in the way");
    }
}

fn note(document: &Document) -> Gc<Node> {
    let note = document.element("p");
    note.as_element().expect("an element").set_attribute("class".into(), "note");
    Node::append(&note, &document.text("Changed.")).expect("an element takes a text");
    note
}
