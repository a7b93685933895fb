//! `markup5ever_rcdom`, with the selectors of the example `dom`.

use std::rc::Rc;

use gc_examples::dom::select::{Case, Selector, automaton::Context};
use html5ever::interface::{ElementFlags, NodeOrText, TreeSink};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, LocalName, ParseOpts, QualName, local_name, ns, parse_document};
use markup5ever_rcdom::{Handle, Node, NodeData, RcDom};

use super::QUERIES;

/// How much the queries found.
pub fn round(html: &str) -> usize {
    let options = TreeBuilderOpts { scripting_enabled: false, ..Default::default() };
    let page = parse_document(RcDom::default(), ParseOpts { tree_builder: options, ..Default::default() }).one(html);
    let mut found = 0;
    for query in QUERIES {
        found += select(&page, query).len();
    }
    change(&page);
    found + select(&page, "div.item p").len()
}

/// A node to be entered, or the end of one.
enum Step {
    Enter(Handle),
    Leave,
}

fn select(page: &RcDom, query: &str) -> Vec<Handle> {
    let selector = Selector::parse(query).expect("a selector");
    let mut found = Vec::new();
    let mut here = Context::default();
    let mut behind = Vec::new();
    let mut steps = Vec::new();
    enter(&page.document, &mut steps);
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => {
                let NodeData::Element { name, attrs, .. } = &node.data else { continue };
                let ended = selector.step(here, name, &attrs.borrow(), Case::Differs);
                if selector.selects(ended) {
                    found.push(node.clone());
                }
                if node.children.borrow().is_empty() {
                    here = here.behind(ended);
                    continue;
                }
                behind.push(here.behind(ended));
                here = here.inside(ended);
                steps.push(Step::Leave);
                enter(&node, &mut steps);
            }
            Step::Leave => here = behind.pop().expect("what is left was entered"),
        }
    }
    found
}

fn enter(node: &Node, steps: &mut Vec<Step>) {
    steps.extend(node.children.borrow().iter().rev().cloned().map(Step::Enter));
}

/// Of every third item a copy goes to the top, of every third a note is put before its second child, and every third goes.
fn change(page: &RcDom) {
    for (index, item) in select(page, "div.item").iter().enumerate() {
        match index % 3 {
            0 => page.append_before_sibling(&first_sibling(item), NodeOrText::AppendNode(copy(item))),
            1 => {
                let second = item.children.borrow()[1].clone();
                page.append_before_sibling(&second, NodeOrText::AppendNode(note(page)));
            }
            _ => page.remove_from_parent(item),
        }
    }
}

fn first_sibling(node: &Handle) -> Handle {
    let parent = node.parent.take();
    node.parent.set(parent.clone());
    let parent = parent.and_then(|parent| parent.upgrade()).expect("items are in the page");
    parent.children.borrow()[0].clone()
}

fn copy(node: &Handle) -> Handle {
    let copied = Node::new(node.data.clone());
    for child in node.children.borrow().iter() {
        let child = copy(child);
        child.parent.set(Some(Rc::downgrade(&copied)));
        copied.children.borrow_mut().push(child);
    }
    copied
}

fn note(page: &RcDom) -> Handle {
    let name = QualName::new(None, ns!(html), LocalName::from("p"));
    let class = Attribute { name: QualName::new(None, ns!(), local_name!("class")), value: "note".into() };
    let note = page.create_element(name, vec![class], ElementFlags::default());
    page.append(&note, NodeOrText::AppendText("Changed.".into()));
    note
}
