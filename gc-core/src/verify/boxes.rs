//! The boxes of each thread, as the heap tells of them.

use std::alloc::Layout;
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::require;
use crate::object::header::Header;
use crate::spread::{Spread, WordMap};

/// What is known of a box whose memory is allocated.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) memory: NonNull<u8>,
    pub(crate) layout: Layout,
    /// Its value is gone, and only weak pointers keep the memory (or it leaks).
    pub(crate) buried: bool,
    /// Its value may be mutably borrowed, unless there is another pointer to it.
    pub(crate) mutable: bool,
}

pub(crate) type Boxes = WordMap<NonNull<Header>, Known>;

struct Registry {
    boxes: Boxes,
    born: u64,
}

thread_local! {
    /// As long as the thread, as its heap (E1).
    static REGISTRY: ManuallyDrop<RefCell<Registry>> =
        const { ManuallyDrop::new(RefCell::new(Registry { boxes: WordMap::with_hasher(Spread), born: 0 })) };
}

/// The boxes of this thread, and how many were ever born.
pub(crate) fn boxes() -> (Boxes, u64) {
    REGISTRY.with(|registry| {
        let registry = registry.borrow();
        (registry.boxes.clone(), registry.born)
    })
}

/// A box has got its header.
pub(crate) fn born(header: NonNull<Header>, memory: NonNull<u8>, layout: Layout) {
    REGISTRY.with(|registry| {
        let mut registry = registry.borrow_mut();
        registry.born += 1;
        let before = registry.boxes.insert(header, Known { memory, layout, buried: false, mutable: false });
        require!(before.is_none(), "P3", "the memory of the box {header:p} was handed out again");
    });
}

/// Its value is gone.
pub(crate) fn buried(header: NonNull<Header>) {
    change(header, |known| {
        require!(!known.buried, "S1", "the box {header:p} died twice");
        known.buried = true;
    });
}

/// Somebody who has the only pointer to a box borrows its value.
pub(crate) fn borrowed_mutably(header: NonNull<Header>) {
    change(header, |known| known.mutable = true);
}

/// Its memory goes back.
pub(crate) fn freed(header: NonNull<Header>) {
    change(header, |known| require!(known.buried, "H3", "the box {header:p} was freed before it died"));
    // SAFETY: the box is allocated until its memory goes back (H3).
    let gone = unsafe { header.as_ref() };
    let weak = gone.weak();
    require!(weak <= 1, "H3", "the box {header:p} is to be freed with a weak count of {weak}");
    require!(!gone.is_immortal(), "H2", "the box {header:p} is to be freed, though its count is immortal");
    REGISTRY.with(|registry| {
        let boxes = &mut registry.borrow_mut().boxes;
        boxes.remove(&header);
        if boxes.is_empty() {
            // An emptied map would keep memory, which the end of the thread would leak.
            *boxes = WordMap::with_hasher(Spread);
        }
    });
}

fn change(header: NonNull<Header>, change: impl FnOnce(&mut Known)) {
    REGISTRY.with(|registry| match registry.borrow_mut().boxes.get_mut(&header) {
        Some(known) => change(known),
        None => super::fail("E3", format_args!("{header:p} is no box of this thread, or was freed before")),
    });
}
