//! A memoising cache that keeps nothing alive: `WeakMap` from a node to what was computed for it.
//!
//! The result may refer to the node it was computed for, as the measured layout of an element does here. In a `HashMap`,
//! or in most languages' weak dictionaries, it would then keep its own key alive; an ephemeron does not.
//!
//! ```sh
//! cargo run --example memo_cache
//! ```

use std::cell::{Cell, RefCell};

use gc_core::weak::WeakMap;
use gc_core::{Gc, Trace, gc};

/// An element of a page.
#[derive(Trace)]
struct Element {
    text: String,
    children: RefCell<Vec<Gc<Element>>>,
}

impl Element {
    fn new(text: &str, children: &[Gc<Element>]) -> Gc<Self> {
        Gc::new(Self { text: text.into(), children: RefCell::new(children.to_vec()) })
    }
}

/// What was computed for an element: where it is wide, and because of which.
#[derive(Trace)]
struct Layout {
    width: usize,
    /// Often the element itself.
    widest: Gc<Element>,
}

/// Computes each layout once, as long as its element lives.
#[derive(Default)]
struct Layouts {
    known: WeakMap<Element, Gc<Layout>>,
    computed: Cell<usize>,
}

impl Layouts {
    fn of(&self, element: &Gc<Element>) -> Gc<Layout> {
        self.known.get_or_insert_with(element, || Gc::new(self.compute(element)))
    }

    fn compute(&self, element: &Gc<Element>) -> Layout {
        self.computed.set(self.computed.get() + 1);
        let own = Layout { width: element.text.len(), widest: element.clone() };
        let children = element.children.borrow();
        let inside = children.iter().map(|child| self.of(child));
        inside.fold(own, |widest, child| if child.width > widest.width { copy(&child) } else { widest })
    }

    /// Forgets what was computed for an element that has changed.
    fn invalidate(&self, element: &Gc<Element>) {
        self.known.remove(element);
    }
}

fn copy(layout: &Layout) -> Layout {
    Layout { width: layout.width, widest: layout.widest.clone() }
}

fn main() {
    let layouts = Layouts::default();
    let words = ["a", "cache", "that", "keeps", "nothing", "alive"].map(|text| Element::new(text, &[]));
    let page = Element::new("page", &words);

    let layout = layouts.of(&page);
    println!("widest: {:?}, {} letters; {} layouts computed", layout.widest.text, layout.width, layouts.computed.get());
    assert_eq!((layout.widest.text.as_str(), layouts.computed.get(), layouts.known.len()), ("nothing", 7, 7));

    // Asked again, nothing is computed.
    for element in words.iter().chain([&page]) {
        layouts.of(element);
    }
    assert_eq!(layouts.computed.get(), 7);

    // The page changes: only its own layout is computed anew.
    page.children.borrow_mut().push(Element::new("extraordinary", &[]));
    layouts.invalidate(&page);
    println!("widest now: {:?}", layouts.of(&page).widest.text);
    assert_eq!(layouts.computed.get(), 9);

    // Each layout refers to an element, most to their own. Nothing else holds the page any more, so it goes, and its
    // layout with it. Elements that are still held keep theirs.
    let alive = words[5].clone();
    drop((page, layout, words));
    let collected = gc::collect();
    println!("collected: {collected}; layouts left: {}", layouts.known.len());
    assert_eq!(layouts.known.len(), 1);
    assert_eq!(layouts.of(&alive).width, 5);
    assert_eq!(layouts.computed.get(), 9);

    drop(alive);
    gc::collect();
    assert_eq!((layouts.known.len(), gc::stats().live_objects), (0, 0));
}

#[test]
fn it_runs() {
    main();
}
