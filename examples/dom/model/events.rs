//! Events: listeners on nodes, and telling them.
//!
//! A listener is a [`TracedFn`], so what it captures is seen by the collector: it may hold the node it listens to, as listeners
//! do, and both are reclaimed when nobody else holds them.
//!
//! ```
//! use gc_examples::dom::{Document, events::{Event, Options, listener}};
//!
//! let document = Document::new();
//! let button = document.element("button");
//! let on_click = listener(button.clone(), |button, event| {
//!     button.as_element().unwrap().set_attribute("pressed".into(), event.name());
//! });
//! button.listen("click", &on_click, Options::default());
//! assert!(Event::dispatch(&Event::new("click"), &button));
//! assert_eq!(&*button.as_element().unwrap().attribute(&"pressed".into()).unwrap(), "click");
//!
//! drop((document, button, on_click));
//! assert_eq!(gc_core::collect(), 2); // The button and its listener.
//! ```

use std::cell::{Cell, RefCell};

use gc_core::{Closure, Gc, Trace, TracedFn, coerce};

use super::node::Node;

/// What is called.
pub type Listener = Gc<dyn TracedFn<Gc<Event>>>;

/// A listener that is `code`, called with what it captures and each event. The code captures nothing by itself.
pub fn listener<C: Trace + 'static>(captures: C, code: impl Fn(&C, Gc<Event>) + 'static) -> Listener {
    coerce!(Gc::new(Closure::new(captures, code)) => dyn TracedFn<Gc<Event>>)
}

/// How somebody listens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// On the way down to the target, not on the way back up.
    pub capture: bool,
    /// Not again after the first time.
    pub once: bool,
}

/// Who listens to a node.
#[derive(Trace, Default)]
pub(super) struct Listeners(Option<Box<List>>);

#[derive(Trace, Default)]
struct List {
    all: Vec<Entry>,
}

#[derive(Trace, Clone)]
struct Entry {
    event: Box<str>,
    listener: Listener,
    #[trace(skip)]
    options: Options,
}

impl Entry {
    /// Whether both would be told the same way of the same events.
    fn is(&self, event: &str, listener: &Listener, capture: bool) -> bool {
        *self.event == *event && Gc::ptr_eq(&self.listener, listener) && self.options.capture == capture
    }
}

impl Listeners {
    fn entries(&self) -> &[Entry] {
        self.0.as_ref().map_or(&[], |list| &list.all)
    }
}

impl Node {
    /// Calls `listener` with each event of this name that comes by. Nothing changes if it is called already.
    pub fn listen(&self, event: &str, listener: &Listener, options: Options) {
        let mut listeners = self.listeners.borrow_mut();
        if !listeners.entries().iter().any(|entry| entry.is(event, listener, options.capture)) {
            let entry = Entry { event: event.into(), listener: listener.clone(), options };
            listeners.0.get_or_insert_default().all.push(entry);
        }
    }

    /// Takes [`listen`](Self::listen) back; whether there was something to take back.
    pub fn unlisten(&self, event: &str, listener: &Listener, capture: bool) -> bool {
        let mut listeners = self.listeners.borrow_mut();
        let found = listeners.entries().iter().position(|entry| entry.is(event, listener, capture));
        let entry = found.and_then(|found| Some(listeners.0.as_mut()?.all.remove(found)));
        // The listener may go with all it holds: not while the list is borrowed.
        drop(listeners);
        entry.is_some()
    }

    /// The listeners, with the events they are called for.
    pub fn listeners(&self) -> Vec<(Box<str>, Listener)> {
        let listeners = self.listeners.borrow();
        listeners.entries().iter().map(|entry| (entry.event.clone(), entry.listener.clone())).collect()
    }
}

/// Something that happens to a node, and whom it was told so far.
#[derive(Trace)]
pub struct Event {
    name: Box<str>,
    bubbles: bool,
    target: RefCell<Option<Gc<Node>>>,
    current: RefCell<Option<Gc<Node>>>,
    #[trace(skip)]
    stopped: Cell<Stopped>,
    is_prevented: Cell<bool>,
}

