//! Changing trees, case by case.

use gc_core::{Gc, gc};
use gc_examples::dom::select::Selector;
use gc_examples::dom::tree::HierarchyError;
use gc_examples::dom::{Document, Kind, Node, Page, parse::context, parse_document, parse_fragment};

fn only(page: &Page, selector: &str) -> Gc<Node> {
    let [found] = Selector::parse(selector).expect("a selector").select(page.root()).try_into().expect("one element");
    found
}

fn body(page: &Page) -> String {
    let html = page.to_html();
    let (_, rest) = html.split_once("<body>").expect("there is a body");
    rest.split_once("</body>").expect("it ends").0.to_owned()
}

#[test]
fn nodes_are_appended_inserted_replaced_and_removed() {
    let page = parse_document("<p id=a>a<p id=b>b<p id=c>c");
    let [a, b, c] = ["#a", "#b", "#c"].map(|selector| only(&page, selector));
    let parent = a.parent().unwrap();
    Node::append(&parent, &a).unwrap();
    assert_eq!(body(&page), "<p id=\"b\">b</p><p id=\"c\">c</p><p id=\"a\">a</p>");
    Node::insert_before(&parent, &c, Some(&b)).unwrap();
    assert_eq!(body(&page), "<p id=\"c\">c</p><p id=\"b\">b</p><p id=\"a\">a</p>");
    Node::replace(&parent, &page.document().comment("!"), &b).unwrap();
    assert_eq!(body(&page), "<p id=\"c\">c</p><!--!--><p id=\"a\">a</p>");
    Node::remove(&c);
    assert_eq!(body(&page), "<!--!--><p id=\"a\">a</p>");
    assert!(c.parent().is_none() && c.next_sibling().is_none());
}

#[test]
fn a_node_put_before_or_in_place_of_itself_stays_where_it_is() {
    let page = parse_document("<i></i><b></b><u></u>");
    let b = only(&page, "b");
    let parent = b.parent().unwrap();
    Node::insert_before(&parent, &b, Some(&b)).unwrap();
    Node::replace(&parent, &b, &b).unwrap();
    assert_eq!(body(&page), "<i></i><b></b><u></u>");
}

#[test]
fn of_a_fragment_the_children_are_put_in() {
    let page = parse_document("<ul><li>1</ul>");
    let list = only(&page, "ul");
    let items = parse_fragment(context("ul"), "<li>2<li>3");
    Node::insert_before(&list, items.root(), list.first_child().as_ref()).unwrap();
    assert_eq!(body(&page), "<ul><li>2</li><li>3</li><li>1</li></ul>");
    assert!(!items.root().has_children());
    assert!(Gc::ptr_eq(list.first_child().unwrap().document().unwrap().node(), page.document().node()));
}

#[test]
fn what_must_not_be_is_refused() {
    let page = parse_document("<!doctype html><div><p>x</p></div><template></template>");
    let [div, p, template] = ["div", "p", "template"].map(|selector| only(&page, selector));
    let contents = template.as_element().unwrap().contents().unwrap().clone();
    let text = p.first_child().unwrap();
    let before = page.to_html();
    for (parent, child, error) in [
        (&p, &div, HierarchyError::Circle),
        (&p, &p, HierarchyError::Circle),
        (&contents, &template, HierarchyError::Circle),
        (&text, &div, HierarchyError::NotAParent),
        (&text, &page.document().fragment(), HierarchyError::NotAParent),
        (&div, page.root(), HierarchyError::NotAChild),
        (page.root(), &text, HierarchyError::NotAChild),
        (&div, &page.root().first_child().unwrap(), HierarchyError::NotAChild),
    ] {
        assert_eq!(Node::append(parent, child), Err(error));
    }
    let elsewhere = page.document().element("b");
    assert_eq!(Node::insert_before(&div, &elsewhere, Some(&text)), Err(HierarchyError::NotFound));
    assert_eq!(Node::replace(&div, &elsewhere, &template), Err(HierarchyError::NotFound));
    assert_eq!(HierarchyError::Circle.to_string(), "a node cannot get into itself");
    assert_eq!(page.to_html(), before);
}

