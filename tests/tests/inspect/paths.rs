//! Why something is alive, and what dies with it.

use std::cell::RefCell;

use gc_core::inspect::Snapshot;
use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Document {
    body: Gc<Element>,
}

#[derive(Trace, Default)]
struct Element {
    children: RefCell<Vec<Child>>,
}

#[derive(Trace)]
enum Child {
    Element(Gc<Element>),
    Text(Gc<Text>),
}

#[derive(Trace)]
struct Text(String);

fn text() -> Gc<Text> {
    Gc::new(Text("x".into()))
}

#[test]
fn a_path_reads_as_the_fields_that_lead_there() {
    #[derive(Trace)]
    struct Plain {
        children: RefCell<Vec<Gc<Text>>>,
    }
    #[derive(Trace)]
    struct Page {
        body: Option<Gc<Plain>>,
    }
    let last = text();
    assert_eq!(last.0, "x");
    let children = RefCell::new(vec![text(), text(), last.clone()]);
    let page = Gc::new(Page { body: Some(Gc::new(Plain { children })) });
    let snapshot = Snapshot::capture();
    assert_eq!(snapshot.why_alive(&last).unwrap().to_string(), "Text", "it is held itself");
    drop(last);
    let snapshot = Snapshot::capture();
    let last = page.body.as_ref().unwrap().children.borrow()[2].clone();
    let path = snapshot.why_alive(&last).unwrap();
    assert_eq!(path.to_string(), "Page.body -> Plain.children[2] -> Text");
    assert_eq!(
        (path.len(), path.is_empty(), path.start(), path.end()),
        (2, false, snapshot.find(&page).unwrap(), snapshot.find(&last).unwrap())
    );
    assert_eq!(path.edges().map(|edge| edge.label().to_string()).collect::<Vec<_>>(), ["body", "children[2]"]);
    let nested = Gc::new(vec![vec![text()]]);
    let snapshot = Snapshot::capture();
    let path = snapshot.referents(&nested).next().unwrap().to().why_alive().unwrap();
    assert_eq!(path.to_string(), "Vec<Vec<Gc<Text>>>[0][0] -> Text");
}

#[test]
fn of_two_ways_the_shorter_one_is_told() {
    let target = text();
    let inner = Gc::new(Element { children: vec![Child::Text(target.clone())].into() });
    let body = Gc::new(Element { children: vec![Child::Element(inner), Child::Text(target.clone())].into() });
    let document = Gc::new(Document { body });
    drop(target);
    let snapshot = Snapshot::capture();
    let Child::Text(target) = &document.body.children.borrow()[1] else { panic!() };
    assert_eq!(snapshot.why_alive(target).unwrap().to_string(), "Document.body -> Element.children[1].Text -> Text");
    let referrers: Vec<_> = snapshot.referrers(target).map(|edge| format!("{edge:?}")).collect();
    assert_eq!(referrers.len(), 2);
    assert!(referrers.iter().any(|edge| edge.contains("-children[0].Text-> Text #")), "{referrers:?}");
}

#[test]
fn an_object_retains_what_nothing_else_leads_to() {
    let shared = Gc::new([0_u8; 1000]);
    let one = Gc::new((Gc::new([0_u8; 100]), shared.clone()));
    let two = Gc::new((Gc::new([0_u8; 200]), shared.clone(), Gc::new([0_u8; 300])));
    let size = |snapshot: &Snapshot, gc: &Gc<[u8; 1000]>| snapshot.find(gc).unwrap().size();
    drop(shared);
    let snapshot = Snapshot::capture();
    let own = |bytes: usize| snapshot.objects().find(|it| it.type_name() == format!("[u8; {bytes}]")).unwrap().size();
    let shared = own(1000);
    let (one_object, two_object) = (snapshot.find(&one).unwrap(), snapshot.find(&two).unwrap());
    assert_eq!(snapshot.retained_size(&one), Some(one_object.size() + own(100)));
    assert_eq!(snapshot.retained_size(&two), Some(two_object.size() + own(200) + own(300)));
    assert_eq!(snapshot.dominators().roots().count(), 3, "the shared one is nobody's alone");
    drop(two);
    let snapshot = Snapshot::capture();
    assert_eq!(snapshot.retained_size(&one), Some(snapshot.objects().map(|it| it.size()).sum()));
    assert_eq!(size(&snapshot, &one.1), shared);
}
