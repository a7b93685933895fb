//! The names of edges, each kept once: `rows[3].cells[4]` is the number of a node in a tree of words. Compiled with the feature
//! `inspect` alone.
//!
//! # Invariants
//! - **I6** the parent of a node has a smaller number; node 0 is the empty label, and its own parent.

use std::fmt;

use crate::spread::{Spread, WordMap};

/// One step on the way from a value to an edge in it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Segment {
    /// A field, a variant or both: `next`, `Pair.0`.
    Name(&'static str),
    /// An element of a collection.
    Index(usize),
    /// A step that needs no name.
    Nothing,
}

/// The number of a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LabelId(pub(crate) u32);

impl LabelId {
    pub(crate) const EMPTY: Self = Self(0);
    /// No number takes more.
    pub(crate) const BITS: u32 = 30;
}

#[derive(Clone, Copy)]
struct Node {
    parent: u32,
    word: Word,
}

/// An index, or the number of a name behind the largest index.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Word(u32);

impl Word {
    const FIRST_NAME: u32 = 1 << 31;

    fn index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX).min(Self::FIRST_NAME - 1))
    }

    fn name(number: u32) -> Self {
        Self(Self::FIRST_NAME + number)
    }
}

/// All labels of a snapshot.
pub(crate) struct Labels {
    nodes: Vec<Node>,
    names: Vec<&'static str>,
}

impl Labels {
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a label begins with an index.
    pub(crate) fn is_indexed(&self, label: LabelId) -> bool {
        let parents = std::iter::successors(Some(label.0), |&at| Some(self.nodes[at as usize].parent));
        let first = parents.take_while(|&at| at != 0).last();
        first.is_some_and(|first| self.nodes[first as usize].word.0 < Word::FIRST_NAME)
    }

    /// Writes a label as a user would write the way: `rows[3].cells[4]`.
    pub(crate) fn write(&self, label: LabelId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut way = Vec::new();
        let mut at = label.0;
        while at != 0 {
            let node = self.nodes[at as usize];
            way.push(node.word);
            at = node.parent;
        }
        for (number, word) in way.iter().rev().enumerate() {
            match word.0.checked_sub(Word::FIRST_NAME) {
                None => write!(f, "[{}]", word.0)?,
                Some(name) => {
                    f.write_str(if number > 0 { "." } else { "" })?;
                    f.write_str(self.names[name as usize])?;
                }
            }
        }
        Ok(())
    }
}

/// Labels that are being collected.
pub(crate) struct LabelsBuilder {
    labels: Labels,
    /// By parent and word.
    known: WordMap<u64, u32>,
    /// By address and length: equal names from two places are two names, which nobody can tell apart.
    known_names: WordMap<(usize, usize), u32>,
}

impl LabelsBuilder {
    pub(crate) fn new() -> Self {
        let root = Node { parent: 0, word: Word::index(0) };
        Self {
            labels: Labels { nodes: vec![root], names: Vec::new() },
            known: WordMap::with_hasher(Spread),
            known_names: WordMap::with_hasher(Spread),
        }
    }

    /// The label that goes on from `parent` by `segment`.
    pub(crate) fn intern(&mut self, parent: LabelId, segment: Segment) -> LabelId {
        let word = match segment {
            Segment::Index(index) => Word::index(index),
            Segment::Name(name) => self.intern_name(name),
            Segment::Nothing => return parent,
        };
        let nodes = &mut self.labels.nodes;
        let next = nodes.len() as u32;
        if next == 1 << LabelId::BITS {
            // Rather a shorter name than none.
            return parent;
        }
        let key = u64::from(parent.0) << 32 | u64::from(word.0);
        let number = *self.known.entry(key).or_insert_with(|| {
            nodes.push(Node { parent: parent.0, word });
            next
        });
        LabelId(number)
    }

    fn intern_name(&mut self, name: &'static str) -> Word {
        let names = &mut self.labels.names;
        let key = (name.as_ptr().addr(), name.len());
        Word::name(*self.known_names.entry(key).or_insert_with(|| {
            names.push(name);
            names.len() as u32 - 1
        }))
    }

    pub(crate) fn finish(mut self) -> Labels {
        self.labels.nodes.shrink_to_fit();
        self.labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Written<'a>(&'a Labels, LabelId);

    impl fmt::Display for Written<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.write(self.1, f)
        }
    }

    #[test]
    fn a_label_is_kept_once_and_reads_as_the_way_to_the_edge() {
        use Segment::{Index, Name};
        let mut builder = LabelsBuilder::new();
        let mut label = |way: &[Segment]| way.iter().fold(LabelId::EMPTY, |at, &segment| builder.intern(at, segment));
        let ways: [(&[Segment], &str); 6] = [
            (&[], ""),
            (&[Name("next")], "next"),
            (&[Name("rows"), Index(3), Name("cells"), Index(4)], "rows[3].cells[4]"),
            (&[Index(3)], "[3]"),
            (&[Index(usize::MAX)], "[2147483647]"),
            (&[Name("Pair.0"), Name("left")], "Pair.0.left"),
        ];
        let ids = ways.map(|(way, _)| label(way));
        assert_eq!(ways.map(|(way, _)| label(way)), ids);
        let labels = builder.finish();
        assert_eq!(ids.map(|id| Written(&labels, id).to_string()), ways.map(|(_, text)| text));
        assert_eq!(labels.len(), 10);
    }
}
