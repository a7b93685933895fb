//! `WeakValueMap`: entries hang on their values.

mod doors;
mod ends;
mod graph;
mod iterate;
mod random;
mod surface;

use std::hash::{BuildHasher, Hasher};

/// Lets all keys collide.
#[derive(Clone, Copy, Default)]
struct Colliding;

impl BuildHasher for Colliding {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        Self
    }
}

impl Hasher for Colliding {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        7
    }
}
