//! Events: who is told, in which order, and what listeners may do meanwhile.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::{Gc, gc};
use gc_examples::dom::events::{Event, Listener, Options, listener};
use gc_examples::dom::select::Selector;
use gc_examples::dom::{Node, Page, parse_document};

type Log = Rc<RefCell<Vec<String>>>;

const CAPTURE: Options = Options { capture: true, once: false };
const ONCE: Options = Options { capture: false, once: true };

struct Scene {
    page: Page,
    log: Log,
}

impl Scene {
    fn new() -> Self {
        Self { page: parse_document("<div><p><b>x"), log: Log::default() }
    }

    fn node(&self, selector: &str) -> Gc<Node> {
        Selector::parse(selector).expect("a selector").select(self.page.root()).remove(0)
    }

    /// A listener that notes down its name, and then does something.
    fn noting(&self, name: &str, then: fn(&Gc<Node>, &Gc<Event>)) -> Listener {
        let captures = (self.log.clone(), name.to_owned(), self.node("b"), then);
        listener(captures, |(log, name, b, then), event| {
            log.borrow_mut().push(name.clone());
            then(b, &event);
        })
    }

    fn listen(&self, selector: &str, name: &str, options: Options) -> Listener {
        let listener = self.noting(name, |_, _| {});
        self.node(selector).listen("click", &listener, options);
        listener
    }

    fn click(&self, selector: &str) -> String {
        Event::dispatch(&Event::new("click"), &self.node(selector));
        self.log.take().join(" ")
    }
}

#[test]
fn an_event_goes_down_to_its_target_and_back_up() {
    let scene = Scene::new();
    for selector in ["b", "p", "div", "body", "html"] {
        scene.listen(selector, &format!("{selector}-up"), Options::default());
        scene.listen(selector, &format!("{selector}-down"), CAPTURE);
    }
    assert_eq!(scene.click("p"), "html-down body-down div-down p-down p-up div-up body-up html-up");
}

#[test]
fn an_event_without_bubbles_does_not_come_back_up() {
    let scene = Scene::new();
    for selector in ["b", "p"] {
        scene.listen(selector, selector, Options::default());
    }
    scene.listen("p", "down", CAPTURE);
    Event::dispatch(&Event::without_bubbles("click"), &scene.node("b"));
    assert_eq!(scene.log.take(), ["down", "b"]);
}

#[test]
fn nobody_is_told_twice_or_of_other_events() {
    let scene = Scene::new();
    let listener = scene.listen("b", "b", Options::default());
    let b = scene.node("b");
    b.listen("click", &listener, Options::default());
    b.listen("focus", &listener, Options::default());
    assert_eq!(scene.click("b"), "b");
    assert_eq!(b.listeners().len(), 2);
}

#[test]
fn who_no_longer_listens_is_not_told() {
    let scene = Scene::new();
    let listener = scene.listen("b", "b", Options::default());
    let b = scene.node("b");
    assert!(!b.unlisten("click", &listener, true));
    assert!(b.unlisten("click", &listener, false));
    assert!(!b.unlisten("click", &listener, false));
    assert_eq!(scene.click("b"), "");
}

#[test]
fn who_listens_once_is_told_once() {
    let scene = Scene::new();
    scene.listen("b", "once", ONCE);
    scene.listen("b", "always", Options::default());
    assert_eq!(scene.click("b"), "once always");
    assert_eq!(scene.click("b"), "always");
}

#[test]
fn an_event_can_be_stopped() {
    for (stop, expected) in [
        ((|_, event| event.stop()) as fn(&Gc<Node>, &Gc<Event>), "stops same-node"),
        (|_, event| event.stop_here(), "stops"),
    ] {
        let scene = Scene::new();
        scene.node("b").listen("click", &scene.noting("stops", stop), Options::default());
        scene.listen("b", "same-node", Options::default());
        scene.listen("p", "around", Options::default());
        assert_eq!(scene.click("b"), expected);
        // Another event is not.
        assert_eq!(scene.click("p"), "around");
    }
}

#[test]
fn an_event_stopped_on_the_way_down_does_not_come_back_up() {
    let scene = Scene::new();
    scene.node("b").listen("click", &scene.noting("stops", |_, event| event.stop()), CAPTURE);
    scene.listen("b", "also-down", CAPTURE);
    scene.listen("b", "up", Options::default());
    assert_eq!(scene.click("b"), "stops also-down");
}

#[test]
fn an_event_stopped_before_it_is_sent_is_told_to_nobody_once() {
    let scene = Scene::new();
    scene.listen("b", "b", Options::default());
    let event = Event::new("click");
    event.stop();
    for told in [0, 1] {
        assert!(Event::dispatch(&event, &scene.node("b")));
        assert_eq!(scene.log.take().len(), told);
    }
}

