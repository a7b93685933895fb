//! Reads the boxes of a heap: the one part of a capture during which the heap must not change, and during which no code of the
//! user's runs but `trace`.
//!
//! # Invariants
//! - **I3** a value is looked into only if nobody can have a `&mut` to it: its header does not say `EXCLUSIVE`, or says it in vain
//!   (I1), or a value that may be looked into has the `Gc`, which whoever borrows it mutably would have to borrow mutably first.
//! - **I4** nothing that is read here is followed once [`read`] has returned: headers have become figures, pointers addresses.

use std::collections::HashMap;
use std::ops::{Deref, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};

use crate::generation::Generation;
use crate::heap::Heap;
use crate::object::describer::{Describer, EdgeKind, RawEdge};
use crate::object::header::{Epoch, Header, Life};
use crate::object::labels::Labels;
use crate::object::tracer::{Pass, Tracer};
use crate::object::vtable::VTable;
use crate::spread::{Spread, WordMap};

/// Why edges of an object may be missing in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unread {
    /// A cell in the value was mutably borrowed, or a lock held.
    Borrowed,
    /// The value itself may be mutably borrowed: there is one pointer to it, which was given to [`Gc::get_mut`](crate::Gc::get_mut) or
    /// [`Gc::make_mut`](crate::Gc::make_mut), and nothing tells whether that reference is still in use.
    Exclusive,
    /// Its `trace` panicked.
    Panicked,
}

/// One object.
pub(super) struct Record {
    pub(super) address: usize,
    pub(super) bytes: usize,
    pub(super) birth: Epoch,
    /// The number of its type.
    pub(super) of: u32,
    pub(super) strong: u32,
    pub(super) weak: u32,
    /// How many of the strong references come from no edge.
    pub(super) outside: u32,
    pub(super) generation: Generation,
    pub(super) unread: Option<Unread>,
}

/// What was read.
pub(super) struct Reading {
    /// In the order of their addresses.
    pub(super) records: Vec<Record>,
    pub(super) types: Vec<&'static str>,
    /// Where the edges of each are, among all.
    pub(super) spans: Vec<Range<u32>>,
    pub(super) edges: Vec<RawEdge>,
    pub(super) labels: Labels,
    /// Edges of entries, in order, each with the address of its entry.
    pub(super) ephemerons: Vec<(Range<u32>, *const ())>,
    /// The numbers of the boxes that own the tables that entries are in.
    pub(super) owners: WordMap<usize, u32>,
}

/// A box whose value is alive, or is being finalized.
fn is_alive(header: &Header) -> bool {
    header.life() < Life::Dead && header.strong() > 0
}

/// The boxes that are alive, in the order of their addresses.
///
/// # Panics
/// Inside a `trace`.
pub(super) fn live_boxes(heap: &Heap) -> Vec<NonNull<Header>> {
    let mut boxes = heap.boxes();
    boxes.retain(|&boxed| {
        let header = header_of(&boxed);
        // Only what looks for garbage visits boxes, and runs no other code of the user's (H5).
        assert!(!matches!(header.life(), Life::Visited | Life::Reachable), "{INSIDE_TRACE}");
        is_alive(header)
    });
    boxes
}

const INSIDE_TRACE: &str = "a `trace` cannot look at the heap: it is called by somebody who does so already";

/// The header of a box of `Heap::boxes`, while nothing is freed.
fn header_of(boxed: &NonNull<Header>) -> &Header {
    // SAFETY: the memory of the box is there (I2, Y4), and no `&mut Header` exists (H1).
    unsafe { boxed.as_ref() }
}

/// Reads all that is alive on this thread's heap.
///
/// # Panics
/// Inside a `trace`.
pub(super) fn read() -> Reading {
    let reading = Heap::with(|heap| heap.while_unchanged(|| Reader::new(heap).read()));
    reading.unwrap_or_else(|| panic!("{INSIDE_TRACE}"))
}

/// The boxes that are looked at. What a panic hook, inside a `trace` that panics, lets die of them waits in the drop queue (Y4).
struct Shown(Vec<NonNull<Header>>);

impl Shown {
    fn new(boxes: Vec<NonNull<Header>>) -> Self {
        let lives = boxes.iter().map(header_of).filter(|header| header.life() == Life::Live);
        lives.for_each(|header| header.set_life(Life::Visited));
        Self(boxes)
    }
}

impl Deref for Shown {
    type Target = [NonNull<Header>];

    fn deref(&self) -> &[NonNull<Header>] {
        &self.0
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let visited = self.0.iter().map(header_of).filter(|header| header.is_visited());
        visited.for_each(|header| header.set_life(Life::Live));
    }
}

struct Reader<'h> {
    heap: &'h Heap,
    boxes: Shown,
    describer: Describer,
    types: Types,
    spans: Vec<Range<u32>>,
    unread: WordMap<u32, Unread>,
    ephemerons: Vec<(Range<u32>, *const ())>,
    owners: WordMap<usize, u32>,
}

