//! An event bus that keeps no subscriber alive.
//!
//! The bus holds `Weak<dyn Observer>`s; each has a callback that strikes it off the list the moment the observer dies,
//! by counting or in a collection. An observer may hold the bus, be part of any cycle, and come or go while an event is
//! being delivered.
//!
//! ```sh
//! cargo run --example observer_bus
//! ```

use std::cell::{Cell, RefCell};

use gc_core::{Gc, Trace, Weak, coerce};

/// Somebody to be told.
trait Observer {
    fn notify(&self, event: &str);
}

#[derive(Trace, Default)]
struct Bus {
    observers: RefCell<Vec<(u64, Weak<dyn Observer>)>>,
    next: Cell<u64>,
}

impl Bus {
    /// Tells `observer` of every event from now on, as long as it lives.
    fn subscribe(this: &Gc<Self>, observer: &Gc<dyn Observer>) {
        let number = this.next.replace(this.next.get() + 1);
        let bus = Gc::downgrade(this);
        let weak = Gc::downgrade_with(observer, move || {
            if let Some(bus) = bus.upgrade() {
                bus.strike_off(number);
            }
        });
        this.observers.borrow_mut().push((number, weak));
    }

    fn strike_off(&self, number: u64) {
        // The weak pointer, whose callback this is, is dropped when the list is free again.
        let index = self.observers.borrow().iter().position(|(other, _)| *other == number);
        let _gone = index.map(|index| self.observers.borrow_mut().remove(index));
    }

    /// Tells everybody who is there now. They may subscribe others, drop one another, publish again.
    fn publish(&self, event: &str) {
        let present: Vec<_> = self.observers.borrow().iter().filter_map(|(_, weak)| weak.upgrade()).collect();
        present.iter().for_each(|observer| observer.notify(event));
    }

    fn len(&self) -> usize {
        self.observers.borrow().len()
    }
}

/// Notes down what it hears, and holds the bus and perhaps a friend: cycles that users write every day.
#[derive(Trace)]
struct Listener {
    name: &'static str,
    heard: RefCell<Vec<String>>,
    bus: Gc<Bus>,
    friend: RefCell<Option<Gc<Listener>>>,
}

impl Listener {
    fn new(name: &'static str, bus: &Gc<Bus>) -> Gc<Self> {
        let listener = Gc::new(Self { name, heard: RefCell::default(), bus: bus.clone(), friend: RefCell::default() });
        Bus::subscribe(bus, &coerce!(listener.clone() => dyn Observer));
        listener
    }
}

impl Observer for Listener {
    fn notify(&self, event: &str) {
        println!("{} hears: {event}", self.name);
        self.heard.borrow_mut().push(event.to_owned());
        if event == "party" && self.friend.borrow().is_none() {
            // The newcomer is held by nobody but its host; it hears of later events only.
            *self.friend.borrow_mut() = Some(Self::new("newcomer", &self.bus));
        }
    }
}

fn main() {
    let bus = Gc::new(Bus::default());
    let [ada, ben, eve] = ["Ada", "Ben", "Eve"].map(|name| Listener::new(name, &bus));
    bus.publish("hello");

    // Dropped: struck off at once.
    drop(eve);
    assert_eq!(bus.len(), 2);
    bus.publish("Eve left");

    // Two friends who hold each other are a cycle. Nothing but a collection finds that nobody needs them any more.
    *ada.friend.borrow_mut() = Some(ben.clone());
    *ben.friend.borrow_mut() = Some(ada.clone());
    drop(ben);
    let before = ada.heard.borrow().len();
    bus.publish("still here");
    assert_eq!((ada.heard.borrow().len(), bus.len()), (before + 1, 2));
    drop(ada);
    println!("collected: {}", gc_core::collect());
    assert_eq!(bus.len(), 0);

    // Observers may come while an event is delivered.
    let host = Listener::new("host", &bus);
    bus.publish("party");
    bus.publish("cake");
    assert_eq!((bus.len(), host.heard.borrow().len()), (2, 2));
    drop(host);
    assert_eq!(bus.len(), 0);
    println!("left on the bus: {}", bus.len());
}

#[test]
fn it_runs() {
    main();
}
