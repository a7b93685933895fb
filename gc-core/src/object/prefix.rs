//! How a box whose header does not come first is told from others, by code that knows no more than where its memory begins.
//! Compiled with the feature `inspect` alone.
//!
//! # Invariants
//! - **Z3** the memory of a box begins with its header, hence with its two counts, of which the second is not zero (H3); or with a
//!   mark: how far behind it the header lies, and zero.

use std::ptr::NonNull;

use crate::object::header::Header;

/// How many bytes a mark takes.
pub(crate) const MARK: usize = size_of::<Mark>();

type Mark = [u32; 2];

/// Writes the mark of a box (Z3).
///
/// # Safety
/// The memory of the box begins `prefix` bytes in front of its header, which are no fewer than a mark takes.
pub(crate) unsafe fn mark(header: NonNull<Header>, prefix: usize) {
    // SAFETY: the caller's promise.
    let memory = unsafe { header.byte_sub(prefix) };
    // SAFETY: the memory of a box is aligned for a header, and there is room (the caller's promise).
    unsafe { memory.cast::<Mark>().write([prefix as u32, 0]) };
}

/// The header of a box whose memory begins there.
///
/// # Safety
/// The memory is that of a box, with the provenance of the whole.
pub(crate) unsafe fn header_in(memory: NonNull<u8>) -> NonNull<Header> {
    // SAFETY: a box begins with two words of this size, which nobody borrows mutably (Z3, H1).
    let [prefix, weak] = unsafe { memory.cast::<Mark>().read() };
    let offset = if weak == 0 { prefix as usize } else { 0 };
    // SAFETY: the header lies inside the box's memory (Z3).
    unsafe { memory.byte_add(offset) }.cast()
}