impl<'h> Reader<'h> {
    fn new(heap: &'h Heap) -> Self {
        let boxes = live_boxes(heap);
        assert!(u32::try_from(boxes.len()).is_ok_and(|len| len < u32::MAX), "a snapshot has room for 2^32 - 2 objects");
        Self {
            heap,
            spans: vec![0..0; boxes.len()],
            boxes: Shown::new(boxes),
            describer: Describer::new(),
            types: Types::default(),
            unread: WordMap::with_hasher(Spread),
            ephemerons: Vec::new(),
            owners: WordMap::with_hasher(Spread),
        }
    }

    fn read(mut self) -> Reading {
        self.look_into_all();
        let records = (0..self.boxes.len()).map(|index| self.record(index)).collect();
        // Whatever is born from now on is told from what was seen, even if it takes its place.
        self.heap.mark_epoch();
        let (edges, labels) = self.describer.finish();
        assert!(u32::try_from(edges.len()).is_ok(), "a snapshot has room for 2^32 edges");
        let Types { names: types, .. } = self.types;
        Reading { records, types, spans: self.spans, edges, labels, ephemerons: self.ephemerons, owners: self.owners }
    }

    fn look_into_all(&mut self) {
        let mut put_off = WordMap::with_hasher(Spread);
        for index in 0..self.boxes.len() {
            let boxed = self.boxes[index];
            if header_of(&boxed).is_exclusive() {
                put_off.insert(boxed, index);
            } else {
                self.look_into(index);
            }
        }
        let mut seen = 0;
        while !put_off.is_empty()
            && let Some(edge) = self.describer.edges.get(seen)
        {
            if edge.kind != EdgeKind::Weak
                && let Some(index) = put_off.remove(&edge.to)
            {
                header_of(&edge.to).set_exclusive(false);
                self.look_into(index);
            }
            seen += 1;
        }
        self.unread.extend(put_off.into_values().map(|index| (index as u32, Unread::Exclusive)));
    }

    /// Looks into a value that nobody borrows mutably (I3).
    fn look_into(&mut self, index: usize) {
        let boxed = self.boxes[index];
        let header = header_of(&boxed);
        let start = self.describer.edges.len() as u32;
        self.describer.begin();
        let trace = header.vtable().trace;
        let describer = &mut self.describer;
        // SAFETY: the table is the box's own (V1); its value is whole, since it is alive (V2), and not mutably borrowed (I3).
        let traced = catch(|| unsafe { trace(boxed, &mut Tracer::new(Pass::Describe(describer))) });
        self.owners.extend(self.describer.entries.drain(..).map(|entry| (entry.addr(), index as u32)));
        let listed = !header.is_observed() || self.list_entries(boxed);
        self.spans[index] = start..self.describer.edges.len() as u32;
        if !traced || !listed {
            self.unread.insert(index as u32, Unread::Panicked);
        } else if self.describer.is_busy {
            self.unread.insert(index as u32, Unread::Borrowed);
        }
    }

    /// Notes down the edges of the entries that hang on a box; `false` if the `trace` of one panicked.
    fn list_entries(&mut self, key: NonNull<Header>) -> bool {
        let Self { heap, describer, ephemerons, .. } = self;
        let mut listed = true;
        heap.visit_entries_of(key, &mut |entry| {
            let start = describer.edges.len() as u32;
            listed &= catch(|| describer.entry_of_key(entry));
            ephemerons.push((start..describer.edges.len() as u32, ptr::from_ref(entry).cast()));
        });
        listed
    }

    fn record(&mut self, index: usize) -> Record {
        let boxed = self.boxes[index];
        let header = header_of(&boxed);
        // SAFETY: the table is the box's own (V1).
        let allocation = unsafe { header.vtable().allocation(boxed) };
        // What a collection, or a dying, holds is nobody's.
        let own = u32::from(header.life() == Life::Unreachable);
        Record {
            address: boxed.as_ptr().addr(),
            bytes: allocation.layout.size(),
            birth: header.birth(),
            of: self.types.number(header.vtable()),
            strong: header.strong() - own,
            weak: header.weak() - 1,
            outside: 0,
            generation: self.heap.generation_of(header),
            unread: self.unread.get(&(index as u32)).copied(),
        }
    }
}

/// Runs code of the user's; `false` if it panics. The payload is forgotten: dropping it could panic again.
fn catch(door: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(door)).map_err(std::mem::forget).is_ok()
}

/// The names of types, each once.
#[derive(Default)]
pub(super) struct Types {
    pub(super) names: Vec<&'static str>,
    by_name: HashMap<&'static str, u32>,
    by_table: HashMap<*const VTable, u32>,
}

impl Types {
    /// The number of the type whose boxes have this table. Several tables may be those of one type.
    pub(super) fn number(&mut self, vtable: &'static VTable) -> u32 {
        *self.by_table.entry(ptr::from_ref(vtable)).or_insert_with(|| {
            let name = (vtable.type_name)();
            *self.by_name.entry(name).or_insert_with(|| {
                self.names.push(name);
                self.names.len() as u32 - 1
            })
        })
    }
}
