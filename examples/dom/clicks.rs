//! Listeners as pages have them: each holds the element it listens to.

use std::cell::Cell;

use gc_core::{Gc, Trace};
use gc_examples::dom::Node;
use gc_examples::dom::events::{Event, Options, listener};
use gc_examples::dom::select::Selector;

/// What a listener captures: its element, and so itself.
#[derive(Trace)]
struct Captures {
    element: Gc<Node>,
    heard: Gc<Cell<usize>>,
}

/// Gives each element that matches a listener, clicks the last one, and returns how many heard it.
pub(crate) fn listen_and_click(root: &Gc<Node>, selector: &Selector) -> usize {
    let heard = Gc::new(Cell::new(0));
    let elements = selector.select(root);
    for element in &elements {
        let captures = Captures { element: element.clone(), heard: heard.clone() };
        element.listen("click", &listener(captures, on_click), Options::default());
    }
    if let Some(last) = elements.last() {
        Event::dispatch(&Event::new("click"), last);
    }
    heard.get()
}

fn on_click(captures: &Captures, event: Gc<Event>) {
    if event.current().is_some_and(|current| Gc::ptr_eq(&current, &captures.element)) {
        captures.heard.set(captures.heard.get() + 1);
    }
}