#[test]
fn a_deep_copy_has_all_but_the_listeners() {
    let page = parse_document(
        "<!doctype html><div class=a>x<!--c--><template><b>t<template>u</template></b></template>y</div>",
    );
    let copy = Node::duplicate(page.root(), true);
    let copied = copy.document().expect("the copy of a document is one");
    assert!(Gc::ptr_eq(copied.node(), &copy));
    let mut lines = Vec::new();
    gc_examples::dom::write_test_format(&mut lines, &copy).unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), page.to_test_format());
    assert!(Node::descendants(&copy).all(|node| Gc::ptr_eq(node.document().unwrap().node(), &copy)));
}

#[test]
fn a_shallow_copy_is_empty() {
    let page = parse_document("<div class=a>x</div><template><p></template>");
    let [div, template] = ["div", "template"].map(|selector| Node::duplicate(&only(&page, selector), false));
    assert!(!div.has_children() && div.parent().is_none());
    assert_eq!(&*div.as_element().unwrap().attribute(&"class".into()).unwrap(), "a");
    assert!(!template.as_element().unwrap().contents().unwrap().has_children());
}

#[test]
fn a_node_taken_from_another_document_belongs_to_this_one() {
    let [one, other] = [parse_document("<p>one"), parse_document("<div><b>x</b><template><i></i></template></div>")];
    let div = only(&other, "div");
    let b = only(&other, "b");
    let template = only(&other, "template");
    Node::append(&only(&one, "p"), &div).unwrap();
    drop(other);
    assert!(div.parent().is_some());
    let inner = template.as_element().unwrap().contents().unwrap().first_child().unwrap();
    for node in [&div, &b, &template, &inner] {
        assert!(Gc::ptr_eq(node.document().unwrap().node(), one.document().node()));
    }
    let third = Document::new();
    third.adopt(&b).unwrap();
    assert!(b.parent().is_none());
    assert!(Gc::ptr_eq(b.document().unwrap().node(), third.node()));
    for node in [one.root(), inner.parent().as_ref().unwrap()] {
        assert_eq!(third.adopt(node), Err(HierarchyError::NotAChild));
        assert!(Gc::ptr_eq(node.document().unwrap().node(), one.document().node()));
    }
}

#[test]
fn attributes_are_read_and_changed() {
    let page = parse_document("<p id=a CLASS='x y'>");
    let p = only(&page, "p");
    let element = p.as_element().unwrap();
    assert_eq!(&*element.attribute(&"class".into()).unwrap(), "x y");
    element.set_attribute("class".into(), "z");
    element.set_attribute("title".into(), "\"<&>");
    assert!(element.remove_attribute(&"id".into()) && !element.remove_attribute(&"id".into()));
    assert!(element.has_attribute(&"title".into()) && !element.has_attribute(&"id".into()));
    assert_eq!(body(&page), "<p class=\"z\" title=\"&quot;&lt;&amp;&gt;\"></p>");
}

#[test]
fn texts_are_read_and_changed() {
    let page = parse_document("<p>a<b>b</b><!--no-->c");
    let p = only(&page, "p");
    assert_eq!(Node::text_content(&p), "abc");
    let first = p.first_child().unwrap();
    first.as_text().unwrap().set("A");
    first.as_text().unwrap().push("!");
    assert_eq!(&*first.as_text().unwrap().get(), "A!");
    assert_eq!(Node::text_content(page.root()), "A!bc");
}

#[test]
fn a_node_far_down_takes_a_program_no_longer_to_move() {
    // The place of a child among many does not matter: 100,000 times to the front and to the back.
    let document = Document::new();
    let parent = document.element("ul");
    for _ in 0..100_000 {
        Node::append(&parent, &document.element("li")).unwrap();
    }
    for _ in 0..100_000 {
        let last = parent.last_child().unwrap();
        Node::insert_before(&parent, &last, parent.first_child().as_ref()).unwrap();
    }
    assert_eq!(parent.children().count(), 100_000);
    assert!(matches!(parent.kind(), Kind::Element(_)));
    drop((parent, document));
    assert_eq!(gc::stats().live_objects, 0);
}
