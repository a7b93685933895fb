//! A pass over hand-made headers: no `Gc`, no heap.

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use super::{Found, Host, Outcome, Slices, dispose, find};
use crate::candidates::Candidates;
use crate::generation::Generation;
use crate::object::ephemeron::{Ephemeron, TrialNumber};
use crate::object::header::{Birth, Buffer, Epoch, Header, Life};
use crate::object::observer::Observer;
use crate::object::tracer::{Admit, Tracer};
use crate::object::vtable::VTable;
use crate::panics::FirstPanic;
use crate::watchers::Aftermath;

/// A box of the test's own making.
#[repr(C)]
struct Node {
    header: Header,
    edges: RefCell<Vec<NonNull<Header>>>,
    finalized: Cell<u32>,
    dropped: Cell<u32>,
}

static NODE: VTable = VTable {
    trace: |header, tracer| node(header).edges.borrow().iter().for_each(|&edge| tracer.edge(edge)),
    finalize: |header| node(header).finalized.set(node(header).finalized.get() + 1),
    has_finalizer: |_| true,
    drop_value: Some(|header| {
        for edge in node(header).edges.take() {
            node(edge).header.release_strong();
        }
        node(header).dropped.set(node(header).dropped.get() + 1);
    }),
    end: |_| unreachable!(),
    layout: Layout::new::<Node>(),
    pooled: false,
    measure: |_| unreachable!(),
    may_wait: true,
    tracked: true,
    twin: None,
    type_name: || "Node",
    type_id: None,
};

fn node<'a>(header: NonNull<Header>) -> &'a Node {
    // SAFETY: every header of these tests is that of a `Node`, which `Graph` keeps.
    unsafe { header.cast().as_ref() }
}

/// Nodes, by number; node 0 is the first.
struct Graph {
    nodes: Vec<NonNull<Header>>,
    freed: RefCell<Vec<usize>>,
    trials: Cell<TrialNumber>,
}

impl Graph {
    /// `count` nodes with these edges, each referred to by its edges and by as many `outside`.
    fn new(count: usize, edges: &[(usize, usize)], outside: &[usize]) -> Self {
        let birth = Birth { vtable: &NODE, finalizes: true };
        let nodes = (0..count).map(|_| {
            let header = Header::new(birth, Epoch::FIRST);
            header.pretend_strong(0);
            let node = Node { header, edges: RefCell::default(), finalized: Cell::new(0), dropped: Cell::new(0) };
            NonNull::from_mut(Box::leak(Box::new(node))).cast()
        });
        let graph = Self { nodes: nodes.collect(), freed: RefCell::default(), trials: Cell::new(TrialNumber::FIRST) };
        for &(from, to) in edges {
            graph.node(from).edges.borrow_mut().push(graph.nodes[to]);
            graph.node(to).header.retain_strong();
        }
        outside.iter().for_each(|&held| graph.node(held).header.retain_strong());
        graph
    }

    fn node(&self, number: usize) -> &Node {
        node(self.nodes[number])
    }

    fn find(&self, candidates: &[usize], admit: Admit) -> Found {
        let candidates = candidates.iter().map(|&number| self.nodes[number]).collect();
        let mut panics = FirstPanic::default();
        // SAFETY: the nodes are live, and the candidates differ.
        let found = unsafe { find(candidates, admit, usize::MAX, self, &mut panics) };
        panics.resume();
        found
    }

    fn numbers(&self, boxes: &[NonNull<Header>]) -> Vec<usize> {
        let number = |found: &NonNull<Header>| self.nodes.iter().position(|node| node == found).unwrap();
        let mut numbers: Vec<_> = boxes.iter().map(number).collect();
        numbers.sort_unstable();
        numbers
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        for node in &self.nodes {
            // SAFETY: they came from boxes, and are not used any more.
            drop(unsafe { Box::from_raw(node.cast::<Node>().as_ptr()) });
        }
    }
}

impl Host for Graph {
    fn number_trial(&self) -> TrialNumber {
        self.trials.replace(self.trials.get().next())
    }

