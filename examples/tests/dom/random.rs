//! Random changes of trees, compared with a simple model after each.

use gc_core::{Gc, gc};
use gc_examples::dom::tree::HierarchyError::{self, Circle, NotAChild, NotAParent, NotFound};
use gc_examples::dom::{Document, Kind, Node};

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) as usize * bound) >> 32
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Document,
    Fragment,
    Element,
    Text,
}

/// What a node should be.
#[derive(Clone)]
struct Twin {
    sort: Sort,
    parent: Option<usize>,
    children: Vec<usize>,
    /// Of a `template`: its contents; of contents: their `template`.
    other: Option<usize>,
    document: usize,
}

/// Nodes and what they should be, by the same index.
struct World {
    nodes: Vec<Gc<Node>>,
    twins: Vec<Twin>,
}

impl World {
    fn new() -> Self {
        let mut world = Self { nodes: Vec::new(), twins: Vec::new() };
        for index in 0..2 {
            world.add(Document::new().node().clone(), Sort::Document, index);
        }
        world
    }

    fn add(&mut self, node: Gc<Node>, sort: Sort, document: usize) -> usize {
        self.nodes.push(node);
        self.twins.push(Twin { sort, parent: None, children: Vec::new(), other: None, document });
        self.nodes.len() - 1
    }

    fn make(&mut self, random: &mut Random) {
        let index = random.below(2);
        let document = self.nodes[index].document().expect("it is held");
        match random.below(6) {
            0 => self.add(document.fragment(), Sort::Fragment, index),
            1 => self.add(document.text("x"), Sort::Text, index),
            2 => self.add_template(document.element("template"), index),
            _ => self.add(document.element("p"), Sort::Element, index),
        };
    }

    fn add_template(&mut self, node: Gc<Node>, document: usize) -> usize {
        let contents =
            node.as_element().and_then(|element| element.contents()).expect("a template has contents").clone();
        let [template, contents] =
            [(node, Sort::Element), (contents, Sort::Fragment)].map(|(node, sort)| self.add(node, sort, document));
        self.twins[template].other = Some(contents);
        self.twins[contents].other = Some(template);
        template
    }

    /// Whether `node` is `other` or around it.
    fn is_around(&self, node: usize, other: usize) -> bool {
        let twin = &self.twins[other];
        let host = twin.other.filter(|_| twin.sort == Sort::Fragment);
        node == other || twin.parent.or(host).is_some_and(|outer| self.is_around(node, outer))
    }

    fn error(&self, parent: usize, child: usize, reference: Option<usize>) -> Option<HierarchyError> {
        if reference.is_some_and(|reference| self.twins[reference].parent != Some(parent)) {
            return Some(NotFound);
        }
        if self.twins[parent].sort == Sort::Text {
            return Some(NotAParent);
        }
        let fails = |child: usize| match (self.twins[parent].sort, self.twins[child].sort) {
            (_, Sort::Document) | (Sort::Document, Sort::Text) => Some(NotAChild),
            _ => None,
        };
        let moved =
            if self.twins[child].sort == Sort::Fragment { self.twins[child].children.clone() } else { vec![child] };
        let first = moved.into_iter().find_map(fails);
        first.or_else(|| self.is_around(child, parent).then_some(Circle))
    }

    fn detach(&mut self, child: usize) {
        if let Some(parent) = self.twins[child].parent.take() {
            self.twins[parent].children.retain(|&other| other != child);
        }
    }

    fn set_document(&mut self, node: usize, document: usize) {
        self.twins[node].document = document;
        let mut inside = self.twins[node].children.clone();
        inside.extend(self.twins[node].other.filter(|_| self.twins[node].sort == Sort::Element));
        inside.into_iter().for_each(|inner| self.set_document(inner, document));
    }

    fn put(&mut self, parent: usize, child: usize, reference: Option<usize>) {
        self.detach(child);
        let children = &self.twins[parent].children;
        let place = reference.and_then(|reference| children.iter().position(|&other| other == reference));
        let place = place.unwrap_or(children.len());
        self.twins[parent].children.insert(place, child);
        self.twins[child].parent = Some(parent);
        self.set_document(child, self.twins[parent].document);
    }

    fn insert(&mut self, parent: usize, child: usize, reference: Option<usize>) {
        let expected = self.error(parent, child, reference);
        let [parent_node, child_node] = [parent, child].map(|index| self.nodes[index].clone());
        let found = match reference {
            None => Node::append(&parent_node, &child_node),
            Some(reference) => Node::insert_before(&parent_node, &child_node, Some(&self.nodes[reference])),
        };
        assert_eq!(found.err(), expected);
        if expected.is_some() {
            return;
        }
        if self.twins[child].sort == Sort::Fragment {
            for inner in self.twins[child].children.clone() {
                self.put(parent, inner, reference);
            }
            return;
        }
        let siblings = self.twins[parent].children.clone();
        let itself = reference.filter(|&reference| reference == child);
        let behind = itself.and_then(|child| siblings.iter().skip_while(|&&other| other != child).nth(1).copied());
        self.put(parent, child, if itself.is_some() { behind } else { reference });
    }