/// How far an event still goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stopped {
    No,
    /// To those who listen to this node in the same way as the one who is being told.
    Behind,
    /// To nobody.
    Here,
}

impl Event {
    /// An event that bubbles: the nodes around its target are told of it afterwards.
    pub fn new(name: &str) -> Gc<Self> {
        Self::make(name, true)
    }

    /// An event that does not.
    pub fn without_bubbles(name: &str) -> Gc<Self> {
        Self::make(name, false)
    }

    fn make(name: &str, bubbles: bool) -> Gc<Self> {
        Gc::new(Self {
            name: name.into(),
            bubbles,
            target: RefCell::default(),
            current: RefCell::default(),
            stopped: Cell::new(Stopped::No),
            is_prevented: Cell::new(false),
        })
    }

    /// What happens.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The node it happens to.
    pub fn target(&self) -> Option<Gc<Node>> {
        self.target.borrow().clone()
    }

    /// The node whose listeners are being told; `None` before and afterwards.
    pub fn current(&self) -> Option<Gc<Node>> {
        self.current.borrow().clone()
    }

    /// Goes no further: it is told only to the others who listen to this node in the same way. Before it is sent: to nobody.
    pub fn stop(&self) {
        self.stopped.set(self.stopped.get().max(Stopped::Behind));
    }

    /// Nobody else is told of it.
    pub fn stop_here(&self) {
        self.stopped.set(Stopped::Here);
    }

    /// Says that what usually follows must not.
    pub fn prevent_default(&self) {
        self.is_prevented.set(true);
    }

    /// Tells everybody on the way from the root of the tree to `target` and back; whether what usually follows may.
    ///
    /// The way is that of the beginning. At each node those are told who listen when its turn comes and have not been
    /// taken off when theirs does. It can be sent again afterwards, also if a listener panics.
    ///
    /// # Panics
    /// If it is on its way already.
    pub fn dispatch(this: &Gc<Self>, target: &Gc<Node>) -> bool {
        assert!(this.current.borrow().is_none(), "the event is on its way already");
        let around: Vec<_> = target.ancestors().collect();
        replace(&this.target, Some(target));
        let on_its_way = OnItsWay(this);
        around.iter().rev().for_each(|node| tell(this, node, true));
        tell(this, target, true);
        tell(this, target, false);
        if this.bubbles {
            around.iter().for_each(|node| tell(this, node, false));
        }
        drop(on_its_way);
        !this.is_prevented.get()
    }
}

/// Makes an event one that can be sent again, whatever ends its way.
struct OnItsWay<'a>(&'a Event);

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.stopped.set(Stopped::No);
        replace(&self.0.current, None);
    }
}

/// Tells those who listen to `node` on this part of the way.
fn tell(event: &Gc<Event>, node: &Gc<Node>, capture: bool) {
    if event.stopped.get() != Stopped::No {
        return;
    }
    replace(&event.current, Some(node));
    let entries: Vec<_> = {
        let listeners = node.listeners.borrow();
        let told = |entry: &&Entry| *entry.event == *event.name && entry.options.capture == capture;
        listeners.entries().iter().filter(told).cloned().collect()
    };
    for Entry { event: name, listener, options } in entries {
        let still_listens = match options.once {
            true => node.unlisten(&name, &listener, capture),
            false => node.listeners.borrow().entries().iter().any(|entry| entry.is(&name, &listener, capture)),
        };
        if still_listens && event.stopped.get() != Stopped::Here {
            listener.call(event.clone());
        }
    }
}

/// What was there is dropped when the cell is free again.
fn replace(cell: &RefCell<Option<Gc<Node>>>, node: Option<&Gc<Node>>) {
    let _old = cell.replace(node.cloned());
}
