//! How edges are called.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, LinkedList, VecDeque};
use std::ops::ControlFlow;
use std::sync::Mutex;

use gc_core::inspect::{EdgeKind, Snapshot};
use gc_core::weak::{WeakMap, WeakSet, WeakValueMap};
use gc_core::{Closure, Gc, Trace, Tracer, Weak, coerce};

/// The labels of what `gc` refers to.
fn labels<T: ?Sized>(gc: &Gc<T>) -> Vec<String> {
    let snapshot = Snapshot::capture();
    snapshot.referents(gc).map(|edge| edge.label().to_string()).collect()
}

#[track_caller]
fn assert_labels<T: Trace + 'static>(value: T, expected: &[&str]) {
    assert_eq!(labels(&Gc::new(value)), expected);
}

fn one() -> Gc<u8> {
    Gc::new(1)
}

#[derive(Trace)]
struct Element {
    name: String,
    first: Gc<u8>,
    next: Option<Gc<u8>>,
    children: RefCell<Vec<Gc<u8>>>,
    r#type: Cell<Option<Gc<u8>>>,
    inner: Inner,
    #[trace(skip)]
    skipped: Gc<u8>,
}

#[derive(Trace)]
struct Inner(Gc<u8>, Box<(u8, Gc<u8>)>);

