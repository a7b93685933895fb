//! Memory goes back, by the books of the global allocator: what grew in a peak shrinks again, empty blocks are given back, and
//! neither happens over and over.

mod blocks;
mod books;
mod buffers;
