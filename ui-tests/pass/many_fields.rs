//! A struct of forty fields, of many kinds.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use gc_core::{Gc, Leaf, Trace, Weak};

type Edge = Gc<u8>;

trait Shape {}

trait Traced: Trace {}

#[derive(Trace)]
struct Circle(Edge);

impl Traced for Circle {}

#[derive(Trace, Default)]
struct Forty {
    a0: u8,
    a1: i16,
    a2: u32,
    a3: i64,
    a4: u128,
    a5: usize,
    a6: f32,
    a7: f64,
    a8: bool,
    a9: char,
    b0: String,
    b1: &'static str,
    b2: Box<str>,
    b3: Rc<str>,
    b4: Arc<str>,
    b5: Option<Rc<dyn Fn()>>,
    b6: (),
    b7: PhantomData<dyn Shape>,
    b8: std::time::Duration,
    b9: std::path::PathBuf,
    c0: Option<Edge>,
    c1: Vec<Edge>,
    c2: VecDeque<Edge>,
    c3: Box<[Edge]>,
    c4: [Option<Edge>; 2],
    c5: (Option<Edge>, u8),
    c6: HashMap<u8, Edge>,
    c7: BTreeMap<u8, Edge>,
    c8: Cell<Option<Edge>>,
    c9: RefCell<Option<Edge>>,
    d0: OnceCell<Edge>,
    d1: Option<Result<Edge, Edge>>,
    d2: Option<Box<dyn Traced>>,
    d3: Option<Gc<dyn Shape>>,
    d4: Weak<u8>,
    d5: HashSet<u8>,
    d6: BTreeSet<u8>,
    d7: Option<Leaf<Edge>>,
    d8: Option<fn(&u8) -> u8>,
    d9: Vec<Option<Box<(Edge, Edge)>>>,
}

fn main() {
    let edge = || Gc::new(1);
    let forty = Forty {
        c0: Some(edge()),
        c1: vec![edge()],
        c2: VecDeque::from([edge()]),
        c3: Box::new([edge()]),
        c4: [Some(edge()), None],
        c5: (Some(edge()), 0),
        c6: HashMap::from([(0, edge())]),
        c7: BTreeMap::from([(0, edge())]),
        c8: Cell::new(Some(edge())),
        c9: RefCell::new(Some(edge())),
        d0: OnceCell::from(edge()),
        d1: Some(Err(edge())),
        d2: Some(Box::new(Circle(edge()))),
        d7: Some(Leaf(edge())),
        d9: vec![Some(Box::new((edge(), edge())))],
        ..Forty::default()
    };
    assert_eq!(Gc::referents(&Gc::new(forty)).len(), 15);
}