#[derive(Trace)]
enum Value {
    Nothing,
    Just(Gc<u8>),
    Pair(Gc<u8>, Gc<u8>),
    List { items: Vec<Gc<u8>>, r#in: Option<Inner> },
    Nested(Box<Value>),
}

#[test]
fn fields_are_called_by_their_names_and_positions() {
    let element = Element {
        name: "x".into(),
        first: one(),
        next: Some(one()),
        children: vec![one(), one(), one()].into(),
        r#type: Some(one()).into(),
        inner: Inner(one(), Box::new((1, one()))),
        skipped: one(),
    };
    assert!(element.name == "x" && *element.skipped == 1);
    let expected = ["first", "next", "children[0]", "children[1]", "children[2]", "type", "inner.0", "inner.1.1"];
    assert_labels(element, &expected);
}

#[test]
fn variants_are_named_and_the_only_value_of_one_needs_no_number() {
    assert_labels(Value::Nothing, &[]);
    assert_labels(Value::Just(one()), &["Just"]);
    assert_labels(Value::Pair(one(), one()), &["Pair.0", "Pair.1"]);
    let inner = Some(Inner(one(), Box::new((1, one()))));
    let list = Value::List { items: vec![one(), one()], r#in: inner };
    assert_labels(list, &["List.items[0]", "List.items[1]", "List.in.0", "List.in.1.1"]);
    assert_labels(Value::Nested(Box::new(Value::Nested(Box::new(Value::Just(one()))))), &["Nested.Nested.Just"]);
}

#[test]
fn containers_of_std_name_their_parts() {
    assert_labels(one(), &[""]);
    assert_labels(Some(one()), &["Some"]);
    assert_labels(Some(Some(one())), &["Some"]);
    assert_labels((1, one(), (one(), one())), &["1", "2.0", "2.1"]);
    assert_labels((one(),), &["0"]);
    assert_labels([one(), one()], &["[0]", "[1]"]);
    assert_labels(vec![None, Some(one())], &["[1]"]);
    assert_labels(vec![vec![one()], vec![one(), one()]], &["[0][0]", "[1][0]", "[1][1]"]);
    assert_labels(VecDeque::from([one()]), &["[0]"]);
    assert_labels(LinkedList::from([one()]), &["[0]"]);
    assert_labels(BTreeSet::from([one()]), &["[0]"]);
    assert_labels(BinaryHeap::from([one()]), &["[0]"]);
    assert_labels(BTreeMap::from([(1, one()), (2, one())]), &["[0]", "[1]"]);
    assert_labels(HashMap::from([(one(), one())]), &["[0].key", "[0]"]);
    assert_labels(Ok::<_, ()>(one()), &["Ok"]);
    assert_labels(Err::<(), _>(one()), &["Err"]);
    assert_labels(ControlFlow::<_, ()>::Break(one()), &["Break"]);
    assert_labels(one()..one(), &["start", "end"]);
    assert_labels(one()..=one(), &["start", "end"]);
    assert_labels(RefCell::new(Box::new(Mutex::new(one()))), &[""]);
    assert_labels(OnceCell::from((one(), one())), &["0", "1"]);
    assert_labels(vec![one()].into_iter(), &["[0]"]);
    let twelve = || (one(), one(), one(), one(), one(), one(), one(), one(), one(), one(), one(), one());
    assert_eq!(labels(&Gc::new(twelve())), (0..12).map(|position| position.to_string()).collect::<Vec<_>>());
}

#[test]
fn values_without_a_size_name_their_parts() {
    trait Shape: Trace {}
    #[derive(Trace)]
    struct Square(Gc<u8>, Gc<u8>);
    impl Shape for Square {}

    let boxed: Box<dyn Shape> = Box::new(Square(one(), one()));
    assert_eq!(labels(&Gc::<dyn Shape>::from(boxed)), ["0", "1"]);
    assert_eq!(labels(&coerce!(Gc::new(Square(one(), one())) => dyn Shape)), ["0", "1"]);
    assert_eq!(labels(&Gc::<[Gc<u8>]>::from(vec![one(), one()])), ["[0]", "[1]"]);
    assert_labels(Closure::new((one(), one()), |_, (): ()| ()), &["0", "1"]);
}

#[derive(Trace)]
struct Tail<T: ?Sized> {
    first: Gc<u8>,
    last: T,
}

#[test]
fn a_last_field_without_a_size_has_its_name() {
    let tail: Box<Tail<[Gc<u8>]>> = Box::new(Tail { first: one(), last: [one(), one()] });
    assert_eq!(tail.last.len(), 2);
    assert_eq!(labels(&Gc::<Tail<[Gc<u8>]>>::from(tail)), ["first", "last[0]", "last[1]"]);
}

#[test]
fn a_field_traced_by_a_function_has_its_name() {
    /// # Safety
    /// It reports what the field owns, once.
    unsafe fn by_hand(field: &Hidden, tracer: &mut Tracer<'_>) {
        tracer.element(7, &field.0);
    }
    struct Hidden(Gc<u8>);
    #[derive(Trace)]
    struct Holder {
        #[trace(with = by_hand)]
        hidden: Hidden,
        last: Gc<u8>,
    }
    assert_labels(Holder { hidden: Hidden(one()), last: one() }, &["hidden[7]", "last"]);
}

#[test]
fn a_trace_by_hand_names_what_it_wants_to() {
    struct ByHand(Gc<u8>, Gc<u8>, Inner);
    // SAFETY: each field is reported once, and there is no `Drop` (T1 to T4).
    unsafe impl Trace for ByHand {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
            tracer.field("second", &self.1);
            self.2.trace(tracer);
        }
    }
    assert_labels(ByHand(one(), one(), Inner(one(), Box::new((1, one())))), &["", "second", "0", "1.1"]);
    let nested = vec![ByHand(one(), one(), Inner(one(), Box::new((1, one()))))];
    assert_labels(nested, &["[0]", "[0].second", "[0].0", "[0].1.1"]);
}

#[derive(Trace)]
struct Child {
    parent: Weak<u8>,
    others: Vec<Weak<u8>>,
    observed: Weak<u8>,
    dead: Weak<u8>,
    own: Option<Gc<u8>>,
}

#[test]
fn weak_pointers_are_weak_edges_and_dead_ones_are_none() {
    let (parent, other) = (one(), one());
    let child = Gc::new(Child {
        parent: Gc::downgrade(&parent),
        others: vec![Weak::new(), Gc::downgrade(&other)],
        observed: Gc::downgrade_with(&other, || ()),
        dead: Gc::downgrade(&one()),
        own: Some(parent.clone()),
    });
    let leaf = Gc::new(Some(Gc::downgrade(&parent)));
    assert!(child.parent.upgrade().is_some() && child.dead.upgrade().is_none());
    assert_eq!((child.others.len(), child.own.is_some(), child.observed.strong_count()), (2, true, 1));
    let snapshot = Snapshot::capture();
    let edges: Vec<_> = snapshot.referents(&child).map(|edge| (edge.label().to_string(), edge.kind())).collect();
    let expected = [
        ("parent", EdgeKind::Weak),
        ("others[1]", EdgeKind::Weak),
        ("observed", EdgeKind::Weak),
        ("own", EdgeKind::Strong),
    ];
    assert_eq!(edges, expected.map(|(label, kind)| (label.to_owned(), kind)));
    let edge = snapshot.referents(&leaf).next().expect("leaves have weak pointers, too");
    assert_eq!((edge.kind(), Some(edge.to())), (EdgeKind::Weak, snapshot.find(&parent)));
    let parent = snapshot.find(&parent).unwrap();
    assert_eq!((parent.strong(), parent.weak(), parent.outside()), (2, 2, 1));
}

#[derive(Trace)]
struct Places {
    by_node: WeakMap<u8, Inner>,
    by_name: WeakValueMap<String, u8>,
    members: WeakSet<u8>,
}

#[test]
fn weak_collections_have_weak_edges_to_keys_and_their_values_hang_on_those() {
    let (key, value, member) = (one(), one(), one());
    let places = Gc::new(Places { by_node: WeakMap::new(), by_name: WeakValueMap::new(), members: WeakSet::new() });
    places.by_node.insert(&key, Inner(one(), Box::new((1, one()))));
    places.by_name.insert("x".into(), &value);
    places.members.insert(&member);
    let snapshot = Snapshot::capture();
    let edges: Vec<_> =
        snapshot.referents(&places).map(|edge| (edge.label().to_string(), edge.kind(), edge.to())).collect();
    let found = |gc| snapshot.find(gc).unwrap();
    let expected = [("by_node[0]", found(&key)), ("by_name[0]", found(&value)), ("members[0]", found(&member))];
    assert_eq!(edges, expected.map(|(label, to)| (label.to_owned(), EdgeKind::Weak, to)));
    let of_key: Vec<_> = snapshot.referents(&key).collect();
    let names: Vec<_> = of_key.iter().map(|edge| edge.label().to_string()).collect();
    assert_eq!(names, ["(ephemeron).0", "(ephemeron).1.1"]);
    for edge in of_key {
        assert_eq!((edge.kind(), edge.collection()), (EdgeKind::Ephemeron, snapshot.find(&places)));
        assert_eq!((edge.to().outside(), edge.to().is_garbage()), (0, false));
    }
}