    fn buffer_of(&self, _: &Header) -> Buffer {
        Buffer::Of(Generation::Old)
    }

    fn visit_entries(&self, _: NonNull<Header>, _: &mut dyn FnMut(&dyn Ephemeron)) {}

    fn take_aftermath(&self, _: NonNull<Header>, _: &mut Vec<Aftermath>) {}

    fn has_observers(&self) -> bool {
        false
    }

    unsafe fn silence(&self, _: NonNull<Observer>) {}

    unsafe fn let_go(&self, owned: NonNull<Header>) {
        node(owned).header.release_strong();
    }

    unsafe fn free(&self, dead: &[NonNull<Header>]) {
        self.freed.borrow_mut().extend(self.numbers(dead));
    }

    #[cfg(gc_verify)]
    fn verify(&self, _: &'static str, _: usize) {}
}

const EVERYBODY: Admit = Admit { now: Epoch::FIRST, within: i32::MAX, notes_frozen: false };

#[test]
fn only_what_nothing_outside_reaches_is_unreachable() {
    // 0 and 1 are a ring; 2 and 3 are one that 4, held from outside, refers to; 1 refers to 2.
    let graph = Graph::new(5, &[(0, 1), (1, 0), (2, 3), (3, 2), (4, 3), (1, 2)], &[4]);
    let found = graph.find(&[0, 3], EVERYBODY);
    assert_eq!(graph.numbers(&found.unreachable), [0, 1]);
    assert_eq!(graph.numbers(&found.survivors), [3]);
    assert_eq!((found.visited, found.edges, found.outcome), (4, 5, Outcome::Complete));
    let live = (0..5).filter(|&number| graph.node(number).header.life() == Life::Live);
    assert_eq!(live.collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn few_boxes_among_many_that_are_held_are_told_apart() {
    // 0 to 9 are held; 10 and 11 are a ring that refers to them, 12 and 13 one that 0 refers to.
    let graph = Graph::new(14, &[(10, 11), (11, 10), (11, 3), (12, 13), (13, 12), (0, 12)], &Vec::from_iter(0..10));
    let found = graph.find(&Vec::from_iter(0..14), EVERYBODY);
    assert_eq!(graph.numbers(&found.unreachable), [10, 11]);
    assert_eq!(graph.numbers(&found.survivors), Vec::from_iter((0..10).chain([12, 13])));
    assert_eq!((found.visited, found.edges, found.outcome), (14, 6, Outcome::Complete));
    assert!(found.survivors.iter().all(|&survivor| node(survivor).header.life() == Life::Live));
}

#[test]
fn boxes_that_are_held_all_of_them_survive() {
    let graph = Graph::new(3, &[(0, 1), (1, 2), (2, 0)], &[0, 1, 2]);
    let found = graph.find(&[2, 0], EVERYBODY);
    assert_eq!((graph.numbers(&found.survivors), found.visited), (vec![0, 2], 3));
    assert!((0..3).all(|number| graph.node(number).header.life() == Life::Live && found.unreachable.is_empty()));
}

#[test]
fn boxes_that_are_not_admitted_count_as_outside() {
    let graph = Graph::new(2, &[(0, 1), (1, 0)], &[]);
    assert!(graph.find(&[0], Admit::NOBODY).unreachable.is_empty());
    assert_eq!(graph.find(&[0, 1], Admit::NOBODY).unreachable.len(), 2);
}

#[test]
fn candidates_of_other_buffers_are_not_walked() {
    let graph = Graph::new(2, &[(0, 1), (1, 0)], &[]);
    graph.node(1).header.enter_buffer(Buffer::Of(Generation::Old), 7);
    assert!(graph.find(&[0], EVERYBODY).unreachable.is_empty());
    assert_eq!(graph.node(1).header.scratch(), 7);
}

#[test]
fn a_box_reported_too_often_aborts_the_pass() {
    let graph = Graph::new(2, &[(0, 1), (1, 0)], &[]);
    let extra = graph.nodes[1];
    graph.node(0).edges.borrow_mut().push(extra);
    let mut panics = FirstPanic::default();
    // SAFETY: the node is live.
    let found = unsafe { find(vec![graph.nodes[0]], EVERYBODY, usize::MAX, &graph, &mut panics) };
    assert_eq!(found.outcome, Outcome::Failed);
    assert!(found.unreachable.is_empty());
    assert_eq!(graph.numbers(&found.survivors), [0]);
    panics.forget();
}

#[test]
fn an_immortal_box_is_never_unreachable() {
    let graph = Graph::new(2, &[(0, 1), (1, 0)], &[]);
    graph.node(1).header.pretend_strong(i32::MAX as u32);
    for suspect in [0, 1] {
        assert!(graph.find(&[suspect], EVERYBODY).unreachable.is_empty());
        assert_eq!(graph.node(suspect).header.life(), Life::Live);
    }
}

#[test]
fn garbage_is_finalized_dropped_and_freed_once() {
    let graph = Graph::new(3, &[(0, 1), (1, 2), (2, 0)], &[]);
    let found = graph.find(&[1], EVERYBODY);
    // SAFETY: `find` says so.
    let disposal = unsafe { dispose(found.unreachable, &graph, &mut FirstPanic::default()) };
    assert_eq!((disposal.collected, disposal.resurrected), (3, 0));
    graph.freed.borrow_mut().sort_unstable();
    assert_eq!(*graph.freed.borrow(), [0, 1, 2]);
    for number in 0..3 {
        let it = graph.node(number);
        assert_eq!((it.finalized.get(), it.dropped.get(), it.header.strong()), (1, 1, 1));
        assert_eq!(it.header.life(), Life::Dead);
    }
}

#[test]
fn referents_are_listed_in_order() {
    let graph = Graph::new(3, &[(0, 2), (0, 1), (0, 2)], &[0]);
    let mut edges = Vec::new();
    let mut tracer = Tracer::new(crate::object::tracer::Pass::List(&mut edges));
    // SAFETY: the header is a node's.
    unsafe { (NODE.trace)(graph.nodes[0], &mut tracer) };
    assert_eq!(edges, [2, 1, 2].map(|number| graph.nodes[number]));
}

/// A flaw in the pass, or between its two halves, is found.
#[cfg(gc_verify)]
#[test]
fn each_flaw_of_a_pass_is_found() {
    use crate::verify::flaws::assert_each_is_found;

    /// Disposes of a ring of two, one of which something refers to that the pass does not know.
    fn dispose_of_a_live_ring(change: fn(&Graph)) {
        let graph = Graph::new(2, &[(0, 1), (1, 0)], &[]);
        let found = graph.find(&[0], EVERYBODY);
        change(&graph);
        // SAFETY: none; the process is to end.
        unsafe { dispose(found.unreachable, &graph, &mut FirstPanic::default()) };
    }
    assert_each_is_found(
        "cycle::tests::each_flaw_of_a_pass_is_found",
        &[
            ("Y2", || dispose_of_a_live_ring(|graph| graph.node(1).header.retain_strong())),
            ("Y2", || dispose_of_a_live_ring(|graph| drop(graph.node(0).edges.take()))),
            ("Y1", || {
                let graph = Graph::new(2, &[(0, 1), (1, 0)], &[]);
                let found = graph.find(&[0], EVERYBODY);
                // SAFETY: as above.
                unsafe { dispose(found.unreachable.repeat(2), &graph, &mut FirstPanic::default()) };
            }),
            ("T5", || {
                let graph = Graph::new(1, &[], &[0]);
                graph.find(&[0, 0], EVERYBODY);
            }),
        ],
    );
}

/// A collection in slices of a graph.
struct Sliced<'a> {
    graph: &'a Graph,
    candidates: Candidates,
    slices: Slices,
    /// The groups of garbage that were handed out.
    garbage: Vec<Vec<usize>>,
}

impl<'a> Sliced<'a> {
    fn begin(graph: &'a Graph, suspects: &[usize]) -> Self {
        let candidates = Candidates::new();
        for &suspect in suspects {
            // SAFETY: the nodes outlive the candidates.
            unsafe { candidates.insert(graph.nodes[suspect], Buffer::Of(Generation::Middle)) };
        }
        candidates.set_aside();
        Self { graph, candidates, slices: Slices::new(EVERYBODY, graph), garbage: Vec::new() }
    }

    /// One slice, of the least work that there is; `true` if it was the last.
    fn go_on(&mut self) -> bool {
        let done = self.slices.go_on(&self.candidates, self.graph, 1);
        if !done.garbage.is_empty() {
            self.garbage.push(self.graph.numbers(&done.garbage));
        }
        done.is_over
    }

    fn finish(mut self) -> Vec<Vec<usize>> {
        let slices = (0..1_000).take_while(|_| !self.go_on()).count();
        assert!(slices < 1_000, "they do not end");
        assert_eq!((self.candidates.len(), self.candidates.traced.len()), (0, 0));
        assert!(self.graph.nodes.iter().all(|&boxed| !node(boxed).header.is_listed()));
        self.garbage.sort();
        self.garbage
    }
}

#[test]
fn slices_hand_garbage_out_in_groups_of_connected_boxes() {
    // 0 and 1 are a ring, and so are 2 and 3; 4 refers to 5 and itself; 6 and 7 are a ring that 8, held from outside, refers to;
    // 3 and 5 refer to 6.
    let edges = [(0, 1), (1, 0), (2, 3), (3, 2), (4, 4), (4, 5), (6, 7), (7, 6), (8, 7), (3, 6), (5, 6)];
    let graph = Graph::new(9, &edges, &[8]);
    assert_eq!(Sliced::begin(&graph, &[7, 4, 0, 3]).finish(), [[0, 1], [2, 3], [4, 5]]);
}

#[test]
fn what_holds_itself_and_what_it_refers_to_are_one_group_whoever_comes_first() {
    // Two rings, of which the first refers to the second.
    let graph = Graph::new(4, &[(0, 1), (1, 0), (2, 3), (3, 2), (1, 2)], &[]);
    for suspects in [[0, 2], [2, 0]] {
        assert_eq!(Sliced::begin(&graph, &suspects).finish(), [[0, 1, 2, 3]]);
    }
}

#[test]
fn a_box_that_gets_a_pointer_between_two_slices_is_alive_with_all_it_reaches() {
    let mut outcomes = Vec::new();
    for pause in 1.. {
        let graph = Graph::new(3, &[(0, 1), (1, 2), (2, 0)], &[]);
        let mut sliced = Sliced::begin(&graph, &[0]);
        if (0..pause).any(|_| sliced.go_on() || !sliced.garbage.is_empty()) {
            break;
        }
        graph.node(1).header.retain_strong();
        outcomes.push(sliced.finish());
    }
    // Late in the second round, it is taken for garbage: `find` will tell.
    let late = outcomes.partition_point(Vec::is_empty);
    assert!(
        late > outcomes.len() / 2 && outcomes[late..].iter().all(|garbage| *garbage == [[0, 1, 2]]),
        "{outcomes:?}"
    );
}

#[test]
fn a_collection_in_slices_that_is_given_up_suspects_again_what_it_began_from() {
    let graph = Graph::new(4, &[(0, 1), (1, 0), (2, 3), (3, 2)], &[2]);
    let mut sliced = Sliced::begin(&graph, &[0, 2]);
    assert!(!(0..6).any(|_| sliced.go_on()));
    let Sliced { candidates, slices, .. } = sliced;
    let mut suspects = slices.abandon(&candidates);
    suspects.extend(std::iter::from_fn(|| candidates.next_aside()));
    assert_eq!(graph.numbers(&suspects), [0, 2]);
    assert!(graph.nodes.iter().all(|&boxed| !node(boxed).header.is_listed()));
}