#[test]
fn an_event_that_is_on_its_way_cannot_be_sent() {
    let scene = Scene::new();
    let b = scene.node("b");
    let sends_again = scene.noting("again", |b, event| {
        Event::dispatch(event, b);
    });
    b.listen("click", &sends_again, Options::default());
    assert!(catch_unwind(AssertUnwindSafe(|| scene.click("b"))).is_err());
    assert_eq!(scene.log.take(), ["again"]);
}

#[test]
fn a_listener_may_send_other_events() {
    let scene = Scene::new();
    let b = scene.node("b");
    let sends = scene.noting("click", |b, event| {
        Event::dispatch(&Event::new("focus"), b);
        assert!(Gc::ptr_eq(&event.current().unwrap(), b));
    });
    b.listen("click", &sends, Options::default());
    b.listen("focus", &scene.noting("focus", |_, _| {}), Options::default());
    scene.listen("p", "p", Options::default());
    assert_eq!(scene.click("b"), "click focus p");
}

#[test]
fn a_listener_may_panic() {
    let scene = Scene::new();
    let b = scene.node("b");
    let panics = scene.noting("panics", |_, event| {
        event.stop();
        panic!("on purpose");
    });
    b.listen("click", &panics, Options { capture: false, once: true });
    scene.listen("b", "b", Options::default());
    let event = Event::new("click");
    assert!(catch_unwind(AssertUnwindSafe(|| Event::dispatch(&event, &b))).is_err());
    assert!(event.current().is_none());
    assert!(Event::dispatch(&event, &b));
    assert_eq!(scene.log.take(), ["panics", "b"]);
}

#[test]
fn a_listener_may_close_the_page() {
    let page = Rc::new(RefCell::new(Some(parse_document("<div><p><b>x"))));
    let b = Selector::parse("b").unwrap().select(page.borrow().as_ref().unwrap().root()).remove(0);
    let told = Rc::new(RefCell::new(0));
    for node in [b.clone(), b.parent().unwrap()] {
        let captures = (page.clone(), told.clone());
        let closes = listener(captures, |(page, told), event| {
            *told.borrow_mut() += 1;
            drop(page.take());
            // The way is held until the event has come to its end.
            assert!(event.current().is_some_and(|current| current.has_children()));
        });
        node.listen("click", &closes, Options::default());
    }
    let event = Event::new("click");
    assert!(Event::dispatch(&event, &b));
    assert_eq!(*told.borrow(), 2);
    assert!(b.parent().is_none() && b.document().is_none());
    drop((b, event));
    assert_eq!(gc::stats().live_objects, 0);
}

#[test]
fn what_usually_follows_can_be_prevented() {
    let scene = Scene::new();
    let event = Event::new("click");
    assert!(Event::dispatch(&event, &scene.node("b")));
    let prevents = scene.noting("", |_, event| event.prevent_default());
    scene.node("div").listen("click", &prevents, Options::default());
    assert!(!Event::dispatch(&event, &scene.node("b")));
}

#[test]
fn an_event_tells_its_target_and_where_it_is() {
    let scene = Scene::new();
    let tells = scene.noting("", |b, event| {
        assert!(Gc::ptr_eq(&event.target().unwrap(), b));
        assert_eq!(&*event.current().unwrap().as_element().unwrap().name().local, "div");
        assert_eq!(event.name(), "click");
    });
    scene.node("div").listen("click", &tells, Options::default());
    let event = Event::new("click");
    Event::dispatch(&event, &scene.node("b"));
    assert!(event.current().is_none() && event.target().is_some());
    assert_eq!(scene.log.take().len(), 1);
}

#[test]
fn listeners_may_change_the_tree_and_who_listens() {
    let scene = Scene::new();
    let b = scene.node("b");
    let removes = scene.noting("removes", |b, _| Node::remove(b));
    b.listen("click", &removes, Options::default());
    let adds = scene.noting("adds", |b, event| {
        b.listen("click", &listener((), |(), _| panic!("added too late to be told")), Options::default());
        event.stop_here();
    });
    // The way is that of the beginning.
    scene.listen("p", "p", Options::default());
    assert_eq!(scene.click("b"), "removes p");
    b.unlisten("click", &removes, false);
    b.listen("click", &adds, Options::default());
    Event::dispatch(&Event::new("click"), &b);
    assert_eq!(scene.log.take(), ["adds"]);
}

#[test]
fn a_listener_taken_off_by_another_is_not_told() {
    let scene = Scene::new();
    let b = scene.node("b");
    let takes_off = scene.noting("takes-off", |b, _| {
        let (event, last) = b.listeners().pop().expect("there are two");
        b.unlisten(&event, &last, false);
    });
    b.listen("click", &takes_off, Options::default());
    scene.listen("b", "taken-off", Options::default());
    assert_eq!(scene.click("b"), "takes-off");
}