    fn replace(&mut self, parent: usize, new: usize, old: usize) {
        let expected = self.error(parent, new, Some(old));
        let found = Node::replace(&self.nodes[parent], &self.nodes[new], &self.nodes[old]);
        assert_eq!(found.err(), expected);
        if expected.is_some() || new == old {
            return;
        }
        let moved = if self.twins[new].sort == Sort::Fragment { self.twins[new].children.clone() } else { vec![new] };
        moved.into_iter().for_each(|new| self.put(parent, new, Some(old)));
        self.detach(old);
    }

    /// Notes a copy, and that it is one.
    fn note_copy(&mut self, original: usize, copy: &Gc<Node>, deep: bool, document: usize) -> usize {
        assert!(!self.nodes.iter().any(|node| Gc::ptr_eq(node, copy)));
        let Twin { sort, children, other, .. } = self.twins[original].clone();
        let has_contents = sort == Sort::Element && other.is_some();
        let noted = match has_contents {
            true => self.add_template(copy.clone(), document),
            false => self.add(copy.clone(), sort, document),
        };
        if deep {
            self.note_copies(&children, noted, document);
            if let (Some(original), Some(copy)) = (other.filter(|_| has_contents), self.twins[noted].other) {
                self.note_copies(&self.twins[original].children.clone(), copy, document);
            }
        }
        noted
    }

    fn note_copies(&mut self, originals: &[usize], parent: usize, document: usize) {
        let copies: Vec<_> = self.nodes[parent].children().collect();
        assert_eq!(copies.len(), originals.len());
        for (&original, copy) in originals.iter().zip(&copies) {
            let noted = self.note_copy(original, copy, true, document);
            self.twins[noted].parent = Some(parent);
            self.twins[parent].children.push(noted);
        }
    }

    fn step(&mut self, random: &mut Random) {
        let mut any = || random.below(self.nodes.len());
        let (one, two, three) = (any(), any(), any());
        match random.below(12) {
            0 | 1 => self.make(random),
            2..=4 => self.insert(one, two, None),
            5 | 6 => {
                let children = &self.twins[one].children;
                let reference = if children.is_empty() { three } else { children[random.below(children.len())] };
                self.insert(one, two, Some(reference));
            }
            7 | 8 => {
                let children = &self.twins[one].children;
                let old = if children.is_empty() { three } else { children[random.below(children.len())] };
                self.replace(one, two, old);
            }
            9 => {
                Node::remove(&self.nodes[one]);
                self.detach(one);
            }
            10 if self.twins[one].sort != Sort::Document && self.twins[one].other.is_none() => {
                let document = random.below(2);
                self.nodes[document].document().expect("it is held").adopt(&self.nodes[one]).unwrap();
                self.detach(one);
                self.set_document(one, document);
            }
            11 if self.twins[one].sort != Sort::Document && self.nodes.len() < 150 => {
                let deep = random.below(2) == 0;
                let copy = Node::duplicate(&self.nodes[one], deep);
                self.note_copy(one, &copy, deep, self.twins[one].document);
            }
            _ => {}
        }
    }

    fn check(&self) {
        for (node, twin) in self.nodes.iter().zip(&self.twins) {
            let is = |found: Option<Gc<Node>>, expected: Option<usize>| match (found, expected) {
                (Some(found), Some(expected)) => Gc::ptr_eq(&found, &self.nodes[expected]),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(is(node.parent(), twin.parent));
            assert!(is(node.first_child(), twin.children.first().copied()));
            assert!(is(node.last_child(), twin.children.last().copied()));
            assert!(is(node.document().map(|document| document.node().clone()), Some(twin.document)));
            assert_eq!(node.has_children(), !twin.children.is_empty());
            let children: Vec<_> = node.children().collect();
            assert!(children.len() == twin.children.len());
            assert!(children.into_iter().zip(&twin.children).all(|(child, &expected)| is(Some(child), Some(expected))));
            let siblings = twin.parent.map_or(&[][..], |parent| &self.twins[parent].children);
            let place = siblings.iter().position(|&sibling| Gc::ptr_eq(&self.nodes[sibling], node));
            let before = place.and_then(|place| siblings.get(place.checked_sub(1)?));
            assert!(is(node.previous_sibling(), before.copied()));
            assert!(is(node.next_sibling(), place.and_then(|place| siblings.get(place + 1)).copied()));
            if let Kind::Fragment(_) = node.kind() {
                assert!(is(node.host(), twin.other));
            }
            let owners = usize::from(twin.parent.is_some() || twin.sort == Sort::Fragment && twin.other.is_some());
            assert_eq!(Gc::strong_count(node), 1 + owners);
        }
    }
}

#[test]
fn links_are_right_after_any_changes() {
    gc::disable();
    for seed in 1..=60 {
        let mut random = Random(seed << 32 | seed);
        let mut world = World::new();
        for _ in 0..12 {
            world.make(&mut random);
        }
        for _ in 0..120 {
            world.step(&mut random);
            world.check();
        }
        drop(world);
        assert_eq!(gc::stats().live_objects, 0, "seed {seed}");
    }
}
