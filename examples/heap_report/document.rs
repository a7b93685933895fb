//! Documents that leak, in the ways that pages do.
//!
//! | document | what happened | alive because |
//! |---|---|---|
//! | 0 | it is open | the program holds it |
//! | 1 | it was closed | an entry of the history, in an untraced `Rc`, holds an element of it |
//! | 2 | it was closed | listeners hold the elements they listen to: garbage, until a collection comes |
//! | 3 | it was closed | keyboard shortcuts of its elements were never taken off |

use std::any::Any;
use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use gc_core::{Gc, Trace, Weak, coerce};
use gc_examples::dom::events::{Options, listener};
use gc_examples::dom::select::Selector;
use gc_examples::dom::{Node, Page, parse_document};

/// What a key does: it goes to an element. The key is part of the type, so that there are types with strange names.
#[derive(Trace)]
struct Shortcut<const KEY: char> {
    target: Gc<Node>,
}

/// What any other key does: the key is part of the value.
type Other = Gc<(char, Gc<Node>)>;

/// The keys, and what they do.
#[derive(Trace, Default)]
struct Shortcuts {
    search: RefCell<Vec<Gc<Shortcut<'/'>>>>,
    first: RefCell<Vec<Gc<Shortcut<'<'>>>>,
    quote: RefCell<Vec<Gc<Shortcut<'"'>>>>,
    other: RefCell<Vec<Other>>,
}

/// What has elements that somebody may want to know of.
trait Watched {
    /// Watchers of the headings, each of which owns the next. Nobody needs to know their type.
    fn watch(&self) -> Option<Gc<dyn Any>>;
}

impl Watched for Page {
    fn watch(&self) -> Option<Gc<dyn Any>> {
        /// Somebody who does not keep the element. The name of this type begins with `<`.
        #[derive(Trace)]
        struct Watcher {
            element: Weak<Node>,
            next: Option<Gc<Watcher>>,
        }
        let watcher = |next, heading| Some(Gc::new(Watcher { element: Gc::downgrade(heading), next }));
        let first = elements(self, "h2").iter().take(100).fold(None, watcher)?;
        Some(coerce!(first => dyn Any))
    }
}

/// What a listener captures: its element, and so itself.
#[derive(Trace)]
struct Captures {
    element: Gc<Node>,
}

/// Calls `look` while documents of about `nodes` nodes together are alive, some of which should not be.
pub(crate) fn while_leaking<T>(nodes: usize, look: impl FnOnce() -> T) -> T {
    let [open, visited, heard, typed] = [0, 1, 2, 3].map(|number| page(number, nodes / 4));
    let watcher = open.watch();
    let history = remember(&visited);
    listen(&heard);
    let shortcuts = shortcuts(&typed);
    drop((visited, heard, typed));
    // Somebody is in the middle of a change: what is in the cell cannot be seen.
    let selection = Gc::new(RefCell::new(elements(&open, "a").first().cloned()));
    let selecting = selection.borrow_mut();
    let result = look();
    drop(selecting);
    drop((open, watcher, history, shortcuts, selection));
    result
}

/// How many nodes a section of a page has: itself, a heading, two paragraphs, a link, and their texts.
const NODES_OF_SECTION: usize = 9;

fn page(number: usize, nodes: usize) -> Page {
    let mut html = format!("<!doctype html><title>Page {number}</title>");
    for section in 0..nodes.div_ceil(NODES_OF_SECTION) {
        if section.is_multiple_of(10) {
            html.push_str("</article><article>");
        }
        write!(html, "<section><h2>{section}</h2><p>See <a href='#{section}'>there</a></p><p>And so on.</p></section>")
            .expect("a string takes all");
    }
    parse_document(&html)
}

fn elements(page: &Page, selector: &str) -> Vec<Gc<Node>> {
    Selector::parse(selector).expect("a selector").select(page.root())
}

/// The history of the program, with an element of the page in the middle.
fn remember(page: &Page) -> Rc<RefCell<Vec<Gc<Node>>>> {
    let articles = elements(page, "article");
    Rc::new(RefCell::new(articles.get(articles.len() / 2).cloned().into_iter().collect()))
}

/// Gives each link a listener that holds it.
fn listen(page: &Page) {
    for link in elements(page, "a") {
        let captures = Captures { element: link.clone() };
        link.listen("click", &listener(captures, |captures, _| drop(captures.element.clone())), Options::default());
    }
}

fn shortcuts(page: &Page) -> Gc<Shortcuts> {
    let shortcuts = Gc::new(Shortcuts::default());
    let links = elements(page, "a");
    for (number, link) in links.iter().enumerate().take(400) {
        let target = link.clone();
        match number % 4 {
            0 => shortcuts.search.borrow_mut().push(Gc::new(Shortcut { target })),
            1 => shortcuts.first.borrow_mut().push(Gc::new(Shortcut { target })),
            2 => shortcuts.quote.borrow_mut().push(Gc::new(Shortcut { target })),
            _ => shortcuts.other.borrow_mut().push(Gc::new(('\u{2028}', target))),
        }
    }
    shortcuts
}
