//! The searches of html5ever's tree builder among the open elements, cut short where they find nothing.
//!
//! Before most start tags, the tree builder looks whether a `p` is open that the tag closes, and before an end tag, what it
//! closes. It goes from the current node to the nearest element that ends such a search: a table cell, an `object`, the
//! root. In a page of *n* nested `div`s that is *n*² / 2 steps, minutes for a page of a megabyte (servo/html5ever#788).
//! Browsers keep the answer with each open element. So does the sink, in `Element::around`; but the search is html5ever's,
//! and all it asks the sink is names. So where the answer is known to be "nothing", other elements than the current one are called
//! `object`, and at the first of them the search ends.
//!
//! # Invariants
//! - **X1** `around` has all names that a search from the element could find, and perhaps others: its own, and, unless it ends the
//!   search, those of the element around it when the parser put it there. What a search meets on the stack was around
//!   it in the tree then. And `made` has the names of all elements that were made, and perhaps others. So no search is cut short
//!   that could find something.
//! - **X2** A wrong name is given only between the announcement of a tag and the first change to the tree, never for the
//!   current node, and only for [plain](is_plain) elements. With these tags and current nodes, what html5ever asks meanwhile
//!   about other elements is whether they are what is sought, end the search, or are a `template` or `table`.
//! - **X3** Where a part of a table begins or the table ends, `thead` is called `tbody`: html5ever, which treats the two alike
//!   otherwise, looks for `tbody` and `tfoot` only, and would not let a `thead` end that is in a `template` without its table.
//!
//! A test parses random tags with and without this, and compares.

use std::cell::Cell;

use gc_core::Gc;
use html5ever::tokenizer::{Tag, TagKind, Token};
use html5ever::{ExpandedName, LocalName, Namespace, local_name, ns};

use super::sink::Handle;
use crate::dom::element::Element;
use crate::dom::node::Node;

static HTML: Namespace = ns!(html);
static OBJECT: LocalName = local_name!("object");
static TBODY: LocalName = local_name!("tbody");

/// Names of HTML elements, as bits.
pub(in crate::dom) type Names = u32;

const NONE: Names = 0;
/// Nothing was noted yet: all may be around.
pub(in crate::dom) const UNKNOWN: Names = Names::MAX;
const P: Names = 1 << 0;
const SELECT: Names = 1 << 1;
const BUTTON: Names = 1 << 2;
const RUBY: Names = 1 << 3;
const HEADING: Names = 1 << 4;
/// `li`, `dd` and `dt`.
const ITEMS: Names = 7 << 5;
const RARE: Names = 1 << 8;

/// The bit of a name that is searched for; the rarer ones share one.
fn bit(name: &LocalName) -> Names {
    match *name {
        local_name!("p") => P,
        local_name!("select") => SELECT,
        local_name!("button") => BUTTON,
        local_name!("ruby") => RUBY,
        local_name!("h1")
        | local_name!("h2")
        | local_name!("h3")
        | local_name!("h4")
        | local_name!("h5")
        | local_name!("h6") => HEADING,
        local_name!("li") => 1 << 5,
        local_name!("dd") => 1 << 6,
        local_name!("dt") => 1 << 7,
        local_name!("article") => 1 << 9,
        local_name!("aside") => 1 << 10,
        local_name!("blockquote") => 1 << 11,
        local_name!("center") => 1 << 12,
        local_name!("details") => 1 << 13,
        local_name!("div") => 1 << 14,
        local_name!("dl") => 1 << 15,
        local_name!("fieldset") => 1 << 16,
        local_name!("figcaption") => 1 << 17,
        local_name!("figure") => 1 << 18,
        local_name!("footer") => 1 << 19,
        local_name!("header") => 1 << 20,
        local_name!("main") => 1 << 21,
        local_name!("menu") => 1 << 22,
        local_name!("nav") => 1 << 23,
        local_name!("ol") => 1 << 24,
        local_name!("pre") => 1 << 25,
        local_name!("section") => 1 << 26,
        local_name!("summary") => 1 << 27,
        local_name!("ul") => 1 << 28,
        local_name!("address")
        | local_name!("dialog")
        | local_name!("dir")
        | local_name!("hgroup")
        | local_name!("listing")
        | local_name!("search") => RARE,
        _ => NONE,
    }
}

