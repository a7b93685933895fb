//! Random graphs: dominators, components and shortest ways, compared with the slow and obvious ways to find them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};

use gc_core::inspect::{EdgeKind, Object, Snapshot};
use gc_core::{Gc, Trace, Weak, gc};

#[derive(Trace, Default)]
struct Node {
    strong: RefCell<Vec<Gc<Node>>>,
    weak: RefCell<Vec<Weak<Node>>>,
}

/// Numbers that look random (Marsaglia, "Xorshift RNGs", 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// A graph of some nodes, and the few of them that are held.
fn graph(random: &mut Random) -> Vec<Gc<Node>> {
    let count = 1 + random.below(30);
    let nodes: Vec<Gc<Node>> = (0..count).map(|_| Gc::default()).collect();
    for _ in 0..random.below(3 * count) {
        let (from, to) = (&nodes[random.below(count)], &nodes[random.below(count)]);
        if random.below(8) == 0 {
            from.weak.borrow_mut().push(Gc::downgrade(to));
        } else {
            from.strong.borrow_mut().push(to.clone());
        }
    }
    (0..random.below(4)).map(|_| nodes[random.below(count)].clone()).collect()
}

type Successors = Vec<Vec<usize>>;

fn strong_edges(snapshot: &Snapshot) -> Successors {
    let strong = |object: Object<'_>| {
        let edges = object.edges().filter(|edge| edge.kind() == EdgeKind::Strong);
        edges.map(|edge| edge.to().index()).collect()
    };
    snapshot.objects().map(strong).collect()
}

/// The distance of what is reached without `removed`.
fn distances(edges: &Successors, held: &[usize], removed: Option<usize>) -> HashMap<usize, usize> {
    let mut distances = HashMap::new();
    let mut queue: VecDeque<_> = held.iter().map(|&object| (object, 0)).collect();
    while let Some((object, distance)) = queue.pop_front() {
        if Some(object) != removed && !distances.contains_key(&object) {
            distances.insert(object, distance);
            queue.extend(edges[object].iter().map(|&next| (next, distance + 1)));
        }
    }
    distances
}

#[test]
fn queries_agree_with_naive_algorithms() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut dominated, mut garbage, mut cycles) = (0, 0, 0);
    for _ in 0..400 {
        let _pause = gc::pause();
        let held = graph(&mut random);
        let snapshot = Snapshot::capture();
        let edges = strong_edges(&snapshot);
        let mut handles: Vec<_> = held.iter().map(|gc| snapshot.find(gc).unwrap().index()).collect();
        for object in snapshot.objects() {
            let count = handles.iter().filter(|&&held| held == object.index()).count();
            assert_eq!(object.outside(), count);
        }
        handles.sort_unstable();
        handles.dedup();
        let reached = distances(&edges, &handles, None);
        // Whoever is not reached without another is dominated by it.
        let lost: Vec<HashSet<usize>> = (0..edges.len())
            .map(|removed| {
                let left = distances(&edges, &handles, Some(removed));
                reached.keys().copied().filter(|object| !left.contains_key(object)).collect()
            })
            .collect();
        let tree = snapshot.dominators();
        for object in snapshot.objects() {
            let index = object.index();
            assert_eq!(object.is_garbage(), !reached.contains_key(&index));
            assert_eq!(object.why_alive().map(|path| path.len()), reached.get(&index).copied());
            if let Some(path) = object.why_alive() {
                assert!(path.start().outside() > 0 && path.end() == object);
                let steps: Vec<_> = path.edges().collect();
                assert!(steps.windows(2).all(|pair| pair[0].to() == pair[1].from()));
                assert!(steps.iter().all(|edge| edge.kind() == EdgeKind::Strong));
            }
            if object.is_garbage() {
                garbage += 1;
                assert_eq!((tree.immediate_dominator(object), object.retained_size()), (None, object.size()));
                continue;
            }
            let size = |index: usize| snapshot.object(index).unwrap().size();
            assert_eq!(object.retained_size(), lost[index].iter().map(|&index| size(index)).sum::<usize>());
            // Of its dominators, the immediate one is that which all others dominate.
            let all: Vec<_> =
                (0..edges.len()).filter(|&other| other != index && lost[other].contains(&index)).collect();
            let immediate = all.iter().copied().find(|it| all.iter().all(|other| lost[*other].contains(it)));
            assert_eq!(tree.immediate_dominator(object).map(Object::index), immediate);
            dominated += usize::from(immediate.is_some());
            match immediate {
                Some(above) => assert!(tree.children(snapshot.object(above).unwrap()).any(|child| child == object)),
                None => assert!(tree.roots().any(|root| root == object)),
            }
        }
        let components = snapshot.components();
        let reach: Vec<_> = (0..edges.len()).map(|from| distances(&edges, &[from], None)).collect();
        for object in snapshot.objects() {
            let together: Vec<_> = (0..edges.len())
                .filter(|other| {
                    reach[object.index()].contains_key(other) && reach[*other].contains_key(&object.index())
                })
                .collect();
            let component = components.of(object);
            assert_eq!(component.objects().map(Object::index).collect::<Vec<_>>(), together);
            let refers_to_itself = edges[object.index()].contains(&object.index());
            assert_eq!(component.is_cycle(), together.len() > 1 || refers_to_itself);
        }
        assert_eq!(components.iter().map(|component| component.len()).sum::<usize>(), snapshot.len());
        cycles += components.cycles().count();
        drop((held, snapshot));
        gc::collect();
    }
    assert!(dominated > 1000 && garbage > 1000 && cycles > 100, "{dominated} {garbage} {cycles}");
}
