//! Hash maps of what is spread well enough already: addresses of boxes, and hashes.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// A map whose keys are one word each, which nobody chooses in order to make them collide.
pub(crate) type WordMap<K, V> = HashMap<K, V, Spread>;

/// Gives back what `map`, from which something was removed, has left of a peak. To move the entries that are there costs less
/// than all the removals since.
pub(crate) fn shrink<K: Eq + Hash, V>(map: &mut WordMap<K, V>) {
    const KEPT: usize = if cfg!(any(test, gc_stress)) { 8 } else { 64 };
    if map.is_empty() {
        // Whatever an emptied map keeps, the end of the thread would leak.
        *map = WordMap::with_hasher(Spread);
    } else if map.capacity() / 8 > map.len().max(KEPT / 8) {
        map.shrink_to(2 * map.len());
    }
}

/// Makes [`SpreadHasher`]s.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread;

impl BuildHasher for Spread {
    type Hasher = SpreadHasher;

    fn build_hasher(&self) -> SpreadHasher {
        SpreadHasher(0)
    }
}

/// Fibonacci hashing (Knuth, "The Art of Computer Programming", 6.4): addresses differ in their middle bits.
pub(crate) struct SpreadHasher(u64);

impl Hasher for SpreadHasher {
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_spread_like_words() {
        let hashes = ["", "a", "b", "ab", "ba"].map(|text| Spread.hash_one(text.as_bytes()));
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(hash));
        }
    }
}