/// What a tag makes the tree builder search for first.
#[derive(Clone, Copy)]
pub(super) struct Sought {
    names: Names,
    /// Whether the answer is known only if the current node is a list: otherwise an item of it may be closed before.
    only_in_list: bool,
}

impl Sought {
    /// An end tag that ends nothing.
    const NOTHING: Self = Self { names: NONE, only_in_list: false };

    /// `None` for a tag whose searches are others; `own` is the bit of its name.
    fn by(tag: &Tag, own: Names) -> Option<Self> {
        let names = match (tag.kind, &tag.name) {
            (TagKind::EndTag, _) => own,
            (TagKind::StartTag, &local_name!("button")) => BUTTON,
            (TagKind::StartTag, &(local_name!("rb") | local_name!("rp") | local_name!("rt") | local_name!("rtc"))) => {
                RUBY
            }
            (
                TagKind::StartTag,
                &(local_name!("hr")
                | local_name!("input")
                | local_name!("optgroup")
                | local_name!("option")
                | local_name!("xmp")),
            ) => P | SELECT,
            (TagKind::StartTag, _) if own == NONE || own == RUBY => NONE,
            (TagKind::StartTag, _) => P | SELECT,
        };
        let only_in_list = tag.kind == TagKind::StartTag && own & ITEMS != NONE;
        (names != NONE).then_some(Self { names, only_in_list })
    }
}

/// Whether at this tag a part of a table begins, or the table ends (X3).
fn divides_table(tag: &Tag) -> bool {
    match tag.kind {
        TagKind::EndTag => tag.name == local_name!("table"),
        TagKind::StartTag => matches!(
            tag.name,
            local_name!("caption")
                | local_name!("col")
                | local_name!("colgroup")
                | local_name!("tbody")
                | local_name!("tfoot")
                | local_name!("thead")
        ),
    }
}

/// Names, each as a bit: more of them than a page has, so few share one.
#[derive(Default)]
struct NameSet([Cell<u64>; 16]);

impl NameSet {
    fn place(&self, name: &LocalName) -> (&Cell<u64>, u64) {
        // A name is a word, the same for the same letters, as long as an element has it.
        let place = name.unsafe_data().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54;
        (&self.0[(place >> 6) as usize], 1 << (place & 63))
    }

    fn insert(&self, name: &LocalName) {
        let (word, bit) = self.place(name);
        word.set(word.get() | bit);
    }

    /// False only if the name was not inserted.
    fn may_contain(&self, name: &LocalName) -> bool {
        let (word, bit) = self.place(name);
        word.get() & bit != 0
    }
}

/// The search that is under way.
pub(super) struct Search {
    state: Cell<State>,
    current: Cell<*const Node>,
    /// The names of the elements that were made.
    made: NameSet,
}

#[derive(Clone, Copy)]
enum State {
    /// All names are right.
    Quiet,
    /// The next question is about the current node.
    Announced(Sought),
    /// The current node was asked about; what is sought is not around it.
    Vain,
    /// A `thead` is a `tbody`.
    Table,
}

impl Search {
    pub(super) fn new() -> Self {
        Self { state: Cell::new(State::Quiet), current: Cell::new(std::ptr::null()), made: NameSet::default() }
    }

    /// A token is about to be processed.
    pub(super) fn begin(&self, token: &Token) {
        self.state.set(match token {
            Token::TagToken(tag) => self.announced(tag, bit(&tag.name)),
            _ => State::Quiet,
        });
    }

    fn announced(&self, tag: &Tag, own: Names) -> State {
        match own {
            NONE if divides_table(tag) => State::Table,
            NONE if self.ends_nothing(tag) => State::Announced(Sought::NOTHING),
            _ => Sought::by(tag, own).map_or(State::Quiet, State::Announced),
        }
    }

    /// Whether it is the end tag of an element that there is none of, if its name has no bit. (Headings have: each ends any other.
    /// And `object` is what others are called.)
    fn ends_nothing(&self, tag: &Tag) -> bool {
        tag.kind == TagKind::EndTag && tag.name != OBJECT && !self.made.may_contain(&tag.name)
    }

    /// The token has been processed.
    pub(super) fn end(&self) {
        self.state.set(State::Quiet);
    }

    /// The tree changes.
    pub(super) fn change(&self) {
        if !matches!(self.state.get(), State::Table) {
            self.end();
        }
    }

    /// An element of this name is made.
    pub(super) fn make(&self, name: &LocalName) {
        self.made.insert(name);
        self.change();
    }

    /// The name that html5ever is told.
    #[inline]
    pub(super) fn name<'a>(&self, node: &Handle, element: &'a Element) -> ExpandedName<'a> {
        match self.state.get() {
            State::Quiet => element.name().expanded(),
            state => self.name_meanwhile(state, node, element),
        }
    }

    fn name_meanwhile<'a>(&self, state: State, node: &Handle, element: &'a Element) -> ExpandedName<'a> {
        match state {
            State::Announced(sought) => self.meet(sought, node, element),
            State::Vain if Gc::as_ptr(node) != self.current.get() && is_plain(element) => {
                return ExpandedName { ns: &HTML, local: &OBJECT };
            }
            State::Table if element.is_html(&local_name!("thead")) => {
                return ExpandedName { ns: &HTML, local: &TBODY };
            }
            State::Quiet | State::Vain | State::Table => {}
        }
        element.name().expanded()
    }

    fn meet(&self, sought: Sought, current: &Handle, element: &Element) {
        let is_known = is_plain(element) && (!sought.only_in_list || is_list(element));
        let is_vain = is_known && element.around.get() & sought.names == NONE;
        self.current.set(Gc::as_ptr(current));
        self.state.set(if is_vain { State::Vain } else { State::Quiet });
    }
}

/// Notes what is around an element, now that `parent` is (X1).
///
/// What was noted once stays: when misnested formatting is put in order, elements move, but of those around them some only leave
/// the stack, or are replaced by formatting elements, which are not sought. Such a replacement gets its content before its
/// place; what is around the one is around the other.
pub(super) fn note(parent: &Node, child: &Node) {
    let Some(element) = child.as_element() else { return };
    match (element.around.get(), parent.as_element()) {
        (UNKNOWN, around) => {
            let inherited = around.filter(|_| !ends_search(element)).map_or(NONE, |around| around.around.get());
            let own = if element.name().ns == ns!(html) { bit(&element.name().local) } else { NONE };
            element.around.set(own | inherited);
        }
        (known, Some(replacement)) if replacement.around.get() == UNKNOWN => replacement.around.set(known),
        _ => {}
    }
}

/// Whether a search among the open elements ends here; the rarer ones, in MathML and SVG, are left out.
fn ends_search(element: &Element) -> bool {
    let name = element.name();
    name.ns == ns!(html)
        && matches!(
            name.local,
            local_name!("applet")
                | local_name!("caption")
                | local_name!("html")
                | local_name!("marquee")
                | local_name!("object")
                | local_name!("select")
                | local_name!("table")
                | local_name!("td")
                | local_name!("template")
                | local_name!("th")
        )
}

/// Whether it is an HTML element that does not decide where the next one goes.
fn is_plain(element: &Element) -> bool {
    let name = element.name();
    name.ns == ns!(html)
        && !matches!(
            name.local,
            local_name!("body")
                | local_name!("caption")
                | local_name!("col")
                | local_name!("colgroup")
                | local_name!("frameset")
                | local_name!("head")
                | local_name!("html")
                | local_name!("noscript")
                | local_name!("select")
                | local_name!("table")
                | local_name!("tbody")
                | local_name!("td")
                | local_name!("template")
                | local_name!("tfoot")
                | local_name!("th")
                | local_name!("thead")
                | local_name!("tr")
        )
}

fn is_list(element: &Element) -> bool {
    matches!(
        element.name().local,
        local_name!("dir") | local_name!("dl") | local_name!("menu") | local_name!("ol") | local_name!("ul")
    )
}
